import { joinLines, splitLines } from './lines.js';

/**
 * mfsgoals.cfg of LizardFS and SaunaFS (mfsgoals.cfg(5)): `id name : definition`; `#` begins a comment,
 * also behind an entry. A definition is labels (`_` is any), or `$xor3`, `$ec(5,2)`, with labels in
 * braces. Ids go from 1 to 40; those that are not in the file have min(id, 5) plain copies.
 */
export interface Goal {
  readonly id: number;
  readonly name: string;
  /** As it stands: `_ _`, `$ec(3,2) { ssd ssd }`. */
  readonly definition: string;
}

/** A line as it stands in the file. */
export interface GoalLine {
  readonly raw: string;
  readonly goal?: Goal;
}

/** A whole file. */
export interface GoalsFile {
  readonly lines: readonly GoalLine[];
  readonly endsWithNewline: boolean;
}

/** Reads the file; every line is kept. */
export function parseGoals(text: string): GoalsFile {
  const { lines, endsWithNewline } = splitLines(text);
  return { lines: lines.map(parseLine), endsWithNewline };
}

/** The file's text; of an unedited file the same bytes. */
export function printGoals({ lines, endsWithNewline }: GoalsFile): string {
  return joinLines({ lines: lines.map(({ raw }) => raw), endsWithNewline });
}

/** The goals, in the order of the file. */
export function goalsOf({ lines }: GoalsFile): readonly Goal[] {
  return lines.flatMap(({ goal }) => (goal ? [goal] : []));
}

/**
 * The file with a goal: in the place of the line with its id, else after the last goal.
 *
 * @throws RangeError where the goal does not fit the format
 */
export function setGoal(file: GoalsFile, goal: Goal): GoalsFile {
  const fault = goalFault(goal);
  if (fault !== undefined) throw new RangeError(`mfsgoals.cfg cannot hold this: ${fault}`);
  const at = file.lines.findIndex((line) => line.goal?.id === goal.id);
  const there = file.lines[at]?.goal;
  if (there?.name === goal.name && there.definition === goal.definition) return file;
  const line = { raw: `${goal.id} ${goal.name} : ${goal.definition}`, goal };
  if (at >= 0) return { ...file, lines: file.lines.with(at, line) };
  const after = file.lines.findLastIndex((one) => one.goal !== undefined) + 1;
  const place = after === 0 ? file.lines.length : after;
  return { lines: file.lines.toSpliced(place, 0, line), endsWithNewline: true };
}

/** What is wrong with a goal; undefined: nothing. The master refuses the whole file for one of these. */
export function goalFault({ id, name, definition }: Goal): string | undefined {
  if (!Number.isInteger(id) || id < 1 || id > 40) return `${id} is no id of a goal: 1 to 40`;
  if (!/^[A-Za-z0-9_]{1,32}$/.test(name)) return `${JSON.stringify(name)} is no name of a goal`;
  return isDefinition(definition)
    ? undefined
    : `${JSON.stringify(definition)} is no definition: labels (_ is any), $xorN or $ec(K,M)`;
}

function isDefinition(text: string): boolean {
  const labels = '[A-Za-z0-9_]{1,32}(?:[ \\t]+[A-Za-z0-9_]{1,32})*';
  const braces = `(?:[ \\t]*\\{[ \\t]*${labels}[ \\t]*\\})?`;
  const xor = `\\$xor[2-9]${braces}`;
  const ec = `\\$ec\\((?:[2-9]|[12]\\d|3[0-2]),(?:[1-9]|[12]\\d|3[0-2])\\)${braces}`;
  return new RegExp(`^(?:${labels}|${xor}|${ec})$`).test(text);
}

function parseLine(raw: string): GoalLine {
  const text = raw.replace(/#.*$/s, '').trim();
  const [, id, name, definition] = /^(\d+)[ \t]+(\S+?)[ \t]*:[ \t]*(.+)$/s.exec(text) ?? [];
  if (id === undefined || name === undefined || definition === undefined) return { raw };
  return { raw, goal: { id: Number(id), name, definition } };
}
