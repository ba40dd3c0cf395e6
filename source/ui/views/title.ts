import type { Tone } from '../../core/pane.js';
import { atMost } from '../layout/fit.js';
import { widthOf } from '../layout/width.js';
import type { Scene } from '../scene.js';
import { ends, type Line } from '../theme/line.js';

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
  const above = atMost(theme, title.above, Math.floor(size.columns / 3));
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
