import { randomBytes } from 'node:crypto';
import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FailureError } from '../../core/failure.js';
import type { Command, Host, Outcome } from '../../core/host.js';
import type { Plan } from '../../core/plan.js';
import { fillSecrets, type PlanSecret } from '../../core/secret.js';
import { safeName, syncFolder } from './journal-file.js';

/** Values of a plan's secrets by name. */
export type SecretValues = ReadonlyMap<string, string>;

const valuesSchema = z.record(z.string(), z.string());

/**
 * The values of one run while it is not at its end: a file of its own beside the journal (0600), so
 * that a run that was killed can be gone on with. It is taken away when the run has ended well or was
 * taken back.
 */
export class RunSecrets {
  readonly #path: string;

  constructor(
    private readonly folder: string,
    run: string,
  ) {
    this.#path = join(folder, `${safeName(run)}.secrets`);
  }

  /** What was kept; nothing where there is no file, or one that cannot be read. */
  async read(): Promise<SecretValues> {
    const text = await readFile(this.#path, 'utf8').catch(() => '{}');
    try {
      const read = valuesSchema.safeParse(JSON.parse(text));
      return new Map(Object.entries(read.data ?? {}));
    } catch {
      return new Map();
    }
  }

  /** Resolves once the values are on the disk, whole. */
  async keep(values: SecretValues): Promise<void> {
    if (values.size === 0) return;
    const fresh = `${this.#path}.new`;
    await rm(fresh, { force: true });
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await chmod(fresh, 0o600);
      await handle.writeFile(JSON.stringify(Object.fromEntries(values)));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, this.#path);
    await syncFolder(this.folder);
  }

  async drop(): Promise<void> {
    await rm(`${this.#path}.new`, { force: true });
    await rm(this.#path, { force: true });
  }
}

/**
 * The secrets that a person must give. Those that are made are made once, when the run begins: one
 * that was made and is lost stands on a host by then, and only a person can look it up there.
 */
export function secretsToAsk(
  { secrets = [] }: Plan,
  kept: SecretValues,
  doing: 'apply' | 'resume',
): readonly PlanSecret[] {
  return secrets.filter(
    ({ name, from }) => !kept.has(name) && (from === 'asked' || doing === 'resume'),
  );
}

/**
 * The values of all secrets of a plan.
 *
 * @throws FailureError where one was not given
 */
export function settleSecrets(
  plan: Plan,
  kept: SecretValues,
  given: SecretValues,
  doing: 'apply' | 'resume',
): SecretValues {
  const missing = secretsToAsk(plan, kept, doing).filter(({ name }) => !given.has(name));
  if (missing.length > 0) throw new FailureError(notGiven(missing));
  return new Map(
    (plan.secrets ?? []).map(({ name }) => [
      name,
      kept.get(name) ?? given.get(name) ?? randomSecret(),
    ]),
  );
}

function notGiven(missing: readonly PlanSecret[]) {
  return {
    what: `a secret was not given: ${missing.map(({ says }) => says).join(', ')}`,
    where: 'the plan',
    means:
      'A plan never holds it, so it is given when the plan is carried out. Nothing was changed.',
    todo: 'Give it when it is asked for, or with --secrets FILE.',
  };
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** 28 letters and digits at random, 160 bits; none that are taken for each other when read aloud. */
export function randomSecret(): string {
  let out = '';
  while (out.length < 28) {
    for (const byte of randomBytes(64)) {
      // Bytes beyond the last whole multiple would favour the first letters.
      if (byte < 256 - (256 % LETTERS.length) && out.length < 28) {
        out += LETTERS[byte % LETTERS.length] ?? '';
      }
    }
  }
  return out;
}

/** A host that puts the values into what it sends, and blots them out of what comes back. */
export function withSecrets(host: Host, values: SecretValues): Host {
  if (values.size === 0) return host;
  const secrets = [...values.values()];
  const blot = (text: string): string =>
    secrets.reduce((out, secret) => out.replaceAll(secret, '•••'), text);
  return {
    name: host.name,
    run: async (command, signal) => blotted(await host.run(filled(command, values), signal), blot),
  };
}

function filled(command: Command, values: SecretValues): Command {
  const { input, secrets = [] } = command;
  if (input === undefined || secrets.length === 0) return command;
  return { ...command, input: fillSecrets(input, secrets, values) };
}

function blotted(outcome: Outcome, blot: (text: string) => string): Outcome {
  switch (outcome.kind) {
    case 'exited':
      return { ...outcome, stdout: blot(outcome.stdout), stderr: blot(outcome.stderr) };
    case 'lost':
      return { ...outcome, stdout: blot(outcome.stdout) };
    case 'unreachable':
      return outcome;
  }
}
