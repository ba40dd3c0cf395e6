import { TOPICS, type KeyCommand } from '../keys/command.js';
import { KEY_COMMANDS } from '../keys/commands.js';
import type { Situation } from '../keys/situation.js';
import { fit } from '../layout/fit.js';
import type { Scene } from '../scene.js';
import { keyLabel } from '../terminal/key-names.js';
import { wrap } from '../layout/wrap.js';
import type { Line } from '../theme/line.js';
import { blank, still, type DocLine, type Frame } from './parts/frame.js';
import { heading } from './parts/blocks.js';

const KEYS = 20;

/** All keys by topic, made from the table that the keyboard uses; closed ones say why. */
export function help(situation: Situation): Frame {
  const { scene } = situation;
  const body = TOPICS.flatMap((topic) => [
    ...heading(topic.toUpperCase()),
    ...KEY_COMMANDS.filter(
      (command) => command.topic === topic && !isDigitPastFirst(command),
    ).flatMap((command) => commandLines(situation, command)),
  ]);
  return { head: [], body: [...body.slice(1), ...legend(scene)], foot: [], scrolls: true };
}

/** The nine digits are one line of the help. */
function isDigitPastFirst({ id }: KeyCommand): boolean {
  return id.startsWith('pane-') && id !== 'pane-1';
}

function commandLines(situation: Situation, command: KeyCommand): readonly DocLine[] {
  const { theme, size } = situation.scene;
  const isDigit = command.id === 'pane-1';
  const keys = isDigit ? '1 – 9' : command.keys.map(keyLabel).join('  ');
  const says = isDigit ? 'Go to the pane with this number.' : command.says;
  const gate = command.context === 'screen' ? command.gate(situation) : { kind: 'open' as const };
  const reason = gate.kind === 'closed' ? ` (not here: ${gate.because})` : '';
  return wrap(theme.text(says + reason), size.columns - KEYS - 5).map((line, at) =>
    still([
      { text: `   ${fit(theme, at === 0 ? keys : '', KEYS)} `, as: 'key' },
      { text: line, as: gate.kind === 'closed' ? 'muted' : undefined },
    ]),
  );
}

/** What the signs mean. */
function legend(scene: Scene): readonly DocLine[] {
  const { theme, version } = scene;
  const tones = [
    ['alert', 'alert: data is lost or out of reach, or soon will be'],
    ['warning', 'warning: something is weaker than it should be'],
    ['notice', 'notice: worth knowing'],
    ['good', 'good'],
    ['unknown', 'unknown, or known only from before'],
    ['working', 'under way'],
    ['muted', 'of lesser interest: acknowledged, or only a consequence'],
  ] as const;
  return [
    ...heading('SIGNS'),
    ...tones.map(([tone, says]) =>
      still([
        { text: `   ${fit(theme, theme.sign(tone), KEYS)} `, as: tone },
        { text: says },
      ] satisfies Line),
    ),
    blank,
    still([{ text: ` holdfast ${version}`, as: 'muted' }]),
  ];
}
