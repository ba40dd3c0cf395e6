import { reads, type Command } from '../../../core/host.js';
import { notThis, parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** A member of an array as /proc/mdstat names it: `sdb2[1](F)`. */
export interface ArrayMember {
  readonly device: string;
  readonly slot: number;
  /** `failed`, `spare`, `journal`, `replacement`, or one that holds data. */
  readonly role: 'data' | 'failed' | 'spare' | 'journal' | 'replacement';
}

/** What an array is busy with. */
export interface ArrayWork {
  /** The kernel's word: `recovery`, `resync`, `reshape`, `check`. */
  readonly what: string;
  /** 0 to 1; null while it waits. */
  readonly share: number | null;
  readonly secondsLeft: number | null;
  readonly bytesPerSecond: number | null;
  /** `DELAYED`: another array on the same disks goes first. `PENDING`: it waits for a first write. */
  readonly waits: 'DELAYED' | 'PENDING' | null;
}

/** One md array. */
export interface MdArray {
  readonly name: string;
  readonly active: boolean;
  /** `read-only`, `auto-read-only`; null: it takes writes. */
  readonly readOnly: string | null;
  /** `raid1`; null while it is inactive. */
  readonly level: string | null;
  readonly sizeBytes: number | null;
  /** How many members it is made for and how many work; null for levels without redundancy. */
  readonly made: number | null;
  readonly working: number | null;
  readonly members: readonly ArrayMember[];
  readonly work: ArrayWork | null;
}

/** Asks the kernel for its arrays; it answers from memory. */
export function mdstatCommand(): Command<'reads'> {
  return reads(['cat', '/proc/mdstat']);
}

/** Reads /proc/mdstat (md(4); the kernel's md_seq_show and status_resync). */
export function parseMdstat(text: string): Parsed<readonly MdArray[]> {
  const arrays: Draft[] = [];
  const unread: string[] = [];
  let known = false;
  for (const line of linesOf(text)) {
    if (line.trim() === '') continue;
    const array = /^\S/.test(line) ? headOf(line) : undefined;
    if (/^(?:Personalities|unused devices|read_ahead)\b/.test(line)) known = true;
    else if (array) arrays.push(array);
    else if (!takeDetail(arrays.at(-1), line)) unread.push(line);
  }
  if (!known && arrays.length === 0) return notThis(1, '`Personalities : …` as in /proc/mdstat');
  return parsed(arrays, unread);
}

type Draft = { -readonly [K in keyof MdArray]: MdArray[K] };

const ROLES = { F: 'failed', S: 'spare', J: 'journal', R: 'replacement' } as const;

function headOf(line: string): Draft | undefined {
  const [name, colon, ...words] = line.split(/\s+/);
  if (name === undefined || colon !== ':') return undefined;
  const draft: Draft = {
    name,
    active: words[0] === 'active',
    readOnly: null,
    level: null,
    sizeBytes: null,
    made: null,
    working: null,
    members: [],
    work: null,
  };
  const members: ArrayMember[] = [];
  for (const word of words.slice(1)) {
    const member = /^([^[\]]+)\[(\d+)\]((?:\([A-Z]\))*)$/.exec(word);
    if (member) members.push(memberOf(member[1] ?? '', Number(member[2]), member[3] ?? ''));
    else if (/^\([a-z-]+\)$/.test(word)) draft.readOnly = word.slice(1, -1);
    else draft.level ??= word;
  }
  return { ...draft, members };
}

function memberOf(device: string, slot: number, marks: string): ArrayMember {
  // `W` (write-mostly) is a matter of speed, not of its role.
  const mark = (['F', 'S', 'J', 'R'] as const).find((one) => marks.includes(`(${one})`));
  return { device, slot, role: mark ? ROLES[mark] : 'data' };
}

function takeDetail(array: Draft | undefined, line: string): boolean {
  if (!array) return false;
  const blocks = /^\s+(\d+) blocks\b/.exec(line);
  if (blocks) {
    array.sizeBytes = Number(blocks[1]) * 1024;
    const counts = /\[(\d+)\/(\d+)\]/.exec(line);
    if (counts) {
      array.made = Number(counts[1]);
      array.working = Number(counts[2]);
    }
    return true;
  }
  const waits = /^\s+(resync|recovery|reshape|check)\s*=\s*(DELAYED|PENDING)\s*$/.exec(line);
  if (waits) {
    const what = waits[1] ?? '';
    const why = waits[2] === 'PENDING' ? 'PENDING' : 'DELAYED';
    array.work = { what, share: null, secondsLeft: null, bytesPerSecond: null, waits: why };
    return true;
  }
  const busy = /^\s+\[[=>.]*\]\s+(\w+)\s*=\s*([\d.]+)%/.exec(line);
  if (!busy) return /^\s+(?:bitmap:|\[[_U]+\]|super\b|resync=REMOTE)/.test(line);
  const finish = /finish=([\d.]+)min/.exec(line)?.[1];
  const speed = /speed=(\d+)K\/sec/.exec(line)?.[1];
  array.work = {
    what: busy[1] ?? '',
    share: Number(busy[2]) / 100,
    secondsLeft: finish === undefined ? null : Number(finish) * 60,
    bytesPerSecond: speed === undefined ? null : Number(speed) * 1024,
    waits: null,
  };
  return true;
}
