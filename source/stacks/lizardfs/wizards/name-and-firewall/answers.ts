import { z } from 'zod';
import { plainSources } from '../../../../steps/firewall/open-ports.js';

/**
 * Roles whose ports must be open, with the ports (the daemons' sources). uraft's own are those of its
 * config: see `portsOf`.
 */
export const OPEN_ROLES = {
  /** From metaloggers and shadows, from chunkservers, from clients and administration tools. */
  master: [9419, 9420, 9421],
  /** From clients and from other chunkservers. */
  chunkserver: [9422],
  /** From the other uraft nodes, which vote over UDP. */
  uraft: [],
} as const;

/** A role whose ports must be open. */
export type OpenRole = keyof typeof OPEN_ROLES;

/** A role by its name. */
export function isOpenRole(name: string): name is OpenRole {
  return Object.hasOwn(OPEN_ROLES, name);
}

/** The words of a list with blanks or commas between. */
export function sourceWords(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
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
  sources: z
    .string()
    .refine(
      (text) => plainSources(sourceWords(text)) !== undefined,
      'they must be IPv4 addresses or networks, such as 10.0.0.0/24, with blanks between',
    )
    .default('')
    .describe('Who may come through the ports that are opened; empty: everybody'),
  roles: z
    .array(z.string().min(1))
    .default([])
    .describe('HOST:master, HOST:chunkserver or HOST:uraft, whose ports are opened'),
});

/** The answers, whole. */
export type NameAnswers = z.infer<typeof answersSchema>;
