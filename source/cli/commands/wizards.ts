import { clean } from '../../core/text.js';
import { columns } from '../columns.js';
import { say, type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { loadRegistry } from '../plans/registry.js';
import { printJson } from '../report/plain.js';

/** What a list of wizards or recoveries says of each. */
interface Listed {
  readonly id: string;
  readonly title: string;
  readonly says: string;
}

/** `holdfast wizards`: what can be set up. */
export async function wizards(
  context: Context,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  printList(context, (await loadRegistry(context)).wizards, options.json === true, 'wizard');
  return EXIT.fine;
}

/** Lists wizards or recoveries. */
export function printList(
  context: Context,
  things: readonly Listed[],
  json: boolean,
  what: string,
): void {
  if (json) {
    context.io.out(printJson(things.map(({ id, title, says }) => ({ id, title, says }))));
    return;
  }
  if (things.length === 0) say(context, `No storage system brings a ${what}.\n`);
  const rows = things.map(({ id, title, says }) => [clean(id), clean(title), clean(says)]);
  say(
    context,
    columns(rows)
      .map((line) => `${line}\n`)
      .join(''),
  );
}
