import type { Case, WayOut } from '../../core/recovery.js';
import { clean } from '../../core/text.js';
import { shortTime } from '../layout/age.js';
import { wrap } from '../layout/wrap.js';
import type { Scene } from '../scene.js';
import type { CaseWork } from '../state/work.js';
import { plainLine, type Line } from '../theme/line.js';
import { blockLines, heading, labelled } from './blocks.js';
import { plainText, withoutLeadingBlank } from './details.js';
import { blank, still, type DocLine, type Frame } from './frame.js';
import { titleLine } from './title.js';

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
  return framed(scene, trouble, found.made.verdict, foundLines(scene, trouble, found.made));
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
    // Every line can be reached, so that nothing of the evidence stays out of sight.
    body: body.map((line, at) => (line === blank ? line : { id: `line ${at}`, ...line })),
    foot: [],
    copy: () => plainText(body),
  };
}

function foundLines(scene: Scene, trouble: CaseWork, found: Case): readonly DocLine[] {
  const { recommended, ways } = found;
  return [
    ...part(scene, 'What happened', found.happened),
    ...found.blocks
      .filter(({ kind }) => kind !== 'lines')
      .flatMap((block) => blockLines(scene, block)),
    ...part(scene, 'What to do', found.todo),
    ...(recommended
      ? [
          ...part(scene, 'Recommended', recommended.value),
          ...recommended.reasons.flatMap((reason, at) =>
            labelled(scene, at === 0 ? 'because' : '', reason).map(still),
          ),
        ]
      : []),
    ...(found.mendable && ways.length > 0
      ? [
          ...heading('WAYS OUT: WHO GIVES WAY'),
          ...ways.flatMap((way) => wayLines(scene, trouble, found, way)),
          blank,
          keepLine(scene, trouble),
        ]
      : []),
    // The hosts' own output can be long: what is to be chosen stands before it.
    ...found.blocks
      .filter(({ kind }) => kind === 'lines')
      .flatMap((block) => blockLines(scene, block)),
  ];
}

function wayLines(
  scene: Scene,
  { refused }: CaseWork,
  { recommended }: Case,
  way: WayOut,
): readonly DocLine[] {
  const { theme, size } = scene;
  const under = (text: string, as?: 'alert' | 'warning' | 'muted'): readonly DocLine[] =>
    wrap(theme.text(text), size.columns - 9).map((line) => still([{ text: `       ${line}`, as }]));
  const why = refused?.way === way.value ? refused.faults : [];
  return [
    {
      id: `${WAY}${way.value}`,
      copy: way.says,
      draw: (): Line => [
        { text: `   ${theme.glyphs.into} ` },
        { text: theme.text(way.value), as: 'accent' },
        { text: `   ${theme.text(way.says)}` },
        { text: recommended?.value === way.value ? '   recommended' : '', as: 'good' },
      ],
    },
    ...(way.loses.length === 0
      ? under('nothing is lost by it', 'muted')
      : way.loses.flatMap((loss) => under(`${theme.sign('alert')} ${loss}`, 'alert'))),
    ...why.flatMap(({ says }) => under(`no plan is made of it: ${clean(says)}`, 'warning')),
  ];
}

function keepLine(scene: Scene, { keepCopy }: CaseWork): DocLine {
  const text = keepCopy
    ? 'yes: what is given up is copied first'
    : 'no: what is given up is gone for good';
  const [line = []] = labelled(scene, 'Keep a copy', `${text}   (K changes it)`);
  return still(line);
}

function part(scene: Scene, label: string, text: string): readonly DocLine[] {
  return text === '' ? [] : [blank, ...labelled(scene, label, text).map(still)];
}
