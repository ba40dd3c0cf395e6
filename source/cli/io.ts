import type { ReadStream } from 'node:tty';

/** Where a command reads and writes. A part of `process`, so that tests can stand in for it. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>;
  readonly stdoutIsTTY: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** Whether a person sits at both ends, on a terminal that can move its cursor. */
export function canDraw(io: Io): boolean {
  return io.stdin.isTTY === true && io.stdoutIsTTY && io.env.TERM !== 'dumb';
}

/** Whether only ASCII should be written: on request, or because the locale knows no more. */
export function wantsAscii(flag: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  if (flag === true || (env.HOLDFAST_ASCII ?? '') !== '') return true;
  // An empty one counts as not set: setlocale(3).
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value) ?? '';
  return !/utf-?8/i.test(locale);
}
