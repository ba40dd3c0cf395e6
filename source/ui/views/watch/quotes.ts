import { atMost } from '../../layout/fit.js';
import { wrap } from '../../layout/wrap.js';
import type { Scene } from '../../scene.js';
import type { Line } from '../../theme/line.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { commandsOf, evidenceOf, titleOf, type Found } from './subject.js';
import { titleLine } from '../parts/title.js';

/** The hosts' own words about a thing, line by line, to be read whole and copied. */
export function evidenceList(scene: Scene, found: Found): Frame {
  const { theme } = scene;
  const body = evidenceOf(found).flatMap(({ host, command, lines }, at): readonly DocLine[] => [
    ...(at === 0 ? [] : [blank]),
    {
      id: `command ${at}`,
      copy: command,
      hosts: [host],
      draw: () => [
        { text: ` ${theme.text(host)}`, as: 'accent' },
        { text: `  ${atMost(theme, command, scene.size.columns - 4 - host.length)}`, as: 'muted' },
      ],
    },
    ...lines.map((line, row): DocLine => ({
      ...whole(scene, line),
      id: `line ${at} ${row}`,
      copy: line,
      hosts: [host],
    })),
  ]);
  return listed(
    scene,
    found,
    'evidence',
    body,
    'No output proves this: it was concluded from several.',
  );
}

/** The commands for doing the same by hand, to be copied one by one. */
export function commandList(scene: Scene, found: Found): Frame {
  const body = commandsOf(found).flatMap(({ says, line }, at): readonly DocLine[] => [
    ...(at === 0 ? [] : [blank]),
    still([{ text: ` ${scene.theme.text(says)}`, as: 'muted' }]),
    { ...whole(scene, line), id: `command ${at}`, copy: line },
  ]);
  return listed(scene, found, 'commands', body, 'There are no commands for this.');
}

/** A line that shows its end beneath it while it is selected. */
function whole(scene: Scene, text: string): Pick<DocLine, 'draw' | 'more'> {
  const { theme, size } = scene;
  const parts = wrap(theme.text(text), size.columns - 5);
  return {
    draw: () => [
      {
        text: `   ${parts.length === 1 ? (parts[0] ?? '') : atMost(theme, text, size.columns - 5)}`,
      },
    ],
    more: () =>
      parts.length === 1 ? [] : parts.map((part): Line => [{ text: `   ${part}`, as: 'muted' }]),
  };
}

function listed(
  scene: Scene,
  found: Found,
  state: string,
  body: readonly DocLine[],
  empty: string,
): Frame {
  return {
    head: [still(titleLine(scene, { above: titleOf(found), name: state })), blank],
    body: body.length > 0 ? body : [still([{ text: `   ${empty}`, as: 'muted' }])],
    foot: [],
  };
}
