import { parsed, type Parsed } from '../../../core/parsed.js';
import { natural, readRecords } from './porcelain.js';

/** A goal: how the chunks of a file are to be kept. */
export interface Goal {
  /** 1 to 40. */
  readonly id: number;
  readonly name: string;
  /** As the master prints it: `ec21: $ec(2,1) {_ _ _}`. */
  readonly definition: string;
  /** What it asks for; undefined where the definition does not say. */
  readonly shape?: GoalShape;
}

/** What `list-goals` says. */
export interface Goals {
  readonly goals: readonly Goal[];
}

/** A genuine output, shortened: LizardFS 3.13. */
export const goalsSample = `1 1 "1: $std _"
2 2 "2: $std {_ _}"
10 fast_and_safe "fast_and_safe: $std {ssd _}"
15 default_xor2 "default_xor2: $xor2 {_ _ _}"
17 ec21 "ec21: $ec(2,1) {_ _ _}"
`;

/** `list-goals --porcelain`: the only output with quoting, by `"` and `\`. */
export function parseGoals(text: string): Parsed<Goals> {
  const result = readRecords(text, 'id, name and definition of a goal', readGoal);
  return result.ok ? parsed({ goals: result.value }, result.unread) : result;
}

function readGoal(line: string): Goal | undefined {
  const match = /^(\d+) /.exec(line);
  const id = natural(match?.[1]);
  if (Number.isNaN(id)) return undefined;
  const name = takeWord(line, match?.[0].length ?? 0);
  if (name?.after !== ' ') return undefined;
  const rest = line.slice(name.end + 1);
  if (!rest.startsWith('"')) return defined(id, name.word, rest);
  const definition = takeWord(rest, 0);
  return definition?.after === '' ? defined(id, name.word, definition.word) : undefined;
}

function defined(id: number, name: string, definition: string): Goal {
  const shape = goalShape(definition);
  return { id, name, definition, ...(shape && { shape }) };
}

/** The word at an offset, taken out of its quotes, and the character that follows it. */
function takeWord(
  line: string,
  from: number,
): { readonly word: string; readonly end: number; readonly after: string } | undefined {
  if (line[from] !== '"') {
    const blank = line.indexOf(' ', from);
    const end = blank < 0 ? line.length : blank;
    return { word: line.slice(from, end), end, after: line[end] ?? '' };
  }
  let word = '';
  for (let at = from + 1; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === '"') return { word, end: at + 1, after: line[at + 1] ?? '' };
    if (character === '\\') at += 1;
    word += line[at] ?? '';
  }
  return undefined;
}

/** What a goal asks for. */
export interface GoalShape {
  /** Servers it takes to keep every part on a server of its own. */
  readonly servers: number;
  /** Parts that may be gone while the data can still be read. */
  readonly survives: number;
}

const SLICE = /\$(?:(std)|xor(\d{1,2})|ec\((\d{1,2}),(\d{1,2})\)) *(\{[^{}]*\}|[^\s{}$]+)?/g;

/**
 * The shape behind a definition: `$std {_ _}` keeps as many copies as it has labels, `$xorN` N + 1
 * parts of which one may go, `$ec(K,M)` K + M of which M may go. Undefined where none is found.
 */
export function goalShape(definition: string): GoalShape | undefined {
  let servers = 0;
  let lives = 0;
  // Several slices are further copies of the whole: the data lives while any of them does.
  for (const [, std, xor, data, parity, labels] of definition.matchAll(SLICE)) {
    const copies = std === undefined ? 0 : countLabels(labels ?? '');
    const spare = std !== undefined ? copies - 1 : xor !== undefined ? 1 : Number(parity);
    const parts =
      std !== undefined ? copies : xor !== undefined ? Number(xor) + 1 : Number(data) + spare;
    servers = Math.max(servers, parts);
    lives += spare + 1;
  }
  return lives > 0 ? { servers, survives: lives - 1 } : undefined;
}

function countLabels(labels: string): number {
  return labels.split(/[\s{}]+/).filter((label) => label !== '').length;
}
