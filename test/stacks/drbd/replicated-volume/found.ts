import type {
  Found,
  KnownHost,
} from '../../../../source/stacks/drbd/wizards/replicated-volume/look.js';
import type { GroupOffer } from '../../../../source/tools/volume-groups.js';
import { open } from '../../../../source/core/form.js';
import type { ConfResource } from '../../../../source/stacks/drbd/read/configuration.js';

export const EXTENT = 4 * 2 ** 20;

/** A volume group `vg0` with these volumes. */
export function groupOf(host: string, more: Partial<GroupOffer> = {}): GroupOffer {
  return {
    ...{ host, name: 'vg0', uuid: `uuid-${host}`, volumes: [], gate: open },
    ...{ sizeBytes: 2 ** 40, freeBytes: 2 ** 39, extentBytes: EXTENT },
    ...more,
  };
}

/** A host with DRBD 8.4, two networks and nothing of its own yet. */
export function hostOf(name: string, last: number, more: Partial<KnownHost> = {}): KnownHost {
  const card = (one: string, address: string, isDefault: boolean) => ({
    ...{ card: one, address, prefix: 24, isDefault },
  });
  return {
    ...{ ok: true, name, driver: '8.4', volumes: [], resources: [], resourceNames: '' },
    facts: {
      uname: name,
      addresses: [card('eth0', `10.0.0.${last}`, true), card('eth1', `192.168.3.${last}`, false)],
      ...{ kernel: '8.4.11', utils: '9.22.0', minors: [], ports: [22], files: [] },
      handlers: ['/usr/lib/drbd/notify-split-brain.sh'],
    },
    groups: [groupOf(name)],
    fstabSources: [],
    ...more,
  };
}

/** What the wizard found on two such hosts. */
export function foundOn(...hosts: Found['hosts']): Found {
  const uuid = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
  const fresh = { first: uuid(1), second: uuid(2), firstMeta: uuid(3), secondMeta: uuid(4) };
  return { hosts, fresh };
}

/** A resource between fiori and torchio, as fiori's configuration has it. */
export function resourceOf(name: string, minor: number, port: number): ConfResource {
  const on = (host: string, last: number) => ({
    ...{ name: host, address: `192.168.3.${last}:${port}`, nodeId: null },
    volumes: [{ volume: 0, minor, disk: `/dev/vg0/${name}` }],
  });
  const both = { self: on('fiori', 6), others: [on('torchio', 7)] };
  return { name, ...both, protocol: 'C', allowTwoPrimaries: true };
}
