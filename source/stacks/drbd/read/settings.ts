import { confTree, type Statement } from './conf-tree.js';
import { eachLine } from './lines.js';

/** Options by their section and name: `net/verify-alg` → `crc32c`, `on fiori/disk` → `/dev/vdb`. */
export type Settings = ReadonlyMap<string, string>;

/** What a resource is set to: by its own section, and by `common` where that says nothing. */
export interface ResourceSettings {
  readonly own: Settings;
  readonly common: Settings;
  /** Where its section begins, `/etc/drbd.d/r0.res`; null where drbdadm does not say. */
  readonly file: string | null;
}

/** An option that two sides do not have alike; undefined: not set, so its default is in force. */
export interface Difference {
  readonly key: string;
  readonly values: readonly [string | undefined, string | undefined];
}

/** Sections whose options count for both sides; of `on HOST` what lies in it. */
const SECTIONS: ReadonlySet<string> = new Set(['net', 'disk', 'options', 'handlers', 'startup']);

/**
 * What is in force where nothing is set. Source: drbd.conf(5) of 8.4 and 9, drbd_limits.h. Options that
 * are not here have no default that could be written, or none that matters to the other side.
 */
const DEFAULTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'net/protocol': 'C',
    'net/allow-two-primaries': 'no',
    'net/after-sb-0pri': 'disconnect',
    'net/after-sb-1pri': 'disconnect',
    'net/after-sb-2pri': 'disconnect',
    'net/always-asbp': 'no',
    'net/rr-conflict': 'disconnect',
    'net/verify-alg': '',
    'net/csums-alg': '',
    'net/data-integrity-alg': '',
    'net/cram-hmac-alg': '',
    'net/max-buffers': '2048',
    'net/max-epoch-size': '2048',
    'net/fencing': 'dont-care',
    'disk/on-io-error': 'detach',
  }),
);

/** The default of an option; undefined: none is known. */
export function defaultOf(key: string): string | undefined {
  return DEFAULTS.get(key);
}

/** Reads one resource out of `drbdadm dump`; undefined where it is not in it. */
export function settingsInDump(text: string, resource: string): ResourceSettings | undefined {
  const { statements } = confTree(text);
  const section = statements.find(({ words }) => words[0] === 'resource' && words[1] === resource);
  if (!section) return undefined;
  const common = statements.filter(({ words }) => words[0] === 'common');
  return {
    own: settingsOf(section.inside),
    common: settingsOf(common.flatMap(({ inside }) => inside)),
    file: definedAt(text, resource),
  };
}

/** What each resource of `drbdadm dump` is set to, its secret hidden. */
export function allSettings(text: string): ReadonlyMap<string, Settings> {
  const { statements } = confTree(text);
  const common = settingsOf(
    statements.filter(({ words }) => words[0] === 'common').flatMap(({ inside }) => inside),
  );
  return new Map(
    statements.flatMap(({ words: [kind, name], inside }): [string, Settings][] => {
      if (kind !== 'resource' || name === undefined) return [];
      const found = new Map([...common, ...settingsOf(inside)]);
      if (found.has('net/shared-secret')) found.set('net/shared-secret', 'hidden');
      return [[name, found]];
    }),
  );
}

/** Options that concern one host alone; they may differ as they like. */
export function isOfOneHost(key: string): boolean {
  return /^(?:handlers|startup)\//.test(key);
}

/** `verify-alg (not set, crc32c)`. */
export function differenceWords({ key, values: [x, y] }: Difference): string {
  const show = (value: string | undefined) =>
    value === undefined ? 'not set' : value === '' ? '""' : value;
  return `${key.replace(/^net\//, '')} (${show(x)}, ${show(y)})`;
}

/** What the kernel runs a resource with, of `drbdsetup show`; a StandAlone one of 8.4 has no `net`. */
export function settingsInShow(text: string, resource: string): Settings {
  const { statements } = confTree(text);
  const section = statements.find(({ words }) => words[0] === 'resource' && words[1] === resource);
  const inside = section?.inside ?? [];
  const named = (list: readonly Statement[], ...words: readonly string[]) =>
    list.filter((statement) => words.includes(statement.words[0] ?? ''));
  // DRBD 9 keeps the rates of a resync with the peer, 8.4 with the disk.
  const volumes = named(
    named(inside, '_this_host', 'connection').flatMap((part) => part.inside),
    'volume',
  );
  const nets = named(inside, 'connection').flatMap((connection) => named(connection.inside, 'net'));
  return settingsOf([
    ...named(inside, 'net', 'options'),
    ...nets,
    ...volumes.flatMap((volume) => named(volume.inside, 'disk')),
  ]);
}

function settingsOf(statements: readonly Statement[]): Settings {
  const found = new Map<string, string>();
  const put = (section: string, { words: [key = '', ...rest] }: Statement): void => {
    if (key.startsWith('_')) return;
    found.set(`${section}/${key}`, rest.length === 0 ? 'yes' : rest.join(' '));
  };
  for (const statement of statements) {
    const { words, inside } = statement;
    const [kind = '', name = ''] = words;
    if (kind === 'protocol') put('net', statement);
    // 8.3 has the options of both in a section of their own.
    else if (kind === 'syncer') for (const one of inside) put(syncerSection(one), one);
    else if (SECTIONS.has(kind)) for (const one of inside) put(kind, one);
    else if (kind === 'on' || kind === 'floating') putHost(`on ${name}`, inside, put);
  }
  return found;
}

function putHost(
  section: string,
  inside: readonly Statement[],
  put: (section: string, statement: Statement) => void,
): void {
  for (const statement of inside) {
    if (statement.inside.length === 0) put(section, statement);
    else if (statement.words[0] === 'volume') {
      for (const one of statement.inside) put(`${section}/volume ${statement.words[1] ?? ''}`, one);
    }
  }
}

function syncerSection({ words: [key = ''] }: Statement): string {
  return key.endsWith('-alg') ? 'net' : 'disk';
}

function definedAt(text: string, resource: string): string | null {
  let mine = false;
  for (const line of eachLine(text)) {
    const [, name] = /^# resource (\S+) on /.exec(line) ?? [];
    if (name !== undefined) mine = name === resource;
    const [, file] = /^# defined at (\/\S+):\d+$/.exec(line) ?? [];
    if (mine && file !== undefined) return file;
  }
  return null;
}

/** What is in force: the resource's own, and what `common` sets besides. */
export function inForce({ own, common }: Pick<ResourceSettings, 'own' | 'common'>): Settings {
  return new Map([...common, ...own]);
}

/**
 * The options that two sides do not have alike. One that is not set is alike to one that is set to its
 * default, `4M` to `4096k`, `yes` to the bare word.
 */
export function differences(a: Settings, b: Settings): readonly Difference[] {
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort();
  return keys.flatMap((key): readonly Difference[] => {
    const [x, y] = [a.get(key), b.get(key)];
    const [seenX, seenY] = [x ?? defaultOf(key), y ?? defaultOf(key)];
    if (seenX !== undefined && seenY !== undefined && sameValue(seenX, seenY)) return [];
    return seenX === seenY ? [] : [{ key, values: [x, y] }];
  });
}

const FACTORS: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function sameValue(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: string): string {
  const [, digits, unit] = /^(\d+)([kmg])$/i.exec(value) ?? [];
  if (digits === undefined || unit === undefined) return value.replace(/\s+/g, ' ');
  return `${Number(digits) * (FACTORS[unit.toLowerCase()] ?? 1)} bytes`;
}
