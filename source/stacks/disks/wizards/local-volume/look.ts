import { randomUUID } from 'node:crypto';
import { reads, type HostName, type Reader } from '../../../../core/host.js';
import type { Surroundings } from '../../../../core/wizard.js';
import {
  FILE_SYSTEM_FACTS,
  parseFileSystemFacts,
  type FileSystemFacts,
} from '../../../../tools/file-system-facts.js';
import { readText } from '../../../../tools/read-text.js';
import { lookAtGroups, type GroupOffer } from '../../../../tools/volume-groups.js';

/** What was found on a host, or why nothing was. */
export type FoundHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      readonly groups: readonly GroupOffer[];
      readonly facts: FileSystemFacts;
      /** Null: there is no such file. */
      readonly fstab: string | null;
      /** Mount points in use now. */
      readonly mounts: readonly string[];
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

/** A host that was found whole. */
export type KnownHost = Extract<FoundHost, { readonly ok: true }>;

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundHost[];
  /** For the volume and its file system: made here, so that a plan is made of facts alone. */
  readonly fresh: { readonly volume: string; readonly fileSystem: string };
}

/** Looks at volume groups, mounts and fstab of all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[], around: Surroundings): Promise<Found> {
  return {
    hosts: await Promise.all(hosts.map((host) => lookAtHost(host, around))),
    fresh: { volume: randomUUID(), fileSystem: randomUUID() },
  };
}

async function lookAtHost(host: Reader, { neverTouch }: Surroundings): Promise<FoundHost> {
  const { name } = host;
  const [groups, facts, fstab] = await Promise.all([
    lookAtGroups(host, neverTouch),
    host.run(reads(['sh', '-c', FILE_SYSTEM_FACTS], 20_000)),
    readText(host, '/etc/fstab'),
  ]);
  if (!groups.ok) return { ok: false, name, because: groups.because };
  if ('because' in fstab) return { ok: false, name, because: fstab.because };
  if (facts.kind !== 'exited') return { ok: false, name, because: facts.reason };
  return {
    ok: true,
    name,
    groups: groups.groups,
    facts: parseFileSystemFacts(facts.stdout),
    fstab: fstab.text,
    mounts: groups.devices.mountTable.map(({ point }) => point),
  };
}
