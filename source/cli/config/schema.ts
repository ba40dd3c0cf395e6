import { z } from 'zod';
import type { Cluster, HostEntry } from '../../core/fleet.js';
import { checkDiskId } from '../commands/disk-id.js';
import { checkAddress, checkName, checkUser, type Checked } from '../target.js';

/** The version of the file's shape that this Holdfast writes, and the newest that it reads. */
export const CONFIG_VERSION = 1;

function word(check: (text: string) => Checked<string>): z.ZodType<string> {
  return z.string().superRefine((text, context) => {
    const checked = check(text);
    if (!checked.ok) context.addIssue({ code: 'custom', message: checked.why });
  });
}

// Keys that are not known here stay in the file: a later Holdfast may have written them.
const hostSchema = z
  .looseObject({
    name: word(checkName),
    address: z.string().min(1),
    port: z.int().min(1).max(65_535).optional(),
    user: word(checkUser).optional(),
    become: z.enum(['none', 'sudo', 'sudo-password']).default('none'),
    via: z.enum(['ssh', 'local', 'recorded']).default('ssh'),
    stacks: z.array(z.string()).optional(),
  })
  .superRefine(({ via, address }, context) => {
    // A recording's address is a folder.
    const checked = via === 'recorded' ? undefined : checkAddress(address);
    if (checked?.ok === false) context.addIssue({ code: 'custom', message: checked.why });
  });

const clusterSchema = z.looseObject({
  readOnly: z.boolean().default(false),
  neverTouch: z.array(word(checkDiskId)).default([]),
  hosts: z
    .array(hostSchema)
    .default([])
    .superRefine((hosts, context) => {
      const seen = new Set<string>();
      for (const { name } of hosts) {
        if (seen.has(name))
          context.addIssue({ code: 'custom', message: `two hosts named ${name}` });
        seen.add(name);
      }
    }),
});

/** The whole file. */
export const configSchema = z.looseObject({
  version: z.literal(CONFIG_VERSION),
  clusters: z.record(
    z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'a cluster name has letters, digits, dots and dashes'),
    clusterSchema,
  ),
});

/** What is configured. */
export type Config = z.infer<typeof configSchema>;

/** A configuration with nothing in it. */
export const emptyConfig: Config = { version: CONFIG_VERSION, clusters: {} };

/** A cluster as the rest of the program knows it. */
export function clusterOf(config: Config, name: string): Cluster | undefined {
  const found = Object.hasOwn(config.clusters, name) ? config.clusters[name] : undefined;
  if (!found) return undefined;
  const { readOnly, neverTouch, hosts } = found;
  return { name, readOnly, neverTouch, hosts: hosts.map(toEntry) };
}

function toEntry(host: z.infer<typeof hostSchema>): HostEntry {
  const { name, address, port, user, become, via, stacks } = host;
  return {
    name,
    address,
    become,
    via,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(stacks === undefined ? {} : { stacks }),
  };
}

/** The configuration with a host added to a cluster, which is made if there is none of that name. */
export function withHost(config: Config, cluster: string, entry: HostEntry): Config {
  const before = config.clusters[cluster] ?? { readOnly: false, neverTouch: [], hosts: [] };
  const host = { ...entry, stacks: entry.stacks && [...entry.stacks] };
  return {
    ...config,
    clusters: { ...config.clusters, [cluster]: { ...before, hosts: [...before.hosts, host] } },
  };
}

/** The configuration without a host. */
export function withoutHost(config: Config, cluster: string, name: string): Config {
  const before = config.clusters[cluster];
  if (!before) return config;
  const hosts = before.hosts.filter((host) => host.name !== name);
  return { ...config, clusters: { ...config.clusters, [cluster]: { ...before, hosts } } };
}

/** The configuration with other disks that no plan may touch. */
export function withNeverTouch(
  config: Config,
  cluster: string,
  change: (ids: readonly string[]) => readonly string[],
): Config {
  const before = config.clusters[cluster];
  if (!before) return config;
  const neverTouch = [...change(before.neverTouch)];
  return { ...config, clusters: { ...config.clusters, [cluster]: { ...before, neverTouch } } };
}
