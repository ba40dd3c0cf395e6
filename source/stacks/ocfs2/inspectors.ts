import { defineInspector, type Inspector } from '../../core/inspector.js';
import { parsed, type Parsed } from '../../core/parsed.js';
import {
  clusterConfFaults,
  clustersOf,
  parseClusterConf,
  type ClusterDefinition,
} from '../../files/ocfs2-cluster.js';
import { detectSample, mountedSample, parseDetect, parseMounted } from './read/devices.js';
import { kernelLogSample, parseKernelLog } from './read/kernel-log.js';

const clusterConfSample = `cluster:
\tnode_count = 1
\tname = ocfs2

node:
\tip_port = 7777
\tip_address = 192.0.2.1
\tnumber = 1
\tname = fiori
\tcluster = ocfs2
`;

function parseConf(text: string): Parsed<readonly ClusterDefinition[]> {
  const file = parseClusterConf(text);
  if (file.stanzas.length === 0)
    return { ok: false, line: 1, expected: 'a stanza such as `cluster:`' };
  const lines = text.split('\n');
  return parsed(
    clustersOf(file),
    clusterConfFaults(file).map(({ line }) => lines[line - 1] ?? ''),
  );
}

/** Everything of OCFS2 that `holdfast inspect` reads. */
export const inspectors: readonly Inspector[] = [
  defineInspector({
    id: 'ocfs2.cluster-conf',
    reads: 'cat /etc/ocfs2/cluster.conf',
    sample: clusterConfSample,
    parse: parseConf,
    findings: () => [],
  }),
  defineInspector({
    id: 'ocfs2.detect',
    reads: 'mounted.ocfs2 -d',
    sample: detectSample,
    parse: parseDetect,
    findings: () => [],
  }),
  defineInspector({
    id: 'ocfs2.mounted',
    reads: 'mounted.ocfs2 -f',
    sample: mountedSample,
    parse: parseMounted,
    findings: () => [],
  }),
  defineInspector({
    id: 'ocfs2.kernel-log',
    reads: 'dmesg | grep -e o2 -e ocfs2',
    sample: kernelLogSample,
    parse: parseKernelLog,
    findings: () => [],
  }),
];
