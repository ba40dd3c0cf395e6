import type { SimulatedExport } from '../../fleet/nfs.js';
import type { Call } from '../program.js';

const KNOWN =
  /^(?:ro|rw|a?sync|(?:no_)?wdelay|(?:no)?hide|(?:no)?crossmnt|(?:in)?secure|(?:no_)?(?:root|all)_squash|(?:no_)?subtree_check|(?:mp|mountpoint)(?:=.*)?|fsid=.*|sec=.*|anon[ug]id=\d+)$/;

/** What the files ask for, and what exportfs says of the rest. */
export interface ReadExports {
  readonly rows: readonly SimulatedExport[];
  readonly says: string;
}

/** Reads /etc/exports and /etc/exports.d; a bad line is told, and the others hold. */
export async function readExports(call: Call): Promise<ReadExports> {
  const { files } = call;
  const more = ((await files?.list('/etc/exports.d')) ?? []).filter((name) =>
    name.endsWith('.exports'),
  );
  const rows: SimulatedExport[] = [];
  let says = '';
  for (const path of ['/etc/exports', ...more.toSorted().map((name) => `/etc/exports.d/${name}`)]) {
    const text = ((await files?.read(path)) ?? '').replaceAll('\\\n', ' ');
    for (const [index, line] of text.split('\n').entries()) {
      const [folder = '', ...clients] = line.replace(/#.*$/, '').trim().split(/\s+/);
      if (folder === '') continue;
      const read = clients.map(clientOf);
      const strange = read.flatMap(({ options }) => options.filter((one) => !KNOWN.test(one)))[0];
      if (strange !== undefined) {
        says += `exportfs: ${path}:${index + 1}: unknown keyword "${strange}"\n\n`;
        continue;
      }
      rows.push(...read.map((one) => ({ ...one, path: folder })));
      if ((await files?.isFolder(folder)) !== true) {
        says += `exportfs: Failed to stat ${folder}: No such file or directory\n`;
      }
    }
  }
  return { rows, says };
}

/** `host(rw,sync)`; a blank before the parenthesis makes it the world's. */
function clientOf(word: string): Omit<SimulatedExport, 'path'> {
  const [, client = '', options = ''] = /^([^(]*)(?:\(([^)]*)\))?$/.exec(word) ?? [];
  return {
    client: client === '' ? '*' : client,
    options: options.split(',').filter((one) => one !== ''),
  };
}
