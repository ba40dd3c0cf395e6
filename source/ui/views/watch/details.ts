import { blockLines, heading, quoted } from '../parts/blocks.js';
import { textOf } from '../../theme/line.js';
import type { Scene } from '../../scene.js';
import { blank, still, type DocLine, type Frame } from '../parts/frame.js';
import { historyLines } from './history.js';
import { listProblems, problemLine } from './problem-list.js';
import type { Found } from './subject.js';
import { titleLine } from '../parts/title.js';

/** A row of a pane laid open. */
export function rowDetails(scene: Scene, found: Extract<Found, { kind: 'row' }>): Frame {
  const { details, row, problems } = found;
  const body = [
    ...details.blocks.flatMap((block) => blockLines(scene, block)),
    ...problemLines(scene, problems),
    ...historyLines(scene, row.metrics ?? []),
    ...commandLines(scene, details.commands),
  ];
  return {
    head: [
      still(
        titleLine(scene, {
          above: found.above,
          name: details.title,
          tone: details.tone,
          state: details.state,
        }),
      ),
      blank,
    ],
    body: withoutLeadingBlank(body),
    foot: [],
    scrolls: true,
    copy: () => plainText(body),
  };
}

/** What is wrong with it, as the overview says it. */
function problemLines(
  scene: Scene,
  problems: readonly (typeof scene.world.problems)[number][],
): readonly DocLine[] {
  if (problems.length === 0) return [];
  return [
    ...heading('PROBLEMS'),
    ...listProblems(problems, true).flatMap((listed) => {
      const line = problemLine(scene, listed);
      return [still(line.draw()), ...(line.more?.() ?? []).map(still)];
    }),
  ];
}

/** The commands to see the same by hand. */
export function commandLines(
  scene: Scene,
  commands: readonly { readonly says: string; readonly line: string }[],
): readonly DocLine[] {
  if (commands.length === 0) return [];
  return [
    ...heading('COMMANDS'),
    ...commands.flatMap(({ says, line }) => [
      still([{ text: ` ${scene.theme.text(says)}`, as: 'muted' }]),
      ...quoted(scene, [line]),
    ]),
  ];
}

/** The first part needs no space above it: the title has some already. */
export function withoutLeadingBlank(lines: readonly DocLine[]): readonly DocLine[] {
  return lines[0] === blank ? lines.slice(1) : lines;
}

/** Lines as plain text, for the clipboard. */
export function plainText(lines: readonly DocLine[]): string {
  return lines
    .map((line) => textOf(line.draw()).trimEnd())
    .join('\n')
    .trim();
}
