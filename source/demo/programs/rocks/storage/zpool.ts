import { nodeOf, type Pool } from '../../../fleet/rocks/state.js';
import { freeIn } from '../../../fleet/rocks/storage/zfs.js';
import { failed, printed, readArguments, type Call, type Ran } from '../../program.js';
import { grouped, short } from './zfs-list.js';

/** `zpool list` and `zpool status`; nothing else of it is simulated. */
export function zpool({ args, fleet, machine }: Call): Ran {
  const [verb = '', ...rest] = args;
  const { flags, values, words } = readArguments(grouped(rest), new Set(['-o']));
  const node = nodeOf(fleet, machine);
  const missing = words.find((word) => !node?.pools.some(({ name }) => name === word));
  if (missing !== undefined) return failed(1, `cannot open '${missing}': no such pool\n`);
  const pools = (node?.pools ?? []).filter(
    ({ name }) => words.length === 0 || words.includes(name),
  );
  if (verb === 'status') return printed(pools.map(status).join('\n'));
  if (verb !== 'list') return failed(2, `unrecognized command '${verb}'\n`);
  if (pools.length === 0) return { stdout: '', stderr: 'no pools available\n', exit: 0 };
  const fields = (values.get('-o') ?? 'name,size,alloc,free,health').split(',');
  const rows = pools.map((pool) => fields.map((field) => told(pool, field, flags.has('-p'))));
  if (flags.has('-H')) return printed(rows.map((row) => `${row.join('\t')}\n`).join(''));
  const all = [fields.map((field) => field.toUpperCase()), ...rows];
  const widths = fields.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((text, at) => text.padEnd(widths[at] ?? 0));
  return printed(all.map((row) => `${line(row).join('  ').trimEnd()}\n`).join(''));
}

function told(pool: Pool, field: string, exact: boolean): string {
  const free = freeIn(pool);
  const amount = (bytes: number): string => (exact ? String(Math.round(bytes)) : short(bytes));
  const known: Readonly<Record<string, string>> = {
    name: pool.name,
    size: amount(pool.size),
    alloc: amount(pool.size - free),
    allocated: amount(pool.size - free),
    free: amount(free),
    cap: `${Math.round(((pool.size - free) / pool.size) * 100)}%`,
    health: 'ONLINE',
  };
  return known[field] ?? '-';
}

function status({ name, disks }: Pool): string {
  const row = (text: string): string => `\t${text.padEnd(11)} ONLINE       0     0     0\n`;
  const rows = disks.map((disk) => row(`    ${disk}`)).join('');
  return `  pool: ${name}\n state: ONLINE\n  scan: none requested\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n${row(name)}${row('  mirror-0')}${rows}\nerrors: No known data errors\n`;
}
