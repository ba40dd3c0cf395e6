import { randomBytes } from 'node:crypto';
import { reads, type Outcome, type Reader } from '../../../../core/host.js';
import { quote } from '../../../../core/quote.js';
import { linesOf } from '../../../../core/text.js';
import { readHidden, secretPlaces } from '../../../../tools/secret-lines.js';
import { askKernel, dumpHidden, SECRET_LINES } from '../../read/hidden.js';
import { settingsInDump, type ResourceSettings, type Settings } from '../../read/settings.js';

/** How a resource is configured on one host. */
export interface Configured {
  readonly settings: ResourceSettings;
  /** What the kernel runs with; empty where it does not say. */
  readonly kernel: Settings;
  /** The file that defines it, its secrets hidden. */
  readonly path: string;
  readonly text: string;
  /** The secrets that stand in that file, of whatever resource. */
  readonly secretsInFile: number;
  /** Its secret, mixed with what both hosts were given for this look alone; null: it has none. */
  readonly mark: string | null;
}

/** What was found of a configuration, or why it could not be read. */
export type ConfigLook =
  | { readonly ok: true; readonly found: Configured }
  | { readonly ok: false; readonly because: string };

/**
 * Looks at the configuration of a resource on two hosts. Their secrets stay where they are: each host
 * says a sum of its own with a random word that is of this look and kept nowhere, so that the sums tell
 * whether the secrets are one, and nothing else.
 */
export async function lookAtConfigs(
  hosts: readonly [Reader, Reader],
  resource: string,
): Promise<readonly [ConfigLook, ConfigLook]> {
  const word = randomBytes(24).toString('hex');
  const [a, b] = hosts;
  return Promise.all([lookAtConfig(a, resource, word), lookAtConfig(b, resource, word)]);
}

/** The resource's own secret, else that of `common`: drbdadm prints each on a line of its own. */
const SUM = [
  's=$(drbdadm dump 2>/dev/null | awk -v r="$1" \'',
  '/^common /{ in_it = 1 } /^resource /{ in_it = ($2 == r) + 0; own = in_it } /^}/{ in_it = 0 }',
  'in_it && $1 == "shared-secret" { sub(/^[ \\t]*shared-secret[ \\t]*/, ""); if (own) mine = $0; else all = $0 }',
  'END { print mine == "" ? all : mine }\')',
  '[ -n "$s" ] || exit 0',
  'IFS= read -r w; printf "%s%s" "$w" "$s" | sha256sum | cut -d" " -f1',
].join('\n');

async function lookAtConfig(host: Reader, resource: string, word: string): Promise<ConfigLook> {
  const [dumped, kernel, summed] = await Promise.all([
    host.run(dumpHidden()),
    askKernel(host, resource),
    host.run({ ...reads(['sh', '-c', SUM, 'sh', resource], 30_000), input: `${word}\n` }),
  ]);
  const because = reasonOf(dumped) ?? reasonOf(summed);
  if (because !== undefined || dumped.kind !== 'exited' || summed.kind !== 'exited') {
    return { ok: false, because: because ?? 'it does not answer' };
  }
  const settings = settingsInDump(dumped.stdout, resource);
  if (!settings) return { ok: false, because: `${quote(resource)} is not in its configuration` };
  const path = settings.file ?? `/etc/drbd.d/${resource}.res`;
  const file = await readHidden(host, path, SECRET_LINES);
  if (!('text' in file)) return { ok: false, because: file.because };
  if (file.text === null) return { ok: false, because: `there is no ${path}` };
  const sum = summed.stdout.trim();
  return {
    ok: true,
    found: {
      settings,
      kernel: kernel ?? new Map(),
      path,
      text: file.text,
      secretsInFile: secretPlaces(file.text, SECRET_LINES).length,
      mark: sum === '' ? null : sum,
    },
  };
}

function reasonOf(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited') return outcome.reason;
  if (outcome.code === 0) return undefined;
  const said = linesOf(outcome.stderr).find((line) => line.trim() !== '');
  return said?.trim() ?? `drbdadm ended with ${outcome.code}`;
}
