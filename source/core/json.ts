import { z } from 'zod';

/** A value that survives being written as JSON and read again. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Reads a JSON value of any shape. */
export const jsonSchema: z.ZodType<Json> = z.json();
