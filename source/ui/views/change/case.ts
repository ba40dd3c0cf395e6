import type { Fault } from '../../../core/form.js';
import type { Case, WayOut } from '../../../core/recovery.js';
import { count } from '../../../core/text.js';
import { shortTime } from '../../layout/age.js';
import { atMost } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import type { CaseWork } from '../../state/work.js';
import { ends, plainLine, type Line } from '../../theme/line.js';
import { blockLines, heading, labelled } from '../parts/blocks.js';
import { plainText, withoutLeadingBlank } from '../watch/details.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { titleLine } from '../parts/title.js';

/** By what a way out is selected. */
const WAY = 'way ';

/** A trouble as its recovery found it, and the ways out; undefined where nothing is looked into. */
export function caseFrame(scene: Scene): Frame | undefined {
  const { trouble } = scene.ui.work;
  if (!trouble) return undefined;
  const { found } = trouble;
  if (!found) return lookFrame(scene, trouble);
  if (!found.ok) {
    const { what, where, means, todo } = found.failure;
    return framed(scene, trouble, 'not known', [
      ...part(scene, 'What happened', `${where}: ${what}`),
      ...part(scene, 'What it means', means),
      ...part(scene, 'What to do', todo),
    ]);
  }
  return foundFrame(scene, trouble, found.made);
}

/** The way out that is selected, if one is. */
export function selectedWay(
  trouble: CaseWork | undefined,
  selected: string | undefined,
): WayOut | undefined {
  if (trouble?.found?.ok !== true || selected?.startsWith(WAY) !== true) return undefined;
  const value = selected.slice(WAY.length);
  return trouble.found.made.ways.find((way) => way.value === value);
}

function lookFrame(scene: Scene, trouble: CaseWork): Frame {
  const { theme, now } = scene;
  const since = shortTime(now - trouble.since);
  return framed(scene, trouble, 'being looked into', [
    still([
      { text: `   ${theme.sign('working')} `, as: 'working' },
      { text: theme.text(trouble.says === '' ? 'beginning' : trouble.says) },
      { text: `   ${since}`, as: 'muted' },
    ]),
    blank,
    still(plainLine('   It only looks. Nothing is changed before a plan is reviewed.', 'muted')),
  ]);
}

function framed(
  scene: Scene,
  { recovery, subject, found }: CaseWork,
  state: string,
  lines: readonly DocLine[],
): Frame {
  const body = withoutLeadingBlank(lines);
  const tone = found === undefined ? 'working' : found.ok ? 'warning' : 'unknown';
  const title = titleLine(scene, { above: recovery.title, name: subject, tone, state });
  return {
    head: [still(title), blank],
    body,
    foot: [],
    scrolls: true,
    copy: () => plainText(body),
  };
}

/**
 * What was found, to be read; beneath it the ways out, which stay in sight whatever is read, and of
 * which one is marked from the beginning.
 */
function foundFrame(scene: Scene, trouble: CaseWork, found: Case): Frame {
  const frame = framed(scene, trouble, found.verdict, foundLines(scene, trouble, found));
  const { mendable, ways, recommended } = found;
  if (!mendable || ways.length === 0) return frame;
  return {
    ...frame,
    foot: [
      blank,
      still(waysHeading(scene, trouble, found)),
      ...ways.map((way) => wayLine(scene, found, way)),
    ],
    start: `${WAY}${recommended?.value ?? ways[0]?.value ?? ''}`,
    scrolls: false,
    reads: true,
  };
}

function foundLines(scene: Scene, trouble: CaseWork, found: Case): readonly DocLine[] {
  const { recommended, blocks, happened, todo } = found;
  const drawn = (isLines: boolean): readonly DocLine[] =>
    blocks
      .filter(({ kind }) => (kind === 'lines') === isLines)
      .flatMap((block) => blockLines(scene, block));
  return [
    ...refusedLines(scene, trouble),
    // The sides first: at 80x24 there is no room for more above the ways out.
    ...drawn(false),
    ...part(scene, 'What happened', happened),
    ...part(scene, 'What to do', todo),
    ...(recommended
      ? [
          ...part(scene, 'Recommended', recommended.value),
          ...recommended.reasons.flatMap((reason, at) =>
            labelled(scene, at === 0 ? 'because' : '', reason).map(still),
          ),
        ]
      : []),
    ...drawn(true),
  ];
}

/** Why no plan is made of the way that was chosen last, and how that is taken away by hand. */
function refusedLines(scene: Scene, { refused }: CaseWork): readonly DocLine[] {
  if (!refused) return [];
  const { theme } = scene;
  return [
    ...heading(`NO PLAN IS MADE OF ${theme.text(refused.way)} YET`),
    ...refused.faults.flatMap(({ says, byHand = [] }) => [
      ...indented(scene, says, 'warning'),
      ...byHand.flatMap((one) => [
        ...indented(scene, `on ${one.host}, ${one.says}:`, 'muted'),
        ...indented(scene, `  $ ${one.line}`),
      ]),
    ]),
    ...indented(scene, nextStep(refused.faults), 'muted'),
  ];
}

function nextStep(faults: readonly Fault[]): string {
  if (faults.every(({ key }) => key === 'keepCopy')) return 'K does without a copy.';
  return 'Then R looks again. ! opens a shell there.';
}

function indented(scene: Scene, text: string, as?: 'warning' | 'muted'): readonly DocLine[] {
  // Blanks at the beginning of a text would be lost in wrapping.
  const lead = /^ */.exec(text)?.[0] ?? '';
  return wrap(scene.theme.text(text.trimStart()), scene.size.columns - 5 - lead.length).map(
    (line) => still([{ text: `   ${lead}${line}`, as }]),
  );
}

function waysHeading(
  { size, theme }: Scene,
  { keepCopy }: CaseWork,
  { ways, choosing, copies = false }: Case,
): Line {
  const copy = keepCopy ? 'yes, first' : 'no';
  const what = choosing === undefined ? '' : `: ${theme.text(choosing).toUpperCase()}`;
  return ends(
    [{ text: ` ${count(ways.length, 'WAY', 'WAYS')} OUT${what}`, as: 'heading' }],
    copies
      ? [
          { text: 'keep a copy of what is given up: ', as: 'muted' },
          { text: copy },
          { text: '  K ', as: 'key' },
        ]
      : [],
    size.columns,
  );
}

function wayLine(scene: Scene, { recommended }: Case, way: WayOut): DocLine {
  const { theme, size } = scene;
  const under = (text: string, as: 'alert' | 'muted'): readonly Line[] =>
    wrap(theme.text(text), size.columns - 9).map((line) => [{ text: `       ${line}`, as }]);
  const is = recommended?.value === way.value ? '   recommended' : '';
  const room = size.columns - widthOf(theme.text(way.value)) - is.length - 9;
  return {
    id: `${WAY}${way.value}`,
    copy: way.says,
    // A shell goes to the one that gives way: that is where something must be stopped.
    hosts: scene.world.hosts.some(({ name }) => name === way.value) ? [way.value] : [],
    draw: (): Line => [
      { text: `   ${theme.glyphs.into} ` },
      { text: theme.text(way.value), as: 'accent' },
      { text: `   ${atMost(theme, way.says, room)}` },
      { text: is, as: 'good' },
    ],
    more: () =>
      way.loses.length === 0
        ? under('nothing is lost by it', 'muted')
        : way.loses.flatMap((loss) => under(`${theme.sign('alert')} ${loss}`, 'alert')),
  };
}

function part(scene: Scene, label: string, text: string): readonly DocLine[] {
  return text === '' ? [] : [blank, ...labelled(scene, label, text).map(still)];
}
