/** One frame of a batch's output. */
export interface Frame {
  readonly index: number;
  /** Of a command; or `begun`: the script runs, of whatever index. */
  readonly part: 'exit' | 'stdout' | 'stderr' | 'begun';
  readonly bytes: Buffer;
}

const PARTS: Readonly<Record<string, Frame['part']>> = {
  x: 'exit',
  o: 'stdout',
  e: 'stderr',
  b: 'begun',
};

/** Takes frames out of a batch's output as it arrives; bytes outside frames are noise and passed over. */
export class FrameReader {
  readonly #mark: Buffer;
  #held: Buffer[] = [];
  #size = 0;
  /** How many bytes must be held before it is worth looking again. */
  #wanted = 0;

  constructor(mark: string) {
    this.#mark = Buffer.from(`\n${mark} `);
  }

  /** Adds a piece of the output and gives the frames that are now whole. */
  push(chunk: Buffer): readonly Frame[] {
    this.#held.push(chunk);
    this.#size += chunk.length;
    if (this.#size < this.#wanted) return [];
    let buffer = Buffer.concat(this.#held);
    const frames: Frame[] = [];
    this.#wanted = 0;
    for (;;) {
      const start = buffer.indexOf(this.#mark);
      if (start < 0) {
        // Noise, but for an end that may be the beginning of a mark.
        buffer = buffer.subarray(Math.max(0, buffer.length - this.#mark.length));
        break;
      }
      buffer = buffer.subarray(start);
      const end = buffer.indexOf(0x0a, 1);
      if (end < 0) break;
      const [index, part, length] = buffer.toString('latin1', this.#mark.length, end).split(' ');
      const size = Number(length);
      const kind = PARTS[part ?? ''];
      if (kind === undefined || !Number.isInteger(size) || size < 0) {
        buffer = buffer.subarray(1);
        continue;
      }
      const next = end + 1 + size;
      if (buffer.length < next) {
        this.#wanted = next;
        break;
      }
      frames.push({ index: Number(index), part: kind, bytes: buffer.subarray(end + 1, next) });
      buffer = buffer.subarray(next);
    }
    this.#held = buffer.length > 0 ? [buffer] : [];
    this.#size = buffer.length;
    return frames;
  }
}

/** A frame as the script prints it; for machines that answer a batch without a real shell. */
export function printFrame(
  mark: string,
  index: number,
  part: 'x' | 'o' | 'e' | 'b',
  text: string,
): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(`\n${mark} ${index} ${part} ${bytes.length}\n`), bytes]);
}
