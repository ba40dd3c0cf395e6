import { defineInspector, type Inspector } from '../../../core/inspector.js';
import { chunkFindings, goalsInUse } from '../findings/chunks.js';
import { bareMoose } from '../findings/context.js';
import { diskFindings } from '../findings/disks.js';
import { downServers, fullInTotal, fullServers } from '../findings/servers.js';
import { mooseClassesSample, parseMooseClasses } from './classes.js';
import { mooseDisksSample, parseMooseDisks } from './disks.js';
import { mooseMastersSample, parseMooseMasters } from './masters.js';
import { mooseMatrixSample, parseMooseMatrix } from './matrix.js';
import { mooseMissingSample, parseMooseMissing } from './missing.js';
import { mooseMountsSample, parseMooseMounts } from './mounts.js';
import { mooseServersSample, parseMooseServers } from './servers.js';
import { mooseSummarySample, parseMooseSummary } from './summary.js';

/** Every table of mfscli that is read. */
export const mooseInspectors: readonly Inspector[] = [
  defineInspector({
    id: 'moosefs.chunkservers',
    reads: "mfscli -s '|' -SCS",
    sample: mooseServersSample,
    parse: parseMooseServers,
    findings: ({ servers }) => [
      ...downServers(servers, bareMoose),
      ...fullServers(servers, bareMoose),
    ],
  }),
  defineInspector({
    id: 'moosefs.disks',
    reads: "mfscli -s '|' -SHD",
    sample: mooseDisksSample,
    parse: parseMooseDisks,
    findings: ({ disks }) => diskFindings(disks, bareMoose),
  }),
  defineInspector({
    id: 'moosefs.chunks',
    reads: "mfscli -s '|' -SIC",
    sample: mooseMatrixSample,
    parse: parseMooseMatrix,
    findings: ({ goals, ...health }) =>
      chunkFindings(goalsInUse(health, goals), undefined, bareMoose),
  }),
  defineInspector({
    id: 'moosefs.classes',
    reads: "mfscli -s '|' -SSC",
    sample: mooseClassesSample,
    parse: parseMooseClasses,
    findings: () => [],
  }),
  defineInspector({
    id: 'moosefs.missing',
    reads: "mfscli -s '|' -SMF",
    sample: mooseMissingSample,
    parse: parseMooseMissing,
    findings: () => [],
  }),
  defineInspector({
    id: 'moosefs.info',
    reads: "mfscli -s '|' -SIG",
    sample: mooseSummarySample,
    parse: parseMooseSummary,
    findings: (info) => fullInTotal(info, bareMoose),
  }),
  defineInspector({
    id: 'moosefs.masters',
    reads: "mfscli -s '|' -SIM -SMB",
    sample: mooseMastersSample,
    parse: parseMooseMasters,
    findings: () => [],
  }),
  defineInspector({
    id: 'moosefs.mounts',
    reads: "mfscli -s '|' -SMS",
    sample: mooseMountsSample,
    parse: parseMooseMounts,
    findings: () => [],
  }),
];
