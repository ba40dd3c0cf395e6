import type { Tone } from '../../../core/pane.js';
import { atMost } from '../../layout/fit.js';
import { widthOf } from '../../layout/width.js';
import type { Scene } from '../../scene.js';
import { ends, lineWidth, type Line } from '../../theme/line.js';

/** The title of what is laid open: where it belongs, what it is, how it is, since when. */
export function titleLine(
  scene: Scene,
  title: {
    readonly above: string;
    readonly name: string;
    readonly tone?: Tone;
    readonly state?: string;
    readonly age?: string;
  },
): Line {
  const { theme, size } = scene;
  const sign = title.tone === undefined ? '' : `${theme.sign(title.tone)} `;
  const state = atMost(theme, title.state ?? '', Math.floor(size.columns / 3));
  const age = title.age === undefined ? '' : `   ${title.age}`;
  const rest = size.columns - widthOf(sign + state + age + theme.text(title.name)) - 8;
  const above = atMost(theme, title.above, Math.max(Math.floor(size.columns / 3), rest));
  const room = size.columns - widthOf(sign + state + age + above) - 8;
  return ends(
    [
      { text: ` ${above} ${theme.glyphs.into} `, as: 'muted' },
      { text: atMost(theme, title.name, room, 'middle'), as: 'heading' },
    ],
    [{ text: `${sign}${state}`, as: title.tone }, { text: `${age} ` }],
    size.columns,
  );
}

/** The title of a change: what it is, cut only where there is no room; how far it is; what is counted. */
export function changeTitle(
  { theme, size }: Scene,
  title: { readonly name: string; readonly state: string },
  right: Line,
): Line {
  const state = ` ${theme.glyphs.into} ${theme.text(title.state)}`;
  const room = size.columns - lineWidth(right) - widthOf(state) - 3;
  return ends(
    [
      { text: ` ${atMost(theme, title.name, room)}`, as: 'heading' },
      { text: state, as: 'muted' },
    ],
    right,
    size.columns,
  );
}
