import { reads, type Reader } from '../core/host.js';

/** A file's text, null where there is none; or why it cannot be read. */
export type ReadText = { readonly text: string | null } | { readonly because: string };

/** Wizards read many files at once while they look, and a node may be slow. In ms. */
const DEADLINE = 30_000;

/** Reads a file that holds no secrets. Never rejects. */
export async function readText(host: Reader, path: string): Promise<ReadText> {
  const outcome = await host.run(reads(['cat', '--', path], DEADLINE));
  if (outcome.kind !== 'exited') return { because: `${path} cannot be read: ${outcome.reason}` };
  if (outcome.code === 0) {
    return outcome.capped === true
      ? { because: `${path} is too long to be edited` }
      : { text: outcome.stdout };
  }
  if (outcome.stderr.includes('No such file')) return { text: null };
  return { because: `${path} cannot be read` };
}
