import { toneOf, type Details, type Row } from '../../../core/pane.js';
import type { Evidence } from '../../../core/finding.js';
import type { Problem, World } from '../../../engine/watch/world.js';
import { stackAt } from '../../scene.js';
import type { Place, Subject } from '../../state/ui-state.js';

/** What a subject stands for now; things and problems go away while somebody looks at them. */
export type Found =
  | {
      readonly kind: 'row';
      readonly place: Place;
      readonly row: Row;
      readonly details: Details;
      readonly above: string;
      /** What is wrong with it. */
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'gone' };

/** Details are made once for each row that a round drew. */
const made = new WeakMap<Row, Details>();

function detailsOf(row: Row): Details {
  const before = made.get(row);
  if (before) return before;
  const details = open(row);
  made.set(row, details);
  return details;
}

/** A thing that cannot be laid open must not take the console with it. */
function open(row: Row): Details {
  try {
    return row.details();
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    const text = `This is a mistake in Holdfast; please report it. It stumbled: ${says}`;
    return {
      title: row.id,
      tone: 'unknown',
      state: 'cannot be shown',
      blocks: [{ kind: 'text', label: 'What happened', text }],
      commands: [],
    };
  }
}

/** Looks a subject up in the world. */
export function findSubject(world: World, subject: Subject): Found {
  if (subject.kind === 'problem') {
    const problem = world.problems.find(({ key }) => key === subject.key);
    return problem ? { kind: 'problem', problem } : { kind: 'gone' };
  }
  const view = stackAt(world, subject.place);
  const row = view?.drawing.rows.find(({ id }) => id === subject.row);
  if (!view || !row) return { kind: 'gone' };
  const own = world.problems.filter((problem) =>
    subject.place === 'hosts'
      ? row.hosts.some((host) => problem.finding.hosts.includes(host))
      : problem.stack === view.id && isAbout(problem, row),
  );
  const { place } = subject;
  return { kind: 'row', place, row, details: detailsOf(row), above: view.title, problems: own };
}

/** Problems name their subject as rows name themselves: `r0`, or a part of it: `r0/1`, `san-b:2`. */
function isAbout({ finding: { subject } }: Problem, row: Row): boolean {
  const names = [row.id, row.cells[0]?.text ?? ''].filter((name) => name !== '');
  return names.some(
    (name) =>
      subject === name || (subject.startsWith(name) && /^[/:@ ]/.test(subject.slice(name.length))),
  );
}

/** The name of what is found, as its screen's title has it. */
export function titleOf(found: Found): string {
  switch (found.kind) {
    case 'row':
      return found.details.title;
    case 'problem':
      return `${found.problem.finding.title} ${found.problem.finding.subject}`;
    case 'gone':
      return 'gone';
  }
}

/** The hosts' own words about what is found. */
export function evidenceOf(found: Found): readonly Evidence[] {
  switch (found.kind) {
    case 'row':
      return found.problems.flatMap(({ finding }) => finding.evidence);
    case 'problem':
      return found.problem.finding.evidence;
    case 'gone':
      return [];
  }
}

/** The commands that show the same by hand. */
export function commandsOf(found: Found): Details['commands'] {
  switch (found.kind) {
    case 'row':
      return found.details.commands;
    case 'problem': {
      const seen = new Map(
        found.problem.finding.evidence.map((one) => [`${one.host} ${one.command}`, one]),
      );
      return [...seen.values()].map(({ host, command }) => ({ says: `on ${host}`, line: command }));
    }
    case 'gone':
      return [];
  }
}

/** The hosts where a shell would go. */
export function hostsOf(found: Found): readonly string[] {
  switch (found.kind) {
    case 'row':
      return found.row.hosts;
    case 'problem':
      return found.problem.finding.hosts;
    case 'gone':
      return [];
  }
}

/** The tone of a problem: its severity, unless it is quiet. */
export function problemTone(problem: Problem): ReturnType<typeof toneOf> {
  return problem.acknowledged ? 'muted' : toneOf(problem.severity);
}
