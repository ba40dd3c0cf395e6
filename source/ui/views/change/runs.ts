import { count, listed } from '../../../core/text.js';
import {
  doneSteps,
  hostsOfRun,
  isUnfinished,
  runWords,
  type RunLook,
} from '../../../engine/run/run-look.js';
import type { Column, Tone } from '../../../core/pane.js';
import { atMost } from '../../layout/fit.js';
import { shortTime } from '../../layout/age.js';
import type { Scene } from '../../scene.js';
import { plainLine } from '../../theme/line.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { drawCells, tableColumns, tableHeading } from '../parts/table.js';

const COLUMNS: readonly Column[] = [
  { title: 'WHAT', min: 24, grow: 2 },
  { title: 'STANDS', min: 18 },
  { title: 'STEPS', min: 8, align: 'right' },
  { title: 'HOSTS', min: 12, grow: 1 },
  { title: 'CLUSTER', min: 8, drop: 2 },
  { title: 'BEGUN', min: 6, align: 'right' },
];

/** What was carried out from this machine, the newest first; what is half done says so. */
export function runsFrame(scene: Scene): Frame {
  const { theme, size, ui } = scene;
  const { runs } = ui.work;
  const placed = tableColumns(COLUMNS, size.columns);
  const body = (runs ?? []).map((look) => runLine(scene, look, placed));
  const text = runs ? 'Nothing was carried out from this machine yet.' : 'reading the journals';
  return {
    head: [
      still([{ text: ' Runs of this machine', as: 'heading' }]),
      blank,
      ...(body.length > 0 ? [still(tableHeading(theme, placed))] : []),
    ],
    body: body.length > 0 ? body : [still(plainLine(`   ${text}`, 'muted'))],
    foot: [],
  };
}

/** By what a run is selected. */
export function runId(run: string): string {
  return `run ${run}`;
}

function runLine(scene: Scene, look: RunLook, placed: ReturnType<typeof tableColumns>): DocLine {
  const { theme, now } = scene;
  const { state } = look;
  const tone = toneOf(look);
  const cells = [
    { text: state.plan.title },
    { text: runWords(look), tone },
    { text: `${doneSteps(state)} of ${state.plan.steps.length}` },
    { text: listed(hostsOfRun(state)) },
    { text: state.plan.cluster },
    { text: shortTime(now - Date.parse(state.begunAt)) },
  ];
  return {
    id: runId(state.run),
    hosts: hostsOfRun(state),
    copy: state.run,
    draw: () => [
      { text: ` ${theme.sign(tone)} `, as: tone },
      ...drawCells(theme, placed, cells, { depth: 0, faint: false }),
    ],
    more: () => [plainLine(`   ${state.run}, begun by ${theme.text(state.by)}`, 'muted')],
  };
}

function toneOf(look: RunLook): Tone {
  if (look.running) return 'working';
  return isUnfinished(look) ? 'warning' : 'good';
}

/** Told on the overview, once for all of them: what was begun on these hosts and is half done. */
export function unfinishedLines(scene: Scene): readonly DocLine[] {
  const { theme, ui, world } = scene;
  const open = (ui.work.runs ?? []).filter(
    (look) => isUnfinished(look) && look.state.plan.cluster === world.cluster,
  );
  const [first] = open;
  if (!first) return [];
  const what =
    open.length === 1
      ? `${atMost(theme, first.state.plan.title, scene.size.columns - 40)}: ${runWords(first)}`
      : `${count(open.length, 'run')} half done`;
  return [
    blank,
    still([
      { text: ` ${theme.sign('notice')} `, as: 'notice' },
      { text: what },
      { text: '   J runs', as: 'muted' },
    ]),
  ];
}
