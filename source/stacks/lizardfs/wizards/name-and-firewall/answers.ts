import { z } from 'zod';

/** Roles whose ports must be open, with the ports (the daemons' sources). */
export const OPEN_ROLES = {
  /** From metaloggers and shadows, from chunkservers, from clients and administration tools. */
  master: [9419, 9420, 9421],
  /** From clients and from other chunkservers. */
  chunkserver: [9422],
} as const;

/** A role whose ports must be open. */
export type OpenRole = keyof typeof OPEN_ROLES;

/** A role by its name. */
export function isOpenRole(name: string): name is OpenRole {
  return Object.hasOwn(OPEN_ROLES, name);
}

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1, 'choose at least one host'),
  name: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/, 'it must be a host name without dots')
    .default('mfsmaster'),
  master: z.ipv4('it must be an IPv4 address, such as 192.168.0.100'),
  change: z
    .array(z.string().min(1))
    .default([])
    .describe('Hosts whose entry says otherwise and may be changed'),
  firewall: z.boolean().default(true),
  roles: z
    .array(z.string().min(1))
    .default([])
    .describe('HOST:master or HOST:chunkserver, whose ports are opened'),
});

/** The answers, whole. */
export type NameAnswers = z.infer<typeof answersSchema>;
