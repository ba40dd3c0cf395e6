import { reads, type Reader } from '../../../../core/host.js';

/** A file's text; null where there is none. Never rejects. */
export async function readText(
  host: Reader,
  path: string,
): Promise<{ readonly text: string | null } | { readonly because: string }> {
  const outcome = await host.run(reads(['cat', '--', path]));
  if (outcome.kind === 'exited' && outcome.code === 0 && outcome.capped !== true) {
    return { text: outcome.stdout };
  }
  if (outcome.kind === 'exited' && outcome.stderr.includes('No such file')) return { text: null };
  return { because: `${path} cannot be read whole` };
}
