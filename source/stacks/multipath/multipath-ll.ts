import { reads, type Command } from '../../core/host.js';
import { notThis, parsed, type Parsed } from '../../core/parsed.js';
import { linesOf } from '../../core/text.js';
import { queuesIfNoPath, sizeInBytes, type MultipathMap, type MultipathPath } from './map.js';

/** `-ll` asks the checkers and can wait on a dying path: 15 s were seen (multipath-tools 0.9.4). */
export function listCommand(): Command<'reads'> {
  return reads(['multipath', '-ll'], 20_000);
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
interface OpenGroup {
  policy: string | null;
  priority: number | null;
  state: string | null;
  paths: MultipathPath[];
}
type OpenMap = Writable<Omit<MultipathMap, 'groups'>> & { groups: OpenGroup[] };

interface Head {
  readonly map: OpenMap;
  readonly line: string;
  /** Its number, from 1. */
  readonly at: number;
}

/** On a terminal multipath prints the map's line in bold. */
const COLOUR = /\x1b\[[0-9;]*m/g;
/** multipath's own log lines: `Oct 28 14:02:44 | …`, `155.181840 | …`. */
const LOG = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{1,12}\.\d{1,9}) \| /;

/**
 * Reads `multipath -l`, `-ll` and `multipathd show topology`, in the grammar with brackets (until
 * 0.4.8) and the one with a tree (from 0.4.9); see multipath-tools' libmultipath/print.h of both.
 * Messages may stand anywhere between the lines; they and all else that belongs to no map are
 * given back as unread. No maps is an empty text.
 */
export function parseMultipathList(text: string): Parsed<readonly MultipathMap[]> {
  const maps: OpenMap[] = [];
  const unread: string[] = [];
  let stranger: number | undefined;
  /** The map that groups and paths belong to; none while it is not sure which. */
  let current: OpenMap | undefined;
  /** A line that looks like a map's first; it is one if its attributes follow. */
  let head: Head | undefined;

  const giveUp = (line: string, at: number): void => {
    unread.push(line);
    if (!LOG.test(line)) stranger ??= at;
  };
  linesOf(text).forEach((raw, index) => {
    const line = raw.includes('\x1b') ? raw.replace(COLOUR, '') : raw;
    if (line.trim() === '') return;
    const attributes = readAttributes(line);
    if (attributes) {
      current = head && { ...head.map, ...attributes };
      if (current) maps.push(current);
      else giveUp(raw, index + 1);
      head = undefined;
      return;
    }
    if (addTo(current, line)) return;
    const map = LOG.test(line) ? undefined : readHead(line);
    if (!map || (head && isSure(head.map) && !isSure(map))) {
      giveUp(raw, index + 1);
      return;
    }
    if (head) giveUp(head.line, head.at);
    head = { map, line: raw, at: index + 1 };
    if (isSure(map)) current = undefined;
  });
  if (head) giveUp(head.line, head.at);
  if (maps.length === 0 && stranger !== undefined) {
    return notThis(stranger, 'a multipath map (`alias (wwid) dm-0 VENDOR,PRODUCT`)');
  }
  return parsed(maps, unread);
}

/** A message may look like the oldest kind of head; a maker, or a name with its WWID and dm, do not. */
function isSure({ vendor, dm, alias, wwid }: OpenMap): boolean {
  return vendor !== null || (dm !== null && alias !== wwid);
}

/** Adds a group's or a path's line to the map it stands under; false if it is neither. */
function addTo(map: OpenMap | undefined, line: string): boolean {
  if (!map) return false;
  // A path's line first: where indentation was lost only its address tells it from a group.
  const path = readPath(line);
  if (path) {
    map.groups.at(-1)?.paths.push(path);
    return map.groups.length > 0;
  }
  const group = readGroup(line);
  if (group) map.groups.push(group);
  return group !== undefined;
}

const ACTIONS = /^(?:(?:create|reload|reject|rename|resize|switchpg|force|undef|,|-)+)?: +/;
const DM = /(?:^| )(dm-\d{1,9}|undef|\[[^\]\s]{1,40}\]:\S+)(?: |$)/;

/** `[action: ]alias (wwid) dm-0 VENDOR,PRODUCT`, `wwid dm-0 …`, and the oldest: `alias (wwid)`. */
function readHead(line: string): OpenMap | undefined {
  const prefix = ACTIONS.exec(line)?.[0] ?? '';
  const rest = line.slice(prefix.length);
  const dm = DM.exec(rest);
  const name = (dm ? rest.slice(0, dm.index) : rest).trimEnd();
  const names = readNames(name, dm !== null);
  if (!names || /^[[\\|` ]/.test(name)) return undefined;
  const word = dm?.[1] ?? 'undef';
  return {
    ...names,
    dm: word === 'undef' ? null : word.slice(word.lastIndexOf(':') + 1),
    ...readVendor(dm ? rest.slice(dm.index + dm[0].length) : ''),
    action: prefix.slice(0, prefix.indexOf(':')) || null,
    ...{
      sizeBytes: null,
      features: null,
      hwhandler: null,
      queueing: null,
      retry: null,
      access: null,
      groups: [],
    },
  };
}

function readNames(name: string, hasDm: boolean): { alias: string; wwid: string } | undefined {
  const open = name.indexOf(' (');
  if (open > 0 && name.endsWith(')')) {
    return { alias: name.slice(0, open), wwid: name.slice(open + 2, -1) };
  }
  return hasDm && name !== '' ? { alias: name, wwid: name } : undefined;
}

/** `VENDOR,PRODUCT`, each padded with blanks; `##,##` and `uninitialized` for a map without paths. */
function readVendor(text: string): { vendor: string | null; product: string | null } {
  const comma = text.indexOf(',');
  if (comma < 0 || text.startsWith('##')) return { vendor: null, product: null };
  return { vendor: text.slice(0, comma).trim(), product: text.slice(comma + 1).trim() };
}

type Attributes = Pick<OpenMap, 'sizeBytes' | 'features' | 'hwhandler' | 'queueing' | 'access'>;

const TREE_ATTRIBUTES =
  /^size=(\S+) features='([^']*)' hwhandler='([^']*)'(?: wp=(\S+))?(?: \S[^\n]*)?$/;

function readAttributes(line: string): Attributes | undefined {
  if (line.startsWith('size=')) {
    const found = TREE_ATTRIBUTES.exec(line.trimEnd());
    return found ? attributes(found[1], found[2], found[3], found[4]) : undefined;
  }
  if (!line.startsWith('[size=')) return undefined;
  const words = bracketed(line);
  const value = (key: string): string | undefined =>
    words.find((word) => word.startsWith(key))?.slice(key.length);
  return attributes(
    value('size='),
    value('features=')?.replaceAll('"', ''),
    value('hwhandler=')?.replaceAll('"', ''),
    words.find((word) => word === 'rw' || word === 'ro'),
  );
}

function attributes(
  size: string | undefined,
  features: string | undefined,
  hwhandler: string | undefined,
  access: string | undefined,
): Attributes {
  return {
    sizeBytes: sizeInBytes(size ?? ''),
    features: features ?? null,
    hwhandler: hwhandler ?? null,
    queueing: queuesIfNoPath(features ?? null),
    access: access ?? null,
  };
}

/** The words of `[a][b c][d=e]`, without blanks at their ends. */
function bracketed(text: string): string[] {
  return [...text.matchAll(/\[([^[\]]*)\]/g)].map(([, word = '']) => word.trim());
}

const TREE_GROUP = /^[|`]-\+- policy='([^']*)' prio=(\S+) status=(\S+)/;

function readGroup(line: string): OpenGroup | undefined {
  const tree = TREE_GROUP.exec(line);
  if (tree) {
    const [, policy = '', priority = '', state = ''] = tree;
    return { policy, priority: wholeNumber(priority), state, paths: [] };
  }
  const bracket = line.indexOf('[');
  if (!line.startsWith('\\_ ') || bracket < 0) return undefined;
  const words = bracketed(line.slice(bracket));
  const priority = words.find((word) => word.startsWith('prio='))?.slice(5);
  return {
    policy: line.slice(3, bracket).trim(),
    priority: wholeNumber(priority ?? ''),
    state: words.find((word) => !word.includes('=')) ?? null,
    paths: [],
  };
}

function wholeNumber(text: string): number | null {
  return /^-?\d{1,9}$/.test(text) ? Number(text) : null;
}

const HCTL = /^(?:\d+|#)(?::(?:\d+|#)){2,3}$/;
const DEVT = /^\d+:\d+$/;
/** A path's line is short; a longer one is not split. */
const LONGEST_PATH = 400;

/** `|- 2:0:0:1 sda 8:0 active ready running`, ` \_ 2:0:0:1 sda 8:0 [active][ready]`. */
function readPath(line: string): MultipathPath | undefined {
  if (line.length > LONGEST_PATH) return undefined;
  const start = line.search(/[^|`\\_+ -]/);
  if (start < 0) return undefined;
  const bracket = line.indexOf('[', start);
  const words = line.slice(start, bracket < 0 ? undefined : bracket).split(/ +/);
  const [hctl = '', device = '', devt = '', ...rest] = words.filter((word) => word !== '');
  if (!HCTL.test(hctl) || !DEVT.test(devt)) return undefined;
  const states = bracket < 0 ? treeStates(rest) : bracketStates(bracketed(line.slice(bracket)));
  return { hctl, device: device === '-' ? null : device, devt, ...states };
}

type States = Pick<MultipathPath, 'dmState' | 'checkerState' | 'deviceState'>;

/** `active i/o pending running`: the checker's state may be two words. */
function treeStates(words: readonly string[]): States {
  const [dmState = null, ...rest] = words;
  const deviceState = rest.length > 1 ? (rest.at(-1) ?? null) : null;
  const checker = rest.slice(0, deviceState === null ? undefined : -1).join(' ');
  return { dmState, checkerState: checker === '' ? null : checker, deviceState };
}

/** `[active][ready]`; the first versions print the checker's state first. */
function bracketStates(words: readonly string[]): States {
  const [first = null, second = null, deviceState = null] = words;
  if (second === 'active' || second === 'failed') {
    return { dmState: second, checkerState: first, deviceState };
  }
  return { dmState: first, checkerState: second, deviceState };
}
