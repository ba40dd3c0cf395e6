import { nfsOn, type SimulatedExport } from '../../fleet/nfs.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { readExports } from './exports-file.js';

/** How each option is told where the file says nothing of it, in the order of etab (nfs-utils 2.6). */
const DEFAULTS = [
  ['ro', 'rw'],
  ['sync', 'async'],
  ['wdelay', 'no_wdelay'],
  ['hide', 'nohide'],
  ['nocrossmnt', 'crossmnt'],
  ['secure', 'insecure'],
  ['root_squash', 'no_root_squash'],
  ['no_all_squash', 'all_squash'],
  ['no_subtree_check', 'subtree_check'],
] as const;

/** `exportfs -a`, `-ra`, `-v`, `-s` and `-u CLIENT:PATH`. */
export async function exportfs(call: Call): Promise<Ran> {
  const { args, machine } = call;
  const letters = args.filter((arg) => arg.startsWith('-')).join('');
  const words = args.filter((arg) => !arg.startsWith('-'));
  const nfs = nfsOn(machine);
  if (letters.includes('u')) {
    const left = nfs.exports.filter((one) => !words.includes(`${one.client}:${one.path}`));
    if (left.length === nfs.exports.length) {
      return failed(1, `exportfs: Could not find '${words[0] ?? ''}' to unexport.\n`);
    }
    nfs.exports = left;
    return printed('');
  }
  if (!letters.includes('a')) return printed(nfs.exports.map(shown).join(''));
  const { rows, says } = await readExports(call);
  const asked = new Set(rows.map(keyOf));
  // Without -r what was exported by hand, or by a line that is gone, stays.
  const kept = letters.includes('r') ? [] : nfs.exports.filter((one) => !asked.has(keyOf(one)));
  nfs.exports = [...rows, ...kept];
  const told = letters.includes('v')
    ? rows.map(({ client, path }) => `exporting ${client}:${path}\n`)
    : [];
  return { stdout: told.join(''), stderr: says, exit: says === '' ? 0 : 1 };
}

function keyOf({ client, path }: SimulatedExport): string {
  return `${client}:${path}`;
}

/** /var/lib/nfs/etab: every option of each export spelled out. */
export function etab(exports: readonly SimulatedExport[]): string {
  return exports
    .map(({ path, client, options }) => `${path}\t${client}(${spelled(options).join(',')})\n`)
    .join('');
}

function shown(one: SimulatedExport): string {
  const who = one.client === '*' ? '<world>' : one.client;
  return `${one.path.padEnd(14)}\t${who}(${spelled(one.options).join(',')})\n`;
}

function spelled(options: readonly string[]): readonly string[] {
  const usual = DEFAULTS.map((pair) => pair.find((word) => options.includes(word)) ?? pair[0]);
  const known = new Set<string>(DEFAULTS.flat());
  return [...usual, ...options.filter((word) => !known.has(word)), 'sec=sys'];
}
