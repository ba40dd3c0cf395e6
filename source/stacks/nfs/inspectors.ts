import { defineInspector, type Inspector } from '../../core/inspector.js';
import { parsed, type Parsed } from '../../core/parsed.js';
import { exportsFaults, parseExports, rowsOf, type ExportRow } from '../../files/exports.js';
import { activeSample, parseActive } from './read/etab.js';

const exportsSample = `# disks of the guests
/srv/vms 192.0.2.0/25(rw,sync,no_root_squash,no_subtree_check) \\
         192.0.2.129(ro,async)
/srv/iso *(ro,no_subtree_check)
`;

function parseFile(text: string): Parsed<readonly ExportRow[]> {
  const file = parseExports(text);
  if (!file.entries.some(({ path }) => path.startsWith('/'))) {
    return { ok: false, line: 1, expected: 'a path and its clients' };
  }
  const lines = text.split('\n');
  return parsed(
    rowsOf(file),
    exportsFaults(file).map(({ line }) => lines[line - 1] ?? ''),
  );
}

/** Everything of NFS that `holdfast inspect` reads. */
export const inspectors: readonly Inspector[] = [
  defineInspector({
    id: 'nfs.exports',
    reads: 'cat /etc/exports',
    sample: exportsSample,
    parse: parseFile,
    findings: () => [],
  }),
  defineInspector({
    id: 'nfs.exportfs',
    reads: 'exportfs -v',
    sample: activeSample,
    parse: parseActive,
    findings: () => [],
  }),
];
