import type { TerminalOutput } from './streams.js';

/** How Ink takes its last frame away before it writes the next one. */
const ERASE = /^(?:\u001B\[2K(?:\u001B\[1A)?)+\u001B\[G/;
/** What Ink says about the cursor and about synchronized output, both of which are ours. */
const NOT_A_FRAME = /^(?:\u001B\[\?(?:2026|25)[hl])*$/;

const SYNC_BEGIN = '\u001B[?2026h';
const SYNC_END = '\u001B[?2026l';
/** The alternate screen, no cursor, nothing on it. */
const ENTER = '\u001B[?1049h\u001B[?25l\u001B[2J\u001B[H';
const LEAVE = '\u001B[0m\u001B[?25h\u001B[?1049l';

/**
 * Puts Ink's frames on the terminal. Ink writes whole frames; only the lines that changed go on to
 * the real terminal, inside one synchronized update, so that nothing flickers and a slow link
 * carries little.
 */
export class ScreenWriter {
  #shown: readonly string[] = [];
  #frame = '';
  #open = false;

  constructor(readonly terminal: TerminalOutput) {}

  /** Takes the terminal over. */
  enter(): void {
    if (this.#open) return;
    this.#open = true;
    this.#shown = [];
    this.terminal.write(ENTER);
    this.#paint();
  }

  /** Gives the terminal back as it was; frames that come after this are kept and not drawn. */
  leave(): void {
    if (!this.#open) return;
    this.#open = false;
    this.terminal.write(LEAVE);
  }

  /** Draws everything anew: after a resize, or when something else wrote on the screen. */
  repaint(): void {
    if (!this.#open) return;
    this.#shown = [];
    this.terminal.write('\u001B[2J');
    this.#paint();
  }

  /** Takes what Ink writes; anything but a frame is passed over. */
  write(text: string): void {
    if (NOT_A_FRAME.test(text)) return;
    const frame = text.replace(ERASE, '').replace(/\n$/, '');
    // An erase alone announces the next frame; the old one stands until that comes.
    if (frame === '') return;
    this.#frame = frame;
    this.#paint();
  }

  #paint(): void {
    if (!this.#open || this.#frame === '') return;
    const next = this.#frame.split('\n').slice(0, this.terminal.rows);
    let out = '';
    next.forEach((line, row) => {
      // Erased before it is written: after a line that fills the width, the erasing would take its
      // last character along.
      if (line !== this.#shown[row]) out += `\u001B[${row + 1};1H\u001B[0m\u001B[K${line}\u001B[0m`;
    });
    if (next.length < this.#shown.length) out += `\u001B[${next.length + 1};1H\u001B[J`;
    this.#shown = next;
    if (out !== '') this.terminal.write(SYNC_BEGIN + out + SYNC_END);
  }
}
