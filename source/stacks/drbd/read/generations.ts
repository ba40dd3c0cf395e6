import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import type { Tool } from '../../../core/tool.js';
import { drbdsetup, explainNotLoaded } from './drbdsetup.js';
import { eachLine, LONGEST_LINE } from './lines.js';

/**
 * The generation identifiers of a volume's data: 16 hexadecimal digits each, `0000000000000000` for
 * none. The last bit only says whether the node was Primary; it is no part of the identity.
 */
export interface Generations {
  readonly current: string;
  /** The generation that the bitmap of changed blocks counts from. */
  readonly bitmap: string;
  /** Younger first. */
  readonly history: readonly string[];
  /** The data is consistent in itself. */
  readonly consistent: boolean;
  readonly wasUpToDate: boolean;
  readonly wasPrimary: boolean;
  readonly wasConnected: boolean;
  /** Every block was being marked as changed. Null where not printed. */
  readonly fullSync: boolean | null;
  readonly peerOutdated: boolean | null;
  /** It went down as Primary and has not seen its peer since. */
  readonly crashedPrimary: boolean | null;
}

const UUIDS =
  /^([0-9A-Fa-f]{16}):([0-9A-Fa-f]{16}):([0-9A-Fa-f]{16}):([0-9A-Fa-f]{16})((?::[01])+):?\s*$/;

function readUuids(line: string): Generations | undefined {
  const [, current, bitmap, younger, older, bits] = UUIDS.exec(line) ?? [];
  if (current === undefined || bitmap === undefined) return undefined;
  const flags = (bits ?? '')
    .split(':')
    .slice(1)
    .map((bit) => bit === '1');
  const at = flags.length > FLAGS_8 ? ORDER_9 : ORDER_8;
  return {
    current: current.toUpperCase(),
    bitmap: bitmap.toUpperCase(),
    history: [younger, older].flatMap((uuid) => (uuid ? [uuid.toUpperCase()] : [])),
    consistent: flags[0] ?? false,
    wasUpToDate: flags[1] ?? false,
    wasPrimary: flags[2] ?? false,
    wasConnected: flags[at.wasConnected] ?? false,
    fullSync: flags[at.fullSync] ?? null,
    peerOutdated: flags[at.peerOutdated] ?? null,
    crashedPrimary: flags[at.crashedPrimary] ?? null,
  };
}

/** DRBD 8 prints at most so many flags. */
const FLAGS_8 = 7;
const ORDER_8 = { wasConnected: 3, fullSync: 4, peerOutdated: 5, crashedPrimary: 6 };

/** DRBD 9 prints seven flags of the node, then five of the peer. Source: `show-gi` of drbd-utils 9.22. */
const ORDER_9 = { wasConnected: 7, fullSync: 10, peerOutdated: 8, crashedPrimary: 3 };

/**
 * Reads `get-gi`: one line. Source: drbdmeta.c (`m_get_gi`), drbdsetup's `get-gi`, and captures.
 * `drbdadm get-gi all` prints a line for each volume without its name; only the first is read, the
 * others are left unread.
 */
export function parseGetGi(text: string): Parsed<Generations> {
  const unread: string[] = [];
  let found: Generations | undefined;
  let first = 0;
  let number = 0;
  for (const line of eachLine(text)) {
    number += 1;
    if (line.trim() === '') continue;
    first ||= number;
    const uuids = found || line.length > LONGEST_LINE ? undefined : readUuids(line);
    if (uuids) found = uuids;
    else unread.push(line);
  }
  return found
    ? parsed(found, unread)
    : notThis(first || 1, 'CURRENT:BITMAP:HISTORY:HISTORY:flags');
}

/** `show-gi`: the same, with a drawing around it and what the meta-data says of the node. */
export interface ShownGenerations extends Generations {
  /** `Primary, StandAlone, UpToDate`: the state when the meta-data was written; null if not shown. */
  readonly states: string | null;
  /** `clean`, `need apply-al`; null if not shown. */
  readonly metaData: string | null;
}

/** Lines of the drawing, which are the same for everybody. */
const DRAWING =
  /^(?:[\sV^|]*|[\s|]*[+]-{1,2}< {2}.*|\s*-< {2}.*|\s*\^[\s^]*|zero size device.*|last agreed .*)$/;

/** Reads `show-gi`. Source: drbdmeta.c (`printf_gi`), and captures. */
export function parseShowGi(text: string): Parsed<ShownGenerations> {
  const unread: string[] = [];
  let found: Generations | undefined;
  let states: string | null = null;
  let metaData: string | null = null;
  for (const line of eachLine(text)) {
    if (line.length > LONGEST_LINE) unread.push(line);
    else if (line.startsWith('flags: ')) states = line.slice('flags: '.length).trim();
    else if (line.startsWith('meta-data: ')) metaData = line.slice('meta-data: '.length).trim();
    else if (!found && (found = readUuids(line))) continue;
    else if (!DRAWING.test(line)) unread.push(line);
  }
  if (!found) return notThis(1, 'the drawing of `drbdadm show-gi` with its line of identifiers');
  return parsed({ ...found, states, metaData }, unread);
}

/** `drbdsetup get-gi MINOR`, DRBD 8.4: asks the kernel, so a broken configuration does not matter. */
export const getGi: Tool<[minor: number], Generations> = {
  command: (minor) => drbdsetup('get-gi', String(minor)),
  parse: parseGetGi,
  explain: explainNotLoaded,
};

/** The same in the words of DRBD 8.0 to 8.3. */
export const getGi83: Tool<[minor: number], Generations> = {
  command: (minor) => drbdsetup(`/dev/drbd${minor}`, 'get-gi'),
  parse: parseGetGi,
  explain: explainNotLoaded,
};

/** The same in the words of DRBD 9, where each peer has a bitmap of its own. */
export const getGi9: Tool<[resource: string, peerNodeId: number, volume: number], Generations> = {
  command: (resource, peer, volume) => drbdsetup('get-gi', resource, String(peer), String(volume)),
  parse: parseGetGi,
  explain: explainNotLoaded,
};

/** Debian 12, kernel 6.1, DRBD 8.4.11: one side of a split brain. */
export const getGiSample =
  '1F65A735BE02A6E1:5879F08F637B4E91:3A9D02A760D8C0BE:3A9C02A760D8C0BF:1:1:1:0:0:0:0\n';

/** Debian 12, kernel 6.1, DRBD 8.4.11 with drbd-utils 9.22. */
export const showGiSample = `
       +--<  Current data generation UUID  >-
       |               +--<  Bitmap's base data generation UUID  >-
       |               |                 +--<  younger history UUID  >-
       |               |                 |         +-<  older history  >-
       V               V                 V         V
3A9C02A760D8C0BF:0000000000000000:E4C7D9B296F0825A:0000000000000004:1:1:1:1:0:0:0
                                                                    ^ ^ ^ ^ ^ ^ ^
                                      -<  Data consistency flag  >--+ | | | | | |
                             -<  Data was/is currently up-to-date  >--+ | | | | |
                                  -<  Node was/is currently primary  >--+ | | | |
                                  -<  Node was/is currently connected  >--+ | | |
         -<  Node was in the progress of setting all bits in the bitmap  >--+ | |
                        -<  The peer's disk was out-dated or inconsistent  >--+ |
      -<  This node was a crashed primary, and has not seen its peer since   >--+

flags: Primary, Connected, UpToDate
meta-data: need apply-al
`;
