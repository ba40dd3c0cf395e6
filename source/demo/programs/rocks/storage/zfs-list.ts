import { datasets } from '../../../fleet/rocks/storage/devices.js';
import { arrivingIn, freeIn, poolOf, takenBy } from '../../../fleet/rocks/storage/zfs.js';
import type { Fleet } from '../../../fleet/state.js';
import type { Dataset, StorageNode, ZfsSnapshot } from '../../../fleet/rocks/state.js';
import { failed, printed, readArguments, type Ran } from '../../program.js';
import type { NodeCall } from './node-call.js';

/** A data set or a snapshot, with its properties: a number is an amount of bytes or seconds. */
interface Listed {
  readonly name: string;
  readonly type: 'filesystem' | 'volume' | 'snapshot';
  readonly made: number;
  readonly property: (name: string) => string | number | undefined;
}

const VALUED = new Set(['-o', '-t', '-s', '-S', '-d']);
const SIZES = /^(?:used|avail|available|refer|referenced|volsize|written|usedby\w+|lused)$/;

/** `zfs list [-H] [-p] [-r] [-t TYPES] [-o PROPERTIES] [-s PROPERTY] [NAME…]`. */
export function list({ args, fleet, node }: NodeCall): Ran {
  const { flags, values, words } = readArguments(grouped(args), VALUED);
  const types = typesIn(values.get('-t') ?? '');
  const fields = (values.get('-o') ?? 'name,used,avail,refer,mountpoint').split(',');
  const all = everything(fleet, node);
  const missing = words.find((word) => !all.some(({ name }) => name === word));
  const deep = flags.has('-r') || values.has('-d');
  const chosen = all.filter(({ name, type }) => {
    const asked = words.length === 0 || words.some((word) => isUnder(name, word, deep));
    return asked && (types.has(type) || (words.includes(name) && !values.has('-t')));
  });
  const sorted = values.get('-s') === 'creation' ? byAge(chosen) : chosen;
  const wrong = fields.find((field) => sorted[0]?.property(field) === undefined);
  if (wrong !== undefined && sorted.length > 0) {
    return failed(2, `bad property list: invalid property '${wrong}'\n`);
  }
  const exact = flags.has('-p');
  const cells = sorted.map((one) => fields.map((field) => cell(one, field, exact)));
  const stdout = flags.has('-H') ? tabbed(cells) : aligned(fields, cells);
  if (missing !== undefined) {
    return failed(1, `cannot open '${missing}': dataset does not exist\n`, stdout);
  }
  if (cells.length > 0) return printed(stdout);
  return { stdout: '', stderr: 'no datasets available\n', exit: 0 };
}

/** `zfs get [-H] [-p] [-o COLUMNS] PROPERTIES [NAME…]`. */
export function get({ args, fleet, node }: NodeCall): Ran {
  const { flags, values, words } = readArguments(grouped(args), VALUED);
  const [properties = '', ...names] = words;
  const all = everything(fleet, node);
  const missing = names.find((word) => !all.some(({ name }) => name === word));
  const chosen = all.filter(({ name, type }) => {
    return names.length === 0 ? type !== 'snapshot' : names.includes(name);
  });
  const columns = (values.get('-o') ?? 'name,property,value,source').split(',');
  const rows = chosen.flatMap((one) =>
    properties.split(',').map((field) => {
      const known: Readonly<Record<string, string>> = {
        name: one.name,
        property: field,
        value: cell(one, field, flags.has('-p')),
        source: '-',
      };
      return columns.map((column) => known[column] ?? '-');
    }),
  );
  const stdout = flags.has('-H') ? tabbed(rows) : aligned(columns, rows);
  const bad = properties.split(',').find((field) => chosen[0]?.property(field) === undefined);
  if (bad !== undefined && chosen.length > 0) {
    return failed(2, `bad property list: invalid property '${bad}'\n`);
  }
  return missing === undefined
    ? printed(stdout)
    : failed(1, `cannot open '${missing}': dataset does not exist\n`, stdout);
}

/** `-Hpr` as `-H -p -r`. */
export function grouped(args: readonly string[]): readonly string[] {
  return args.flatMap((arg) =>
    /^-[A-Za-z]{2,}$/.test(arg) ? Array.from(arg.slice(1)).map((letter) => `-${letter}`) : [arg],
  );
}

function typesIn(text: string): ReadonlySet<string> {
  if (text === '') return new Set(['filesystem', 'volume']);
  const long: Readonly<Record<string, string>> = {
    fs: 'filesystem',
    snap: 'snapshot',
    vol: 'volume',
  };
  const words = text.split(',').map((word) => long[word] ?? word);
  return new Set(words.includes('all') ? ['filesystem', 'volume', 'snapshot'] : words);
}

function isUnder(name: string, top: string, deep: boolean): boolean {
  if (name === top) return true;
  return deep && (name.startsWith(`${top}/`) || name.startsWith(`${top}@`));
}

function byAge(rows: readonly Listed[]): readonly Listed[] {
  return rows.toSorted((a, b) => a.made - b.made);
}

function everything(fleet: Fleet, node: StorageNode): readonly Listed[] {
  return datasets(node)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((dataset) => [
      listed(node, dataset, arrivingIn(fleet, node, dataset)?.done ?? 0),
      ...dataset.snapshots.map((one) => listedSnapshot(fleet, node, dataset, one)),
    ]);
}

/** @param arriving what it receives, in bytes: nothing but `usedbychildren` and `used` tell of it */
function listed(node: StorageNode, dataset: Dataset, arriving: number): Listed {
  const { name, type, created } = dataset;
  const pool = poolOf(node, name);
  const isRoot = pool?.name === name;
  const free = pool ? Math.max(0, freeIn(pool)) : 0;
  const used = isRoot ? pool.size - freeIn(pool) : takenBy(dataset) + arriving;
  // What is reserved for a volume is there for it alone.
  const own =
    type === 'volume' && !dataset.sparse ? Math.max(0, used - arriving - dataset.referenced) : 0;
  const properties: Readonly<Record<string, string | number>> = {
    name,
    type,
    used,
    avail: free + own,
    available: free + own,
    refer: dataset.referenced,
    referenced: dataset.referenced,
    volsize: type === 'volume' ? dataset.size : '-',
    creation: Math.floor(created / 1000),
    origin: '-',
    written: dataset.written,
    usedbydataset: dataset.referenced,
    usedbychildren: isRoot ? used - dataset.referenced : arriving,
    guid: guidOf(dataset),
    mountpoint: type === 'volume' ? '-' : `/${name}`,
    receive_resume_token: '-',
    readonly: 'off',
    userrefs: '-',
    clones: '-',
  };
  const since = (key: string): number | undefined => writtenSince(dataset, key);
  return { name, type, made: created, property: (key) => properties[key] ?? since(key) };
}

/** `written@SNAPSHOT`: what came after that one. */
function writtenSince({ snapshots, written }: Dataset, key: string): number | undefined {
  const [word, tag] = key.split('@');
  const at = snapshots.findIndex(({ name }) => name === tag);
  if (word !== 'written' || at < 0) return undefined;
  return snapshots.slice(at + 1).reduce((sum, { delta }) => sum + delta, written);
}

function listedSnapshot(
  fleet: Fleet,
  node: StorageNode,
  dataset: Dataset,
  one: ZfsSnapshot,
): Listed {
  const { name, referenced, size, type, snapshots } = dataset;
  const isReceivedUpon = one === snapshots.at(-1) && arrivingIn(fleet, node, dataset);
  const properties: Readonly<Record<string, string | number>> = {
    name: `${name}@${one.name}`,
    type: 'snapshot',
    used: one.delta,
    avail: '-',
    available: '-',
    refer: referenced,
    referenced,
    volsize: type === 'volume' ? size : '-',
    creation: Math.floor(one.at / 1000),
    origin: '-',
    // All of the first one was written before it.
    written: one === snapshots[0] ? referenced : one.delta,
    usedbydataset: '-',
    usedbychildren: '-',
    guid: one.guid,
    mountpoint: '-',
    userrefs: 0,
    clones: isReceivedUpon ? `${name}/%recv` : '-',
  };
  const full = `${name}@${one.name}`;
  return { name: full, type: 'snapshot', made: one.at, property: (key) => properties[key] };
}

/** A data set keeps its number under any name; one that is made anew has another. */
function guidOf({ created, zd = 'fs', size }: Dataset): string {
  const text = BigInt(Math.floor(created)) * 1_000_003n + BigInt(size);
  const minor = BigInt(zd.replace(/\D/g, '') || '7');
  return ((text * 6364136223846793005n + minor) & 0x7fffffffffffffffn).toString();
}

function cell(one: Listed, field: string, exact: boolean): string {
  const value = one.property(field);
  if (typeof value !== 'number') return value ?? '-';
  if (exact) return String(Math.round(value));
  if (field === 'creation') return new Date(value * 1000).toUTCString().slice(0, 22);
  return SIZES.test(field) ? short(value) : String(value);
}

/** `37.1G`, as zfs writes an amount. */
export function short(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(5, Math.floor(Math.log(bytes) / Math.log(1024)));
  const number = bytes / 1024 ** power;
  if (power === 0) return `${bytes}B`;
  const text =
    number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2);
  return `${text}${'BKMGTP'.charAt(power)}`;
}

function tabbed(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.join('\t')}\n`).join('');
}

function aligned(fields: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [fields.map((field) => field.toUpperCase()), ...rows];
  const widths = fields.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const left = (at: number) => at === 0 || at === fields.length - 1;
  return all
    .map((row) => {
      const cells = row.map((text, at) => {
        const width = widths[at] ?? 0;
        return left(at) ? text.padEnd(width) : text.padStart(width);
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
