import { failed, printed, type Call, type Ran } from '../program.js';

/**
 * `python -c SCRIPT FILE`, as far as it compiles the file: a `try` must have its `except` or its
 * `finally`, and a line that ends with a colon a body. More of Python it does not know.
 */
export async function python({ args, files }: Call): Promise<Ran> {
  const [flag, script = '', path = ''] = args;
  if (flag !== '-c' || !script.includes('compile(')) return printed('');
  const text = await files?.read(path);
  if (text === undefined) {
    return failed(1, `IOError: [Errno 2] No such file or directory: '${path}'\n`);
  }
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const bad = lines.findIndex((line, index) => {
    const indent = indentOf(line);
    const after = lines.slice(index + 1);
    if (/:\s*$/.test(line) && indentOf(after[0] ?? '') <= indent) return true;
    if (line.trim() !== 'try:') return false;
    const next = after.find((one) => indentOf(one) <= indent);
    return !/^\s*(?:except\b.*|finally):/.test(next ?? '') || indentOf(next ?? '') !== indent;
  });
  if (bad < 0) return printed('');
  return failed(1, `  File "${path}", line ${bad + 1}\nSyntaxError: invalid syntax\n`);
}

function indentOf(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}
