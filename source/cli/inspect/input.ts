import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { reasonOf } from '../errors.js';
import { EXIT, Stop } from '../exit.js';

/** The most that is read, in bytes: 64 MiB. */
export const INPUT_CAP = 64 * 1024 * 1024;

/** All of a file. Rejects with a `Stop` that says what is wrong with it. */
export async function readInputFile(path: string, cap = INPUT_CAP): Promise<Buffer> {
  try {
    if ((await stat(path)).isDirectory()) throw unreadable(path, 'it is a directory, not a file');
    return await readAll(createReadStream(path), path, cap);
  } catch (error) {
    throw error instanceof Stop ? error : unreadable(path, reasonOf(error));
  }
}

/** All of a stream up to the cap. Rejects with a `Stop` past it. */
export async function readAll(
  stream: AsyncIterable<Buffer | string>,
  name: string,
  cap = INPUT_CAP,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    size += bytes.length;
    if (size > cap) {
      throw unreadable(name, `it is larger than ${cap / 1024 / 1024} MiB, the most that is read`);
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

function unreadable(name: string, why: string): Stop {
  return new Stop(EXIT.unreadable, [`${name}: cannot be read: ${why}`]);
}

/**
 * Bytes as text. A byte-order mark tells UTF-16 and is dropped; all else is taken as UTF-8, and
 * what is not becomes U+FFFD.
 */
export function decode(bytes: Buffer): string {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  return new TextDecoder(utf16 ?? 'utf-8').decode(bytes);
}
