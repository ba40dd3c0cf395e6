import type { Asker } from '../../core/ask.js';
import type { JournalLine } from '../../core/journal.js';
import { SHORTEST_SECRET } from '../../core/secret.js';
import type { Journal } from './journal-file.js';

/** What was given as a secret while the program runs; kept in memory alone. */
export class GivenSecrets {
  readonly #secrets = new Set<string>();

  add(secret: string): void {
    if (secret.length >= SHORTEST_SECRET) this.#secrets.add(secret);
  }

  /** Whether a value that is to be written anywhere holds one, as a text or a part of one. */
  within(value: unknown): boolean {
    if (typeof value === 'string') {
      return [...this.#secrets].some((secret) => value.includes(secret));
    }
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, one]) => this.within(key) || this.within(one));
  }

  /** A text with every secret in it blotted out. */
  redact(text: string): string {
    let out = text;
    for (const secret of this.#secrets) out = out.replaceAll(secret, '•••');
    return out;
  }
}

/** An asker whose answers are remembered as secrets. */
export function remembering(asker: Asker, secrets: GivenSecrets): Asker {
  return {
    hostKey: (question) => asker.hostKey(question),
    secret: async (question) => {
      const answer = await asker.secret(question);
      if (answer !== undefined) secrets.add(answer);
      return answer;
    },
  };
}

/**
 * A journal into which no secret gets. What a tool or a command line repeats of one is blotted out;
 * a plan that holds one is refused, because it would be written as it is.
 */
export function secretlessJournal(journal: Journal, secrets: GivenSecrets): Journal {
  return {
    write: (line) =>
      line.kind === 'begun' && secrets.within(line.plan)
        ? Promise.reject(new Error('the plan holds a secret and is not written'))
        : journal.write(redacted(line, secrets)),
    close: () => journal.close(),
  };
}

function redacted(line: JournalLine, secrets: GivenSecrets): JournalLine {
  switch (line.kind) {
    case 'command':
      return { ...line, line: secrets.redact(line.line), ended: secrets.redact(line.ended) };
    case 'failed':
    case 'stopped':
      return { ...line, because: secrets.redact(line.because) };
    case 'done':
      return line.says === undefined ? line : { ...line, says: secrets.redact(line.says) };
    case 'undone':
      return { ...line, says: secrets.redact(line.says) };
    case 'begun':
    case 'locked':
    case 'starting':
    case 'armed':
    case 'put-back':
    case 'undo':
    case 'undoing':
    case 'finished':
      return line;
  }
}
