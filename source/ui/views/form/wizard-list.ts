import { fit } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import { listOf } from '../../state/ui-state.js';
import { plainLine } from '../../theme/line.js';
import type { Offered } from '../../changes.js';
import { matcher } from '../parts/filter.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';

/** What can be set up, with what each is for; where nothing may be, the reason. */
export function wizardList(scene: Scene, closed: string | undefined): Frame {
  const { changes, ui, theme } = scene;
  const all = changes?.wizards ?? [];
  const matches = matcher(listOf(ui).filter);
  const shown = all.filter(({ title, says, id }) => matches(`${title} ${says} ${id}`));
  const width =
    Math.min(40, Math.max(0, ...all.map(({ title }) => widthOf(theme.text(title))))) + 2;
  return {
    head: [
      still([
        { text: ' Set up', as: 'heading' },
        { text: '   it looks, asks, and makes a plan to be reviewed', as: 'muted' },
      ]),
      ...(closed === undefined
        ? []
        : [still([{ text: ` ${theme.sign('notice')} `, as: 'notice' }, { text: closed }])]),
      blank,
    ],
    body:
      shown.length > 0
        ? shown.map((wizard) => wizardLine(scene, wizard, width, closed !== undefined))
        : [still(plainLine('   Nothing here can be set up.', 'muted'))],
    foot: [],
    matches: { shown: shown.length, of: all.length },
  };
}

function wizardLine(
  scene: Scene,
  { id, title, says }: Offered,
  width: number,
  faint: boolean,
): DocLine {
  const { theme, size } = scene;
  const room = size.columns - width - 5;
  const whole = wrap(theme.text(says), size.columns - 8);
  return {
    id,
    copy: id,
    draw: () => [
      { text: `   ${fit(theme, title, width)}`, as: faint ? 'muted' : undefined },
      { text: fit(theme, says, room), as: 'muted' },
    ],
    // Beneath the line only what the line has no room for.
    more: () =>
      widthOf(theme.text(says)) <= room
        ? []
        : whole.map((part) => plainLine(`      ${part}`, 'muted')),
  };
}
