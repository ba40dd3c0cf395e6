import { keyName } from './key-names.js';
import { isPasting, takeKeys } from './key-tokens.js';
import type { TerminalInput, TerminalOutput } from './streams.js';

/** How long the rest of a sequence is awaited before an Escape counts as the key itself, in ms. */
const ESCAPE_WAIT = 30;
const PASTE_ON = '\u001B[?2004h';
const PASTE_OFF = '\u001B[?2004l';

/** Who gets the keys. */
export interface KeyListener {
  /** One key by its name. */
  readonly key: (name: string) => void;
  /** Text that was pasted in one piece. */
  readonly paste: (text: string) => void;
}

/** The keyboard: raw mode while it is open, one call for each key. */
export class KeyInput {
  #held = '';
  #timer: NodeJS.Timeout | undefined;
  #open = false;

  constructor(
    readonly stdin: TerminalInput,
    readonly stdout: TerminalOutput,
    readonly listener: KeyListener,
  ) {}

  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.stdin.setEncoding('utf8');
    this.stdin.setRawMode(true);
    this.stdin.on('data', this.#onData);
    this.stdin.resume();
    this.stdout.write(PASTE_ON);
  }

  /** Gives the keyboard back; keys that are pressed now go to whoever reads next. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#timer);
    this.#held = '';
    this.stdin.off('data', this.#onData);
    this.stdin.pause();
    try {
      this.stdin.setRawMode(false);
    } catch {
      // The terminal is gone (EIO): there is nothing to give back.
    }
    this.stdout.write(PASTE_OFF);
  }

  readonly #onData = (data: unknown): void => {
    this.#held += String(data);
    this.#drain(false);
  };

  #drain(flush: boolean): void {
    clearTimeout(this.#timer);
    const { tokens, rest } = takeKeys(this.#held, flush);
    this.#held = rest;
    for (const token of tokens) {
      // A key may close the keyboard: what was typed after it is not for us.
      if (!this.#open) return;
      if (token.kind === 'paste') {
        this.listener.paste(token.text);
        continue;
      }
      const name = keyName(token.sequence);
      if (name !== undefined) this.listener.key(name);
    }
    if (rest !== '' && !isPasting(rest)) {
      this.#timer = setTimeout(() => this.#drain(true), ESCAPE_WAIT);
    }
  }
}
