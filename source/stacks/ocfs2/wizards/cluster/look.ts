import { randomBytes, randomUUID } from 'node:crypto';
import type { Reader } from '../../../../core/host.js';
import type { Surroundings } from '../../../../core/wizard.js';
import { lookAtNode, type FoundNode, type NodeHost } from './host.js';

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundNode[];
  readonly around: Surroundings;
  /** For the file system and for the file of the test: made here, so that a plan is of facts alone. */
  readonly fresh: { readonly fileSystem: string; readonly token: string };
}

/** Looks at all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[], around: Surroundings): Promise<Found> {
  return {
    hosts: await Promise.all(hosts.map(lookAtNode)),
    around,
    fresh: { fileSystem: randomUUID(), token: randomBytes(8).toString('hex') },
  };
}

/** Those that could be looked at. */
export function knownHosts({ hosts }: Found): readonly NodeHost[] {
  return hosts.filter((host) => host.ok);
}
