import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { Asker } from '../../core/ask.js';
import { secretFault, type PlanSecret } from '../../core/secret.js';
import type { Plan } from '../../core/plan.js';
import { clean } from '../../core/text.js';
import type { SecretValues } from '../../engine/run/run-secrets.js';
import { reasonOf } from '../errors.js';
import { EXIT, Stop, usage } from '../exit.js';

/** More often a secret is not asked for. */
const TRIES = 3;

const valuesSchema = z.record(z.string(), z.union([z.string(), z.number().transform(String)]));

/**
 * Reads secrets from a YAML or JSON file, a mapping from name to value. Rejects with a `Stop` where
 * others may read the file, or it belongs to someone else: then it is no place for a secret.
 */
export async function readSecrets(path: string): Promise<SecretValues> {
  const text = await readOwn(path);
  const { parse } = await import('yaml');
  let json: unknown;
  try {
    json = parse(text);
  } catch {
    // The parser's own words quote the line.
    throw notSecrets(path, 'it is not YAML');
  }
  const read = valuesSchema.safeParse(json ?? {});
  if (!read.success) throw notSecrets(path, 'it is not a mapping of names to texts');
  for (const [name, value] of Object.entries(read.data)) {
    const fault = secretFault(value);
    if (fault !== undefined) throw notSecrets(path, `${name}: ${fault}`);
  }
  return new Map(Object.entries(read.data));
}

/** The file that was looked at is the one that is read. */
async function readOwn(path: string): Promise<string> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw notSecrets(path, reasonOf(error));
  });
  try {
    const { mode, uid } = await handle.stat();
    if ((mode & 0o077) !== 0) {
      throw usage(
        `${path}: others may read or write it, so it is not used.`,
        `\`chmod 600 ${path}\` closes it; if it was open for long, take other secrets.`,
      );
    }
    if (uid !== (process.getuid?.() ?? uid)) throw usage(`${path}: it belongs to another user.`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function notSecrets(path: string, why: string): Stop {
  return new Stop(EXIT.unreadable, [`${path}: these are not secrets: ${clean(why)}`]);
}

/**
 * Has the secrets that are wanted: of those given, else asked for, each twice.
 *
 * @throws Stop (64) that names what could not be had
 */
export async function askSecrets(
  { cluster }: Pick<Plan, 'cluster'>,
  wanted: readonly PlanSecret[],
  given: SecretValues,
  asker: Asker,
): Promise<SecretValues> {
  const values = new Map<string, string>();
  const missing: PlanSecret[] = [];
  for (const secret of wanted) {
    const ready = given.get(secret.name);
    const fault = ready === undefined ? undefined : secretFault(ready);
    if (fault !== undefined) throw usage(`${secret.name}: ${fault}`);
    const value = ready ?? (await askTwice(cluster, secret, asker));
    if (value === undefined) missing.push(secret);
    else values.set(secret.name, value);
  }
  if (missing.length === 0) return values;
  throw usage(
    'The plan needs secrets, which it does not hold:',
    ...missing.map(({ name, says }) => `  ${name}   ${clean(says)}`),
    'Give them with --secrets FILE, a file that is yours alone (0600): a line `name: value` each.',
    'Nothing was changed.',
  );
}

async function askTwice(
  host: string,
  { says }: PlanSecret,
  asker: Asker,
): Promise<string | undefined> {
  let prompt = says;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const question = { host, kind: 'plan', attempt: 0 } as const;
    const value = await asker.secret({ ...question, prompt });
    if (value === undefined) return undefined;
    const fault = secretFault(value);
    if (fault !== undefined) {
      prompt = `${says} (${fault})`;
      continue;
    }
    const again = await asker.secret({ ...question, prompt: `${says}, again` });
    if (again === value) return value;
    if (again === undefined) return undefined;
    prompt = `${says} (the two were not alike)`;
  }
  return undefined;
}
