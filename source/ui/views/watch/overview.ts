import { count } from '../../../core/text.js';
import type { Summary } from '../../../core/pane.js';
import type { StackView } from '../../../engine/watch/world.js';
import { fit } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import type { Scene } from '../../scene.js';
import { listOf, type Place } from '../../state/ui-state.js';
import { plainLine, type Line } from '../../theme/line.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import {
  filterProblems,
  listProblems,
  mutedLine,
  problemHeading,
  problemLine,
} from './problem-list.js';
import { runningLine } from '../change/running.js';
import { unfinishedLines } from '../change/runs.js';

/** The fleet at a glance: a line for each stack, then what is wrong, then what is under way. */
export function overview(scene: Scene): Frame {
  const { world, ui } = scene;
  const all = listProblems(world.problems, ui.showMuted);
  const shown = filterProblems(all, listOf(ui).filter);
  const problems = shown.map((listed) => problemLine(scene, listed));
  const muted = mutedLine(scene, world.problems);
  return {
    head: [...stackLines(scene), blank, still(problemHeading(scene))],
    body: [
      ...problems,
      ...(problems.length === 0 ? [still(noProblems(scene, all.length))] : []),
      ...(muted ? [still(muted)] : []),
    ],
    foot: [...unfinishedLines(scene), ...runningLines(scene)],
    start: problems[0]?.id,
    matches: { shown: shown.length, of: all.length },
  };
}

function stackLines(scene: Scene): readonly DocLine[] {
  const { stacks, hostsView } = scene.world;
  const places: readonly (readonly [Place, StackView])[] = [
    ...stacks.map((view): readonly [Place, StackView] => [`stack:${view.id}`, view]),
    ['hosts', hostsView],
  ];
  const title = Math.min(
    14,
    Math.max(...places.map(([, view]) => widthOf(scene.theme.text(view.title)))),
  );
  return places.map(([place, view]) => ({
    id: `summary ${place}`,
    opens: { kind: 'place', place },
    draw: () => drawSummary(scene, view, title),
  }));
}

function drawSummary(scene: Scene, { title, summary }: StackView, titleWidth: number): Line {
  const { theme, size } = scene;
  const room = size.columns - titleWidth - 5;
  return [
    { text: ` ${fit(theme, title, titleWidth)} `, as: 'heading' },
    { text: `${theme.sign(summary.tone)} `, as: summary.tone },
    ...drawCells(scene, summary, room),
  ];
}

/** Where the second and the third cell begin, as shares of the room. */
const STOPS = [0, 0.24, 0.56] as const;
/** With less room than this a cell says nothing any more. */
const LEAST = 6;

/**
 * Three cells at fixed places, so that the eye rests; one that needs more room pushes the next one
 * on, and only what would leave the screen is cut.
 */
function drawCells(scene: Scene, { first, second, third }: Summary, room: number): Line {
  const { theme } = scene;
  const spans = [];
  let at = 0;
  for (const [index, cell] of [first, second, third].entries()) {
    if (cell.text === '') continue;
    const stop = Math.floor(room * (STOPS[index] ?? 0));
    const gap = at === 0 ? stop : Math.max(stop - at, 2);
    const left = room - at - gap;
    if (left < LEAST) break;
    const text = fit(theme, cell.text, Math.min(left, widthOf(theme.text(cell.text))));
    spans.push({ text: `${' '.repeat(gap)}${text}`, as: cell.tone });
    at += gap + widthOf(text);
  }
  return spans;
}

function noProblems(scene: Scene, all: number): Line {
  const { world, theme } = scene;
  if (all > 0) return plainLine('   No problem matches the filter.', 'muted');
  const waiting = world.hosts.filter(({ phase }) => phase === 'connecting').length;
  if (!world.complete) {
    const asked = world.hosts.length;
    return [
      { text: ` ${theme.sign('working')} `, as: 'working' },
      {
        text: `asking ${count(asked, 'host')}${theme.text('…')}  ${asked - waiting} answered so far`,
      },
    ];
  }
  const silent = world.hosts.filter(({ phase }) => phase !== 'up').length;
  if (silent > 0) {
    const verb = silent === 1 ? 'does' : 'do';
    return [
      { text: ` ${theme.sign('unknown')} `, as: 'unknown' },
      { text: `nothing wrong is seen, but ${count(silent, 'host')} ${verb} not answer` },
    ];
  }
  return [{ text: ` ${theme.sign('good')} `, as: 'good' }, { text: 'nothing is wrong' }];
}

function runningLines(scene: Scene): readonly DocLine[] {
  const { running } = scene.world;
  if (running.length === 0) return [];
  const most = Math.max(2, Math.floor(scene.size.rows / 8));
  const shown = running.length > most ? running.slice(0, most - 1) : running;
  const rest = running.length - shown.length;
  return [
    blank,
    still(plainLine(` RUNNING`, 'heading')),
    ...shown.map((one) => still(runningLine(scene, one))),
    ...(rest > 0 ? [still(plainLine(`   and ${rest} more`, 'muted'))] : []),
  ];
}
