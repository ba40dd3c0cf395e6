import { z } from 'zod';
import { nameSchema, pathSchema } from '../../steps/things.js';

const poolSchema = z.strictObject({
  name: nameSchema,
  /** A mount point, or `/`. */
  mount: pathSchema,
  /** Beneath it; empty: the mount point itself. */
  folder: z
    .string()
    .regex(/^(?:[A-Za-z0-9_][A-Za-z0-9_.:@+-]*(?:\/|$))*$/, 'it must be a folder such as images/os')
    .default(''),
  autostart: z.boolean().default(false),
});

/** The answers of `libvirt.pools`. */
export const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1, 'choose at least one host'),
  pools: z.array(poolSchema).default([]),
  dropDefault: z.boolean().default(false),
});

export type PoolsAnswers = z.infer<typeof answersSchema>;
export type PoolAnswer = z.infer<typeof poolSchema>;

/** The pool's folder. */
export function pathOf({ mount, folder }: PoolAnswer): string {
  const plain = folder.replace(/\/+$/, '');
  if (plain === '') return mount;
  return mount === '/' ? `/${plain}` : `${mount}/${plain}`;
}
