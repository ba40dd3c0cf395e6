import { z } from 'zod';
import { isRecord } from './json.js';

/** The most of a value that is not understood that is shown, in characters. */
const SHOWN = 200;

/** A whole number or a fraction; Ceph prints some of them in quotes. */
export const aNumber = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,20}(\.\d{1,20})?$/)
    .transform(Number),
]);
/** Any text. */
export const aText = z.string();
/** A yes or no; old releases say 0 and 1. */
export const aFlag = z.union([z.boolean(), z.number().transform((n) => n !== 0)]);
/** A list of anything. */
export const aList = z.array(z.unknown());
/** An object of anything. */
export const anObject = z.custom<Readonly<Record<string, unknown>>>(isRecord);

/** The most values that are named one by one. */
const NAMED = 200;

/** What was not understood, in a bounded number of lines: the first by name, the rest by number. */
export class Unread {
  readonly #lines: string[];
  #more = 0;

  constructor(lines: readonly string[]) {
    this.#lines = [...lines];
  }

  add(line: () => string): void {
    if (this.#lines.length < NAMED) this.#lines.push(line());
    else this.#more += 1;
  }

  lines(): readonly string[] {
    if (this.#more === 0) return this.#lines;
    return [...this.#lines, `and ${this.#more} more values that were not understood`];
  }
}

/**
 * Reads the fields of one JSON object. A missing field is undefined, for Ceph leaves out what is
 * zero and what its release does not know; a field of another shape is undefined too and noted,
 * so that it is shown instead of guessed.
 */
export class Fields {
  constructor(
    readonly record: Readonly<Record<string, unknown>>,
    readonly path: string,
    readonly unread: Unread,
  ) {}

  /** One field, if it is there in this shape. */
  get<T>(name: string, shape: z.ZodType<T>): T | undefined {
    if (!Object.hasOwn(this.record, name)) return undefined;
    const value = this.record[name];
    if (value === null || value === undefined) return undefined;
    const result = shape.safeParse(value);
    if (result.success) return result.data;
    this.note(name, value);
    return undefined;
  }

  /** A field that is an object, as fields of its own. */
  inside(name: string): Fields | undefined {
    const record = this.get(name, anObject);
    return record && new Fields(record, this.#name(name), this.unread);
  }

  /** The objects of a field that is a list; entries of another shape are noted. */
  objects(name: string): readonly Fields[] | undefined {
    return this.get(name, aList)?.flatMap((entry, index) => {
      const path = `${name}[${index}]`;
      if (isRecord(entry)) return [new Fields(entry, this.#name(path), this.unread)];
      this.note(path, entry);
      return [];
    });
  }

  /** The entries of an object whose keys are names; entries that are no objects are noted. */
  entries(): readonly (readonly [string, Fields])[] {
    return Object.entries(this.record).flatMap(([name, value]) => {
      if (isRecord(value)) return [[name, new Fields(value, this.#name(name), this.unread)]];
      this.note(name, value);
      return [];
    });
  }

  /** Notes every field whose name is not among these. */
  only(known: ReadonlySet<string>): void {
    for (const [name, value] of Object.entries(this.record)) {
      if (!known.has(name)) this.note(name, value);
    }
  }

  /** Notes a value that is not understood. */
  note(name: string, value: unknown): void {
    this.unread.add(() => `${this.#name(name)}: ${brief(value)}`);
  }

  #name(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

/** A JSON value in one short line. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.length} entries]`;
  if (isRecord(value)) return `{${Object.keys(value).slice(0, 8).join(', ')}}`.slice(0, SHOWN);
  return JSON.stringify(value).slice(0, SHOWN);
}
