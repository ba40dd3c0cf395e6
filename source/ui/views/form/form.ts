import type { Failure } from '../../../core/failure.js';
import type { Fault } from '../../../core/form.js';
import { clean, count } from '../../../core/text.js';
import { shortTime } from '../../layout/age.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import {
  askedOn,
  chosenOf,
  filledOf,
  HOSTS,
  isAbout,
  rowsOf,
  type Asked,
  type Page,
  type WizardWork,
} from '../../state/wizard-work.js';
import { plainLine, type Line } from '../../theme/line.js';
import { labelled } from '../parts/blocks.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { changeTitle } from '../parts/title.js';
import { manyPart, onePart, yesNoPart, type Part } from './choices.js';
import { fieldLines } from './field.js';
import { hostsQuestion } from './hosts-question.js';
import { tablePart } from './table-rows.js';

/**
 * A page of a wizard's form: one question at a time. At 80x24 a table of disks needs the whole
 * screen and each question its explanation; on one page with the others neither would have room.
 */
export function formFrame(scene: Scene, page: Page): Frame | undefined {
  const work = scene.ui.work.wizard;
  if (!work) return undefined;
  if (work.look.kind === 'looking') return lookFrame(scene, work, work.look);
  if (work.look.kind === 'failed') return failedFrame(scene, work, work.look.failure);
  const asked = pageAsked(scene, work, page);
  return asked && questionFrame(scene, work, page, asked);
}

/** What is asked on a page, the hosts included. */
export function pageAsked(scene: Scene, work: WizardWork, page: Page): Asked | undefined {
  if (page.question !== HOSTS) return askedOn(work, page);
  return { kind: 'question', question: hostsQuestion(scene.world), answer: work.hosts };
}

function questionFrame(scene: Scene, work: WizardWork, page: Page, asked: Asked): Frame {
  const { question } = asked;
  const faults = faultsOf(work, page);
  const part = partOf(scene, work, asked, faults);
  const own = faults.filter(({ key }) => !isOfRow(key, page, asked));
  return {
    head: [
      still(titleLine(scene, work, page, asked)),
      blank,
      still([{ text: ` ${clean(question.ask)}`, as: 'heading' }]),
      ...said(scene, question.explains, 'muted'),
      ...own.flatMap(({ key, says }) => faultLines(scene, key, says, question.key)),
      blank,
      ...part.heading,
    ],
    body: part.body,
    foot: [],
    ...(part.start !== undefined && { start: part.start }),
    ...(part.matches && { matches: part.matches }),
  };
}

function partOf(scene: Scene, work: WizardWork, asked: Asked, faults: readonly Fault[]): Part {
  const { question, answer } = asked;
  switch (question.kind) {
    case 'many':
      return manyPart(scene, question, answer);
    case 'one':
      return onePart(scene, question, answer);
    case 'yes-no':
      return yesNoPart(scene, answer);
    case 'table':
      return tablePart(scene, question, answer, faults);
    case 'text':
    case 'secret':
    case 'number':
      return { heading: [], body: fieldLines(scene, question, work.field) };
  }
}

/** What stands against the answer here; what belongs to no question is said on every page. */
function faultsOf({ faults, look, given }: WizardWork, { question, cell }: Page): readonly Fault[] {
  const { questions } = filledOf({ look, given });
  const lost = faults.filter(
    ({ key }) => !questions.some((one) => isAbout({ key, says: '' }, one.key)),
  );
  const path = cell ? `${question}.${cell.row}.${cell.column}` : question;
  return [...faults.filter((fault) => isAbout(fault, path)), ...lost];
}

function isOfRow(key: string, { question }: Page, { kind, question: asked }: Asked): boolean {
  return kind === 'question' && asked.kind === 'table' && key.startsWith(`${question}.`);
}

function faultLines(scene: Scene, key: string, says: string, own: string): readonly DocLine[] {
  const { theme, size } = scene;
  // A part of the answer is named; the question itself stands above.
  const part = key === own || key === '' || key.endsWith(`.${own}`) ? '' : `${clean(key)}: `;
  return wrap(theme.text(`${part}${says}`), size.columns - 5).map((text, at) =>
    still([
      { text: ` ${at === 0 ? theme.sign('warning') : ' '} `, as: 'warning' },
      { text, as: 'warning' },
    ]),
  );
}

function titleLine(scene: Scene, work: WizardWork, page: Page, asked: Asked): Line {
  const { theme } = scene;
  const { questions } = filledOf(work);
  const at = questions.findIndex(({ key }) => key === page.question) + 1;
  const hosts = page.question === HOSTS;
  const where =
    asked.kind === 'cell'
      ? `${asked.table.row} ${asked.row + 1}`
      : hosts
        ? 'hosts'
        : `${at} of ${questions.length}`;
  const open = new Set(
    work.faults.flatMap(
      ({ key }) => questions.find((q) => isAbout({ key, says: '' }, q.key))?.key ?? [],
    ),
  );
  const right: Line = [
    { text: amount(asked) },
    ...(open.size > 0
      ? [
          {
            text: `   ${theme.sign('warning')} ${count(open.size, 'answer')}`,
            as: 'warning' as const,
          },
        ]
      : []),
    { text: hosts ? ' ' : `   ${count(work.hosts.length, 'host')} `, as: 'muted' },
  ];
  return changeTitle(scene, { name: work.wizard.title, state: where }, right);
}

/** How much was chosen. */
function amount({ question, answer }: Asked): string {
  if (question.kind === 'many') return `${chosenOf(answer).length} marked`;
  if (question.kind === 'table') return count(rowsOf(answer).length, question.row);
  return '';
}

function lookFrame(
  scene: Scene,
  work: WizardWork,
  look: Extract<WizardWork['look'], { kind: 'looking' }>,
): Frame {
  const { theme, now } = scene;
  return {
    head: [still(plainTitle(scene, work, 'being looked at')), blank],
    body: [
      still([
        { text: `   ${theme.sign('working')} `, as: 'working' },
        { text: theme.text(look.says === '' ? 'beginning' : look.says) },
        { text: `   ${shortTime(now - look.since)}`, as: 'muted' },
      ]),
      blank,
      still(plainLine('   It only looks. Nothing is changed before a plan is reviewed.', 'muted')),
    ],
    foot: [],
    scrolls: true,
  };
}

function failedFrame(scene: Scene, work: WizardWork, failure: Failure): Frame {
  const { what, where, means, todo } = failure;
  const part = (label: string, text: string): readonly DocLine[] =>
    text === '' ? [] : [...labelled(scene, label, text).map(still), blank];
  return {
    head: [still(plainTitle(scene, work, 'not looked at')), blank],
    body: [
      ...part('What happened', `${where}: ${what}`),
      ...part('What it means', means),
      ...part('What to do', todo),
    ],
    foot: [],
    scrolls: true,
  };
}

function plainTitle({ theme }: Scene, { wizard }: WizardWork, state: string): Line {
  return [
    { text: ` ${theme.text(wizard.title)}`, as: 'heading' },
    { text: ` ${theme.glyphs.into} ${state}`, as: 'muted' },
  ];
}

function said({ theme, size }: Scene, text: string, as: 'muted'): readonly DocLine[] {
  if (text === '') return [];
  return wrap(theme.text(text), size.columns - 3).map((part) => still([{ text: ` ${part}`, as }]));
}
