import { joinLines, splitLines } from './lines.js';

/**
 * What iptables-save(8) writes and iptables-restore(8) reads, as in /etc/sysconfig/iptables or
 * /etc/iptables/rules.v4: `*table`, `:CHAIN POLICY [packets:bytes]`, rules as `-A CHAIN …`, perhaps
 * with counters before them, `COMMIT`; `#` begins a comment. `iptables -S` writes the same rules of
 * one table, and its chains as `-P CHAIN POLICY` and `-N CHAIN`.
 */
export type RuleLine = { readonly raw: string } & (
  | {
      readonly kind: 'chain';
      readonly table: string;
      readonly name: string;
      readonly policy: string;
    }
  | {
      readonly kind: 'rule';
      readonly table: string;
      readonly chain: string;
      /** What follows the chain's name, taken apart as iptables-restore does: `"…"` is one word. */
      readonly words: readonly string[];
    }
  /** Tables, COMMIT, comments, empty lines, and whatever else there is. */
  | { readonly kind: 'other' }
);

/** A whole file. */
export interface RulesFile {
  readonly lines: readonly RuleLine[];
  readonly endsWithNewline: boolean;
}

/** Reads the file; every line is kept. */
export function parseRules(text: string): RulesFile {
  const { lines, endsWithNewline } = splitLines(text);
  // `iptables -S` names no table: it is asked of `filter`.
  let table = 'filter';
  const read = lines.map((raw): RuleLine => {
    table = /^\*(\S+)/.exec(raw)?.[1] ?? table;
    return parseLine(raw, table);
  });
  return { lines: read, endsWithNewline };
}

/** The file's text; of an unedited file the same bytes. */
export function printRules({ lines, endsWithNewline }: RulesFile): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** A rule in its chain. */
export type Rule = Extract<RuleLine, { readonly kind: 'rule' }>;

/** The rules of a chain, in their order. */
export function rulesOf({ lines }: RulesFile, table: string, chain: string): readonly Rule[] {
  return lines.flatMap((line) =>
    line.kind === 'rule' && line.table === table && line.chain === chain ? [line] : [],
  );
}

/** What becomes of a packet that no rule of a chain decides about; `-` for a chain of one's own. */
export function policyOf({ lines }: RulesFile, table: string, chain: string): string | undefined {
  const found = lines.find(
    (line) => line.kind === 'chain' && line.table === table && line.name === chain,
  );
  return found?.kind === 'chain' ? found.policy : undefined;
}

/**
 * The file with rules in a chain before the one at `index`, or behind the last.
 *
 * @param index counted from 0 among the rules of the chain
 * @throws RangeError where the table has no such chain, or a rule holds a line break
 */
export function insertRules(
  file: RulesFile,
  place: { readonly table: string; readonly chain: string; readonly index: number },
  rules: readonly (readonly string[])[],
): RulesFile {
  const { table, chain, index } = place;
  if (policyOf(file, table, chain) === undefined) {
    throw new RangeError(`the table ${table} has no chain ${chain}`);
  }
  const own = rulesOf(file, table, chain);
  const next = own[index];
  const at = next ? file.lines.indexOf(next) : endOf(file, table, own.at(-1));
  const made = rules.map((words) =>
    parseLine(`-A ${chain} ${words.map(printWord).join(' ')}`, table),
  );
  return { ...file, lines: file.lines.toSpliced(at, 0, ...made) };
}

/** Behind the last rule of the chain, or before the table's COMMIT. */
function endOf({ lines }: RulesFile, table: string, last: Rule | undefined): number {
  if (last) return lines.indexOf(last) + 1;
  const begin = lines.findIndex(({ raw }) => raw.startsWith(`*${table}`));
  const commit = lines.findIndex(({ raw }, at) => at > begin && raw.startsWith('COMMIT'));
  return commit < 0 ? lines.length : commit;
}

function parseLine(raw: string, table: string): RuleLine {
  const [, declared, declaredPolicy] = /^:(\S+)\s+(\S+)/.exec(raw) ?? [];
  if (declared !== undefined && declaredPolicy !== undefined) {
    return { raw, kind: 'chain', table, name: declared, policy: declaredPolicy };
  }
  const words = wordsOf(raw);
  const [first = '', second = '', third = '-'] = /^\[\d+:\d+\]$/.test(words[0] ?? '')
    ? words.slice(1)
    : words;
  const rest = words.slice(words.indexOf(second) + 1);
  if (second === '') return { raw, kind: 'other' };
  if (first === '-A') return { raw, kind: 'rule', table, chain: second, words: rest };
  if (first === '-P' || first === '-N') {
    const policy = first === '-N' ? '-' : third;
    return { raw, kind: 'chain', table, name: second, policy };
  }
  return { raw, kind: 'other' };
}

function wordsOf(raw: string): readonly string[] {
  return [...raw.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)].map(([word, quoted]) =>
    quoted === undefined ? word : quoted.replace(/\\(.)/g, '$1'),
  );
}

function printWord(word: string): string {
  if (/[\n\r\0]/.test(word)) throw new RangeError(`a rule cannot hold ${JSON.stringify(word)}`);
  return /^[^\s"\\]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;
}
