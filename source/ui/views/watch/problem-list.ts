import type { Problem } from '../../../engine/watch/world.js';
import { listed } from '../../../core/text.js';
import { shortTime } from '../../layout/age.js';
import { atMost, fit } from '../../layout/fit.js';
import { shareOut } from '../../layout/share-out.js';
import { widthOf } from '../../layout/width.js';
import type { Scene } from '../../scene.js';
import type { Line } from '../../theme/line.js';
import type { DocLine } from '../parts/frame.js';
import { matcher } from '../parts/filter.js';

/** A problem and how deep it stands beneath its cause. */
export interface Listed {
  readonly problem: Problem;
  readonly depth: number;
}

/** The problems in their order: worst first, acknowledged ones last, consequences beneath their cause. */
export function listProblems(problems: readonly Problem[], showMuted: boolean): readonly Listed[] {
  const keys = new Set(problems.map(({ key }) => key));
  const isMuted = ({ causedBy }: Problem): boolean => causedBy !== undefined && keys.has(causedBy);
  const roots = problems.filter((problem) => !isMuted(problem));
  const ordered = [
    ...roots.filter(({ acknowledged }) => acknowledged === undefined),
    ...roots.filter(({ acknowledged }) => acknowledged !== undefined),
  ];
  if (!showMuted) return ordered.map((problem) => ({ problem, depth: 0 }));
  return ordered.flatMap((problem) => [
    { problem, depth: 0 },
    ...problems
      .filter(({ causedBy }) => causedBy === problem.key)
      .map((consequence) => ({ problem: consequence, depth: 1 })),
  ]);
}

/** The listed problems that a filter leaves. */
export function filterProblems(listed: readonly Listed[], filter: string): readonly Listed[] {
  if (filter.trim() === '') return listed;
  const matches = matcher(filter);
  return listed.filter(({ problem: { finding, stack } }) =>
    matches([finding.title, finding.subject, ...finding.hosts, finding.says, stack].join(' ')),
  );
}

/** The id of a problem's line. */
export function problemId(key: string): string {
  return `problem ${key}`;
}

/** Cells at the right of a problem's line: the age and what is known of its end. */
const AGE = 5;
const MARK = 10;

interface Widths {
  readonly title: number;
  readonly subject: number;
  readonly hosts: number;
}

/** All lines of a scene have the same, so it is found once. */
const found = new WeakMap<Scene, Widths>();

function widths(scene: Scene): Widths {
  const before = found.get(scene);
  if (before) return before;
  // Margin and sign, three gaps of two, and the right margin.
  const room = scene.size.columns - 3 - 6 - AGE - markWidth(scene) - 1;
  const need = (text: (problem: Problem) => string): number =>
    Math.max(8, ...scene.world.problems.map((problem) => widthOf(scene.theme.text(text(problem)))));
  const [title = 0, subject = 0, hosts = 0] = shareOut(room, [
    // A consequence stands a little to the right.
    { need: need(({ finding }) => finding.title) + 2, share: 42 },
    { need: need(({ finding }) => finding.subject), share: 28 },
    { need: need(({ finding }) => listed(finding.hosts)), share: 30 },
  ]);
  const made = { title, subject, hosts };
  found.set(scene, made);
  return made;
}

/** The end of a problem has room where any problem's is known. */
function markWidth({ world }: Scene): number {
  const any = world.problems.some(
    ({ acknowledged, finding }) => acknowledged !== undefined || finding.heals === true,
  );
  return any ? MARK + 2 : 0;
}

/** The line above a list of problems. */
export function problemHeading(scene: Scene): Line {
  const { title, subject, hosts } = widths(scene);
  const { theme } = scene;
  return [
    { text: ` ${fit(theme, 'PROBLEMS', title + 4)}`, as: 'heading' },
    { text: fit(theme, 'of', subject + 2), as: 'muted' },
    { text: fit(theme, 'hosts', hosts + 2), as: 'muted' },
    { text: fit(theme, 'age', AGE, { align: 'right' }), as: 'muted' },
  ];
}

/** A problem as one line; what it says stands beneath while it is selected. */
export function problemLine(scene: Scene, { problem, depth }: Listed): DocLine {
  const { finding, key } = problem;
  return {
    id: problemId(key),
    problem: key,
    opens: { kind: 'problem', key },
    hosts: finding.hosts,
    copy: `${finding.title} ${finding.subject} (${finding.hosts.join(', ')}): ${finding.says}`,
    draw: () => drawProblem(scene, problem, depth),
    more: () => [saysLine(scene, finding.says)],
  };
}

function drawProblem(scene: Scene, problem: Problem, depth: number): Line {
  const { theme, now } = scene;
  const { finding } = problem;
  const { title, subject, hosts } = widths(scene);
  const quiet = depth > 0 || problem.acknowledged !== undefined;
  const as = quiet ? 'muted' : undefined;
  const name = depth > 0 ? `${theme.glyphs.branch} ${finding.title}` : finding.title;
  const sign = quiet && problem.acknowledged ? 'muted' : problem.severity;
  return [
    { text: ` ${theme.sign(sign)} `, as: quiet ? 'muted' : problem.severity },
    { text: `${fit(theme, name, title)}  `, as },
    { text: `${fit(theme, finding.subject, subject, { cut: 'middle' })}  `, as },
    { text: `${fit(theme, listed(finding.hosts), hosts)}  `, as },
    { text: fit(theme, shortTime(now - problem.since), AGE, { align: 'right' }), as },
    {
      text: markOf(problem, now) === '' ? '' : `  ${fit(theme, markOf(problem, now), MARK)}`,
      as: 'muted',
    },
  ];
}

/** What is known of a problem's end, in a word or two. */
function markOf(problem: Problem, now: number): string {
  if (problem.acknowledged) return `seen, ${shortTime(problem.acknowledged.until - now)}`;
  return problem.finding.heals === true ? 'heals' : '';
}

function saysLine(scene: Scene, says: string): Line {
  return [{ text: `   ${atMost(scene.theme, says, scene.size.columns - 4)}`, as: 'muted' }];
}

/** What stands in for the problems that are only consequences; undefined if there are none. */
export function mutedLine(scene: Scene, problems: readonly Problem[]): Line | undefined {
  const { theme, ui, size } = scene;
  const muted = problems.filter(({ causedBy }) => causedBy !== undefined);
  if (muted.length === 0) return undefined;
  const causes = new Set(muted.map(({ causedBy }) => causedBy));
  const cause = problems.find(({ key }) => key === muted[0]?.causedBy);
  const of = causes.size === 1 && cause ? `“${cause.finding.title}”` : `${causes.size} problems`;
  const what = muted.length === 1 ? '1 consequence' : `${muted.length} consequences`;
  const verb = ui.showMuted ? 'shown' : 'muted';
  const key = `m ${ui.showMuted ? 'hide' : 'show'}`;
  return [
    { text: ` ${theme.sign('muted')} `, as: 'muted' },
    { text: fit(theme, `${verb}: ${what} of ${of}`, size.columns - 5 - key.length), as: 'muted' },
    { text: ` ${key}`, as: 'muted' },
  ];
}
