import type { Pending } from '../../engine/questions.js';
import { listed } from '../../core/text.js';
import { openWord } from '../keys/change-gate.js';
import { menuOf } from '../keys/menus.js';
import { matchEntries, paletteEntries } from '../keys/palette.js';
import type { Situation } from '../keys/situation.js';
import { fit } from '../layout/fit.js';
import { widthOf } from '../layout/width.js';
import { wrap } from '../layout/wrap.js';
import { scrolled } from '../state/list.js';
import { lineWidth, paint, type Line } from '../theme/line.js';
import type { Scene } from '../scene.js';
import type { Acceptance, Agreement } from '../state/ui-state.js';

/** The word that is typed to trust a host key, as OpenSSH asks for it. */
export const TRUST = 'yes';

/** What stands at the foot of the screen and has the keys, as painted lines; none if there is none. */
export function sheetLines(situation: Situation): readonly string[] {
  const { scene, question } = situation;
  const lines = question ? questionLines(scene, question) : sheetOf(situation);
  return lines.map(({ line, selected }) =>
    paint(scene.theme, line, { width: scene.size.columns, selected }),
  );
}

interface SheetLine {
  readonly line: Line;
  readonly selected: boolean;
}

function sheetOf(situation: Situation): readonly SheetLine[] {
  const { scene } = situation;
  const { sheet } = scene.ui;
  switch (sheet?.kind) {
    case undefined:
      return [];
    case 'menu': {
      const { title, choices } = menuOf(scene, sheet.menu);
      const width = Math.min(48, Math.max(...choices.map(({ label }) => widthOf(label)))) + 2;
      return [
        ...top(scene, title),
        ...choiceLines(
          scene,
          choices.map(({ label, says }) => [
            { text: `   ${fit(scene.theme, label, width)} ` },
            { text: fit(scene.theme, says, scene.size.columns - width - 6), as: 'muted' },
          ]),
          sheet.index,
        ),
      ];
    }
    case 'palette':
      return paletteLines(situation, sheet.text, sheet.index);
    case 'agree':
      return agreeLines(scene, sheet);
    case 'accept':
      return acceptLines(scene, sheet);
  }
}

/** The rule above a sheet, with its title in it. */
function top({ theme, size }: Scene, title: string): readonly SheetLine[] {
  const shown = fit(theme, title, Math.min(size.columns - 8, widthOf(theme.text(title))));
  const begin = theme.glyphs.rule.repeat(2);
  const left: Line = [
    { text: begin, as: 'muted' },
    { text: ` ${shown} `, as: 'heading' },
  ];
  const rest = theme.glyphs.rule.repeat(Math.max(0, size.columns - lineWidth(left)));
  return [{ line: [...left, { text: rest, as: 'muted' }], selected: false }];
}

/** As many choices as have their place, around the marked one. */
function choiceLines(scene: Scene, lines: readonly Line[], index: number): readonly SheetLine[] {
  const height = Math.max(3, Math.floor(scene.size.rows / 3));
  const from = scrolled(0, { total: lines.length, height }, { from: index, to: index });
  return lines.map((line, at) => ({ line, selected: at === index })).slice(from, from + height);
}

function paletteLines(situation: Situation, text: string, index: number): readonly SheetLine[] {
  const { scene } = situation;
  const { theme, size } = scene;
  const matches = matchEntries(paletteEntries(situation), text);
  const title = 26;
  const field: Line = [
    { text: ' :', as: 'key' },
    { text: theme.text(text) },
    { text: theme.glyphs.cursor, as: 'accent' },
    { text: matches.length === 0 ? '   nothing has this name' : '', as: 'muted' },
  ];
  return [
    ...top(scene, 'Go to, or do'),
    { line: field, selected: false },
    ...choiceLines(
      scene,
      matches.map((entry) => [
        { text: `   ${fit(theme, entry.title, title, { cut: 'middle' })} ` },
        { text: `${fit(theme, entry.key, 7)} `, as: 'key' },
        { text: fit(theme, entry.says, size.columns - title - 14), as: 'muted' },
      ]),
      index,
    ),
  ];
}

/** The question before hosts are changed: the words to be typed first, then No and Yes. */
function agreeLines(scene: Scene, sheet: Agreement): readonly SheetLine[] {
  const plan = scene.ui.work.review?.plan ?? scene.ui.work.run?.plan;
  const { title, says, yes } = AGREEMENTS[sheet.to];
  const heading = top(scene, `${title}: ${plan?.title ?? ''}?`);
  const open = openWord(scene, sheet);
  if (open) {
    return [
      ...heading,
      ...text(scene, open.accepts),
      { line: field(scene, `  type ${open.word} to accept that: `, sheet.text), selected: false },
    ];
  }
  const hosts = [...new Set(plan?.steps.map(({ host }) => host))];
  const choice = (label: string, index: number): SheetLine => ({
    line: [{ text: `   ${label}` }],
    selected: sheet.index === index,
  });
  return [
    ...heading,
    ...text(scene, `${says} ${listed(hosts)}.`, 'muted'),
    choice('No, change nothing', 0),
    choice(yes, 1),
  ];
}

/** What choosing something accepts, asked by itself. */
function acceptLines(scene: Scene, sheet: Acceptance): readonly SheetLine[] {
  const choice = (label: string, index: number): SheetLine => ({
    line: [{ text: `   ${label}` }],
    selected: sheet.index === index,
  });
  return [
    ...top(scene, sheet.what),
    ...text(scene, `Choosing it accepts: ${sheet.accepts}`),
    choice('No, leave it', 0),
    choice('Yes, choose it', 1),
  ];
}

const AGREEMENTS: Readonly<
  Record<Agreement['to'], { readonly title: string; readonly says: string; readonly yes: string }>
> = {
  apply: { title: 'Apply', says: 'It changes', yes: 'Yes, carry it out' },
  resume: { title: 'Go on', says: 'It goes on to change', yes: 'Yes, go on' },
  undo: { title: 'Undo', says: 'It takes back what was done on', yes: 'Yes, take it back' },
};

/** A text over as many lines as it takes. */
function text({ theme, size }: Scene, says: string, as?: 'muted'): readonly SheetLine[] {
  return wrap(theme.text(says), size.columns - 4).map((part) => ({
    line: [{ text: `  ${part}`, as }],
    selected: false,
  }));
}

const KEPT_IN_MEMORY = 'It is kept in memory until the console ends, and written nowhere.';

/** A run that is killed must be gone on with by the same secret: docs/decisions/0010. */
const KEPT_FOR_THE_RUN =
  'It is never shown. Until the run has ended well it lies beside its journal, readable by you alone.';

function questionLines(scene: Scene, pending: Pending): readonly SheetLine[] {
  const { theme, ui } = scene;
  const typed = ui.answer.question === pending.id ? ui.answer.text : '';
  if (pending.kind === 'secret') {
    const { host, prompt, attempt, kind } = pending.question;
    return [
      ...top(scene, `${host}: ${prompt}`),
      ...(attempt > 0 ? text(scene, `That was wrong (${attempt} so far).`) : []),
      ...text(scene, kind === 'plan' ? KEPT_FOR_THE_RUN : KEPT_IN_MEMORY, 'muted'),
      {
        line: field(scene, '  ', theme.glyphs.mask.repeat(Array.from(typed).length)),
        selected: false,
      },
    ];
  }
  const { host, target, type, fingerprint } = pending.question;
  const trusts = typed === TRUST;
  return [
    ...top(scene, `${host}: the host key is not known`),
    ...text(scene, `${target}  ${type}`),
    ...text(scene, fingerprint),
    ...text(
      scene,
      'Compare it with what the host itself says (ssh-keygen -lf). Trusted, it is remembered in known_hosts.',
      'muted',
    ),
    {
      line: [
        ...button(scene, trusts ? 'Yes, trust and remember it' : 'No, do not connect'),
        ...field(scene, `   type ${TRUST} to trust it: `, typed),
      ],
      selected: false,
    },
  ];
}

/** The answer that Enter gives now. */
function button({ theme }: Scene, label: string): Line {
  return [{ text: `  ${theme.glyphs.marker}` }, { text: `${label} `, as: 'accent' }];
}

function field({ theme }: Scene, label: string, typed: string): Line {
  return [
    { text: label, as: 'muted' },
    { text: theme.text(typed) },
    { text: theme.glyphs.cursor, as: 'accent' },
  ];
}
