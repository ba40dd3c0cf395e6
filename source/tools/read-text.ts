import { reads, type Reader } from '../core/host.js';

/** A file's text, null where there is none; or why it cannot be read. */
export type ReadText = { readonly text: string | null } | { readonly because: string };

/** Reads a file that holds no secrets. Never rejects. */
export async function readText(host: Reader, path: string): Promise<ReadText> {
  const outcome = await host.run(reads(['cat', '--', path]));
  if (outcome.kind === 'exited' && outcome.code === 0) {
    return outcome.capped === true
      ? { because: `${path} is too long to be edited` }
      : { text: outcome.stdout };
  }
  if (outcome.kind === 'exited' && outcome.stderr.includes('No such file')) return { text: null };
  return { because: `${path} cannot be read` };
}
