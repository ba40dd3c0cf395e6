import { clockTime } from '../../../core/units.js';
import type { LogEntry } from '../../../engine/watch/world.js';
import { atMost, fit } from '../../layout/fit.js';
import type { Scene } from '../../scene.js';
import { listOf } from '../../state/ui-state.js';
import { plainLine } from '../../theme/line.js';
import { matcher } from '../parts/filter.js';
import { still, type DocLine, type Frame } from '../parts/frame.js';

const HOST = 14;
const ENDED = 16;
const TOOK = 7;

/** Each thing that was done on a host, newest first: in words, and under it the exact commands. */
export function log(scene: Scene): Frame {
  const { world, ui } = scene;
  const matches = matcher(listOf(ui).filter);
  const shown = world.log
    .filter(({ host, says, commands }) =>
      matches([host, says, ...commands.map(({ line }) => line)].join(' ')),
    )
    .reverse();
  return {
    head: [],
    body:
      shown.length > 0
        ? shown.flatMap((entry) => entryLines(scene, entry))
        : [still(plainLine('   Nothing was asked of any host yet.', 'muted'))],
    foot: [],
    matches: { shown: shown.length, of: world.log.length },
  };
}

function entryLines(scene: Scene, entry: LogEntry): readonly DocLine[] {
  const { theme, size } = scene;
  const { id, at, host, says, commands } = entry;
  return [
    {
      id: `entry ${id}`,
      hosts: [host],
      copy: commands.map(({ line }) => line).join('\n'),
      draw: () => [
        { text: ` ${clockTime(at)}  `, as: 'muted' },
        { text: `${fit(theme, host, HOST, { cut: 'middle' })}  `, as: 'accent' },
        { text: atMost(theme, says, size.columns - HOST - 14) },
      ],
    },
    ...commands.map((command, index): DocLine => ({
      id: `entry ${id} ${index}`,
      hosts: [host],
      copy: command.line,
      draw: () => [
        { text: `   ${theme.sign(command.tone)} `, as: command.tone },
        { text: `${fit(theme, command.line, size.columns - 9 - ENDED - TOOK)}  `, as: 'muted' },
        { text: fit(theme, command.ended, ENDED), as: command.tone },
        {
          text: fit(theme, `${(command.took / 1000).toFixed(1)} s`, TOOK, { align: 'right' }),
          as: 'muted',
        },
      ],
    })),
  ];
}
