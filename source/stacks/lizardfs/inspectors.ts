import { defineInspector, type Inspector } from '../../core/inspector.js';
import { chunkFindings, goalsInUse } from './findings/chunks.js';
import { bareContext } from './findings/context.js';
import { diskFindings } from './findings/disks.js';
import { downServers, fullInTotal, fullServers } from './findings/servers.js';
import { mooseInspectors } from './moosefs/inspectors.js';
import { chunkserversSample, parseChunkservers } from './tools/chunkservers.js';
import { chunksHealthSample, parseChunksHealth } from './tools/chunks-health.js';
import { defectiveFilesSample, parseDefectiveFiles } from './tools/defective-files.js';
import { disksSample, parseDisks } from './tools/disks.js';
import { goalsSample, parseGoals } from './tools/goals.js';
import { infoSample, parseInfo } from './tools/info.js';
import { metadataServersSample, parseMetadataServers } from './tools/metadata-servers.js';
import { metadataStatusSample, parseMetadataStatus } from './tools/metadata-status.js';
import { mountsSample, parseMounts } from './tools/mounts.js';

/** Every output of the administration tool that is read; the ids and fields are for scripts. */
export const inspectors: readonly Inspector[] = [
  defineInspector({
    id: 'lizardfs.chunkservers',
    reads: 'lizardfs-admin list-chunkservers --porcelain',
    sample: chunkserversSample,
    parse: parseChunkservers,
    findings: ({ servers }) => [
      ...downServers(servers, bareContext),
      ...fullServers(servers, bareContext),
    ],
  }),
  defineInspector({
    id: 'lizardfs.disks',
    reads: 'lizardfs-admin list-disks --porcelain',
    sample: disksSample,
    parse: parseDisks,
    findings: ({ disks }) => diskFindings(disks, bareContext),
  }),
  defineInspector({
    id: 'lizardfs.defective-files',
    reads: 'lizardfs-admin list-defective-files --porcelain',
    sample: defectiveFilesSample,
    parse: parseDefectiveFiles,
    findings: () => [],
  }),
  defineInspector({
    id: 'lizardfs.chunks-health',
    reads: 'lizardfs-admin chunks-health --porcelain',
    sample: chunksHealthSample,
    parse: parseChunksHealth,
    findings: (health) => chunkFindings(goalsInUse(health), undefined, bareContext),
  }),
  defineInspector({
    id: 'lizardfs.info',
    reads: 'lizardfs-admin info --porcelain',
    sample: infoSample,
    parse: parseInfo,
    findings: (info) => fullInTotal(info, bareContext),
  }),
  defineInspector({
    id: 'lizardfs.metadata-servers',
    reads: 'lizardfs-admin list-metadataservers --porcelain',
    sample: metadataServersSample,
    parse: parseMetadataServers,
    findings: () => [],
  }),
  defineInspector({
    id: 'lizardfs.metadata-status',
    reads: 'lizardfs-admin metadataserver-status --porcelain',
    sample: metadataStatusSample,
    parse: parseMetadataStatus,
    findings: () => [],
  }),
  defineInspector({
    id: 'lizardfs.goals',
    reads: 'lizardfs-admin list-goals --porcelain',
    sample: goalsSample,
    parse: parseGoals,
    findings: () => [],
  }),
  defineInspector({
    id: 'lizardfs.mounts',
    reads: 'lizardfs-admin list-mounts --porcelain',
    sample: mountsSample,
    parse: parseMounts,
    findings: () => [],
  }),
  ...mooseInspectors,
];
