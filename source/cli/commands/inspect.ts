import { say, type Context } from '../context.js';
import { usage, type ExitCode, EXIT } from '../exit.js';
import { decode, readAll, readInputFile } from '../inspect/input.js';
import { findInspector, listInspectors, look } from '../inspect/look.js';

/** `holdfast inspect`: reads a captured output from a file or stdin and says what is in it. */
export async function inspect(
  context: Context,
  probe: string | undefined,
  file: string | undefined,
  options: { readonly json?: boolean; readonly list?: boolean },
): Promise<ExitCode> {
  const json = options.json === true;
  const stacks = await context.parts.stacks();
  const inspectors = stacks.flatMap((stack) => stack.inspectors);
  if (options.list === true) {
    print(context, listInspectors(inspectors, json), json);
    return EXIT.fine;
  }
  if (probe === undefined) {
    throw usage('Which probe? `holdfast inspect --list` shows them all.');
  }
  const inspector = findInspector(probe, inspectors);
  const fromStdin = file === undefined || file === '-';
  const name = fromStdin ? 'standard input' : file;
  const { stdin } = context.io;
  if (fromStdin && stdin.isTTY === true) {
    context.io.err(`Paste the output of \`${inspector.reads}\` and end it with Ctrl-D.\n`);
  }
  const bytes = fromStdin ? await readAll(stdin, name) : await readInputFile(file);
  const looked = look(inspector, decode(bytes), name, json);
  print(context, looked.out, json);
  context.io.err(looked.err);
  return looked.exit;
}

function print(context: Context, text: string, json: boolean): void {
  if (json) context.io.out(text);
  else say(context, text);
}
