import { z } from 'zod';

/**
 * A secret that a plan needs and never holds. Where it is to stand, the plan has its placeholder; the
 * value is given when the plan is carried out, and travels on standard input alone.
 */
export interface PlanSecret {
  /** `admin-password`; a wizard that asks for it itself asks by this key. */
  readonly name: string;
  /** What it is, in words: `ADMIN_PASSWORD of the metadata servers`. */
  readonly says: string;
  /** Given by a person, or made at random when the run begins. */
  readonly from: 'asked' | 'made';
}

const name = z.string().regex(/^[a-z][a-z0-9-]*$/);

/** Reads a plan's secret; there is no place in it for a value. */
export const planSecretSchema: z.ZodType<PlanSecret> = z.strictObject({
  name,
  says: z.string().min(1),
  from: z.enum(['asked', 'made']),
});

/** Where its value comes from, for the review. */
export function secretSays({ says, from }: PlanSecret): string {
  return `${says}: ${from === 'made' ? 'made at random' : 'asked for'} when it is carried out`;
}

const PLACEHOLDER = /<<secret:([a-z][a-z0-9-]*)>>/g;

/** What stands in a plan where a secret will be: `<<secret:admin-password>>`. */
export function placeholder(secret: string): string {
  return `<<secret:${name.parse(secret)}>>`;
}

/** The names of the secrets whose placeholders stand in a text, each once. */
export function secretsNamedIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, found = '']) => found))];
}

/**
 * A text with the values in the places of these secrets.
 *
 * @throws RangeError where one of them is not among the values
 */
export function fillSecrets(
  text: string,
  names: readonly string[],
  values: ReadonlyMap<string, string>,
): string {
  return text.replace(PLACEHOLDER, (whole, found: string) => {
    if (!names.includes(found)) return whole;
    const value = values.get(found);
    if (value === undefined) throw new RangeError(`the secret ${found} was not given`);
    return value;
  });
}

/** Shorter ones cannot be told from ordinary words: a password `main` is also a cluster's name. */
export const SHORTEST_SECRET = 6;

/**
 * What speaks against a value; undefined: nothing. Config files and the tools that ask for a password
 * read one word of one line, so blanks and what is not ASCII would change on the way. A file in which
 * it is quoted could be left by a quote or a backslash.
 */
export function secretFault(value: string): string | undefined {
  if (value.length < SHORTEST_SECRET) {
    return `it is shorter than ${SHORTEST_SECRET} characters`;
  }
  if (value.length > 128) return 'it is longer than 128 characters';
  if (!/^[!-~]+$/.test(value)) {
    return 'it has a blank, or a character that is not plain ASCII';
  }
  return /["'\\<>;#]/.test(value) ? `it has one of " ' \\ < > ; #` : undefined;
}
