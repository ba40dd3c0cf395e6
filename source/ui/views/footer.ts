import { footerCommands, labelOf } from '../keys/find.js';
import type { Situation } from '../keys/situation.js';
import type { KeyCommand } from '../keys/command.js';
import { atMost, fit } from '../layout/fit.js';
import { widthOf } from '../layout/width.js';
import { listOf } from '../state/ui-state.js';
import { keyLabel } from '../terminal/key-names.js';
import { ends, type Line, type Span } from '../theme/line.js';

/** The keys that work here, as many as fit; the way to all keys and the way out are always there. */
export function footerLine(situation: Situation): Line {
  const { size } = situation.scene;
  const all = footerCommands(situation).map((command) => ({
    command,
    spans: keySpans(situation, command),
  }));
  const width = (spans: Line): number => spans.reduce((sum, { text }) => sum + widthOf(text), 0);
  let room = size.columns - 1;
  const kept = all.filter(({ spans }) => {
    if (width(spans) > room) return false;
    room -= width(spans);
    return true;
  });
  const rank0 = kept.filter(({ command }) => command.rank === 0);
  const rest = kept.filter(({ command }) => command.rank !== 0);
  return [...rest, ...rank0].flatMap(({ spans }) => spans);
}

function keySpans(situation: Situation, command: KeyCommand): Line {
  const { theme } = situation.scene;
  const first = command.keys[0] ?? '';
  const key = first === 'enter' ? theme.glyphs.enter : theme.text(keyLabel(first));
  return [
    { text: ` ${key}`, as: 'key' },
    { text: ` ${labelOf(command, situation)} `, as: 'muted' },
  ];
}

/** The line above the keys: what is typed or what was just said, and where in the list one is. */
export function statusLine(situation: Situation): Line {
  const { scene } = situation;
  const position = positionOf(situation);
  const room = scene.size.columns - position.length - 3;
  return ends(
    statusLeft(situation, room),
    [{ text: `${fit(scene.theme, position, position.length)} `, as: 'muted' }],
    scene.size.columns,
  );
}

function statusLeft({ scene, layout }: Situation, room: number): Line {
  const { ui, theme } = scene;
  const { filter } = listOf(ui);
  if (ui.filtering || filter !== '') {
    const matches = layout.frame.matches;
    const found = matches ? `   ${matches.shown} of ${matches.of}` : '';
    const cursor = ui.filtering ? theme.glyphs.cursor : '';
    return [
      { text: ' /', as: 'key' },
      { text: atMost(theme, filter, room - 20) },
      { text: cursor, as: 'accent' },
      { text: found, as: 'muted' },
    ];
  }
  if (!ui.notice) return [];
  const sign: Span = { text: ` ${theme.sign(ui.notice.tone)} `, as: ui.notice.tone };
  return [sign, { text: atMost(theme, ui.notice.text, room - 4) }];
}

/** `14 of 200`, or how far a text was scrolled; nothing where all of it is in sight. */
function positionOf({ layout }: Situation): string {
  const { total, height, top, place, reads } = layout;
  if (total <= height) return '';
  if (reads) {
    const below = total - top - height;
    return below <= 0 ? 'end' : `${below} more below`;
  }
  return place.at > 0 ? `${place.at} of ${place.of}` : `${place.of} lines`;
}
