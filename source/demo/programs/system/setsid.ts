import { failed, type Call, type Ran } from '../program.js';

/** `setsid sh -c SCRIPT NAME WORD…`: it goes on when whoever began it is gone, which here everything does. */
export async function setsid({ args, run }: Call): Promise<Ran> {
  const [shell, flag, script = '', , ...words] = args;
  const set = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const argv = shell === 'sh' && flag === '-c' ? ['eval', `set -- ${set}\n${script}`] : args;
  return (await run?.(argv)) ?? failed(1, 'setsid: failed to execute\n');
}
