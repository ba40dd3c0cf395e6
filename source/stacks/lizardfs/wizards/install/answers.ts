import { z } from 'zod';
import { FAMILIES, ROLES, type Family, type Role } from '../../flavour/families.js';
import type { FoundHost, InstallHost } from './look.js';

const url = z
  .string()
  .regex(
    /^(?:(?:https?|ftp|file):\/\/[A-Za-z0-9._~:/?%=&+@,-]+)?$/,
    'it must be a URL without blanks',
  );

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  product: z.enum(['lizardfs', 'saunafs', 'moosefs']).default('lizardfs'),
  roles: z
    .array(z.string().regex(/^.+:[a-z]+$/, 'it must be HOST:ROLE'))
    .min(1, 'choose what is to be installed')
    .describe('HOST:ROLE, the roles being client, chunkserver, master, admin, metalogger, uraft'),
  source: z.enum(['configured', 'repo-file', 'url']).default('configured'),
  repoFile: url.default('http://packages.lizardfs.com/yum/el7/lizardfs.repo'),
  yumUrl: url.default(''),
  aptUrl: url.default(''),
  vault: url
    .default('http://vault.centos.org')
    .describe('where CentOS keeps releases that are over; empty: [base] stays as it is'),
});

/** The answers, whole. */
export type InstallAnswers = z.infer<typeof answersSchema>;

/** What can be installed: packages of LizardFS are called alike in both generations. */
export function familyOf(product: InstallAnswers['product']): Family {
  return FAMILIES[product === 'lizardfs' ? 'mfs' : product];
}

/** The product that is on any of the hosts already: the generations of LizardFS are one. */
export function productFound(
  hosts: readonly FoundHost[],
): { readonly product: InstallAnswers['product']; readonly host: string } | undefined {
  const host = hosts.find((one) => one.ok && one.flavour.family !== undefined);
  if (!host?.ok || !host.flavour.family) return undefined;
  const { id } = host.flavour.family;
  return { product: id === 'mfs' ? 'lizardfs' : id, host: host.name };
}

/** A host and the roles that were chosen for it. */
export interface Chosen {
  readonly key: string;
  readonly host: string;
  readonly role: Role | undefined;
}

/** The choices, taken apart; a role that does not exist is left open. */
export function chosenRoles(roles: readonly string[]): readonly Chosen[] {
  return roles.map((key) => {
    const at = key.lastIndexOf(':');
    const role = ROLES.find((one) => one === key.slice(at + 1));
    return { key, host: key.slice(0, at), role };
  });
}

/** Why a role cannot be installed on a host; undefined: it can. */
export function roleFault(host: InstallHost, family: Family, role: Role): string | undefined {
  const { flavour } = host;
  const name = family.packages[role];
  if (name === undefined) return `${family.title} has no package for it`;
  const version = flavour.packages.get(name);
  if (version !== undefined) return `installed already: ${name} ${version}`;
  if (flavour.os.manager === undefined) return 'no package manager that is known is on the host';
  const own = flavour.family;
  const other = own !== undefined && own.packages.client !== family.packages.client;
  return other ? `${own.title} is on the host` : undefined;
}
