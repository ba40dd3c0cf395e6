import type { Case, WayOut } from '../../core/recovery.js';
import { clean } from '../../core/text.js';
import { blockLines } from './blocks.js';

/** What was found out about a trouble, for people. */
export function caseText(title: string, subject: string, found: Case): string {
  const blocks = [
    [`${clean(title)}   ${clean(subject)}   ${clean(found.verdict)}`, clean(found.happened)],
    ...found.blocks.map(blockLines),
    found.ways.length === 0 ? [] : ['Ways out', ...found.ways.flatMap(wayLines)],
    recommendation(found),
  ];
  const text = blocks.map((block) => block.filter((line) => line !== '').join('\n'));
  return `${text.filter((block) => block !== '').join('\n\n')}\n`;
}

function wayLines({ value, says, loses }: WayOut): readonly string[] {
  const lost = loses.length === 0 ? ['nothing is lost'] : loses.map((line) => `lost: ${line}`);
  return [`  ${clean(value)}: ${clean(says)}`, ...lost.map((line) => `      ${clean(line)}`)];
}

function recommendation({ mendable, recommended, todo }: Case): readonly string[] {
  const told = todo === '' ? [] : [`To do: ${clean(todo)}`];
  if (!mendable) return ['Nothing is discarded here, and no plan is made.', ...told];
  if (!recommended) return ['None of the ways is recommended.', ...told];
  const reasons = recommended.reasons.map((reason) => `  - ${clean(reason)}`);
  return [`Recommended: ${clean(recommended.value)}`, ...reasons, ...told];
}

/** What was found out, for programs. */
export function caseJson(recovery: string, subject: string, found: Case): object {
  const { verdict, mendable, happened, todo, blocks, ways, recommended } = found;
  return {
    recovery,
    resource: subject,
    verdict,
    mendable,
    happened,
    todo,
    ways: ways.map(({ value, says, loses }) => ({ value, says, loses })),
    recommended: recommended ?? null,
    evidence: blocks,
  };
}
