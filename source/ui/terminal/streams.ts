import type { EventEmitter } from 'node:events';

/** What the console needs of a terminal's output; `process.stdout` has it. */
export interface TerminalOutput {
  readonly isTTY?: boolean;
  readonly columns: number;
  readonly rows: number;
  write(text: string): boolean;
  on(event: 'resize', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** What the console needs of a terminal's input; `process.stdin` has it. */
export interface TerminalInput extends EventEmitter {
  readonly isTTY?: boolean;
  setRawMode(raw: boolean): unknown;
  setEncoding(encoding: 'utf8'): unknown;
  resume(): unknown;
  pause(): unknown;
}
