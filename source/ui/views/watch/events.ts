import { clockTime } from '../../../core/units.js';
import type { Event } from '../../../engine/watch/world.js';
import { shortTime } from '../../layout/age.js';
import { fit } from '../../layout/fit.js';
import type { Scene } from '../../scene.js';
import { listOf } from '../../state/ui-state.js';
import { plainLine } from '../../theme/line.js';
import { matcher } from '../parts/filter.js';
import { still, type DocLine, type Frame } from '../parts/frame.js';

/** What happened, newest first. */
export function events(scene: Scene): Frame {
  const { world, ui, theme, size } = scene;
  const matches = matcher(listOf(ui).filter);
  const shown = world.events.filter(({ subject, says }) => matches(`${subject} ${says}`)).reverse();
  const current = new Set(world.problems.map(({ key }) => key));
  const subject = Math.min(32, Math.floor(size.columns * 0.25));
  return {
    head: [
      still([
        {
          text: ` ${fit(theme, 'time', 8)}  ${fit(theme, 'age', 5, { align: 'right' })}    `,
          as: 'muted',
        },
        { text: `${fit(theme, 'of', subject)}  what happened`, as: 'muted' },
      ]),
    ],
    body:
      shown.length > 0
        ? shown.map((event) => eventLine(scene, event, subject, current))
        : [
            still(
              plainLine(
                `   ${world.events.length > 0 ? 'Nothing matches.' : 'Nothing has happened since the console was opened.'}`,
                'muted',
              ),
            ),
          ],
    foot: [],
    matches: { shown: shown.length, of: world.events.length },
  };
}

function eventLine(
  scene: Scene,
  event: Event,
  subject: number,
  current: ReadonlySet<string>,
): DocLine {
  const { theme, now, size } = scene;
  const { problem } = event;
  const isOpen = problem !== undefined && current.has(problem);
  return {
    id: `event ${event.id}`,
    copy: `${clockTime(event.at)} ${event.subject}: ${event.says}`,
    ...(isOpen ? { opens: { kind: 'problem', key: problem }, problem } : {}),
    draw: () => [
      { text: ` ${clockTime(event.at)}  `, as: 'muted' },
      { text: fit(theme, shortTime(now - event.at), 5, { align: 'right' }), as: 'muted' },
      { text: `  ${theme.sign(event.tone)} `, as: event.tone },
      { text: `${fit(theme, event.subject, subject, { cut: 'middle' })}  ` },
      { text: fit(theme, event.says, size.columns - subject - 23) },
    ],
  };
}
