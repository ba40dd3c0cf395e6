import type { Drbd, Replica, Resource, Settings } from './state.js';
import { withPrimaryBit, ZERO } from './side.js';

/** A resource of one volume on kvm-1 and kvm-2, and how it begins. */
export interface Facts {
  readonly name: string;
  readonly minor: number;
  readonly port: number;
  readonly size: number;
  readonly backing: string;
  readonly writes: number;
  readonly current: string;
  readonly net: Readonly<Record<string, string>>;
  readonly roles: readonly [Replica['role'], Replica['role']];
  readonly fileSystem: string;
}

const AFTER_SPLIT_BRAIN = {
  'after-sb-0pri': 'disconnect',
  'after-sb-1pri': 'disconnect',
  'after-sb-2pri': 'disconnect',
};

/** The pair of the virtual machine hosts: one resource that both use, and one that one of them does. */
export function firstDrbd(): Drbd {
  return {
    linkCut: false,
    resources: [
      resource({
        ...{ name: 'r0', minor: 0, port: 7788, size: 209_708_700, backing: '/dev/sdb' },
        ...{ writes: 410, current: '5879F08F637B4E90', roles: ['Primary', 'Primary'] },
        net: { protocol: 'C', 'allow-two-primaries': 'yes', ...AFTER_SPLIT_BRAIN },
        fileSystem: 'ocfs2',
      }),
      resource({
        ...{ name: 'r1', minor: 1, port: 7789, size: 104_854_364, backing: '/dev/sdc' },
        ...{ writes: 64, current: '356DE45851D9908C', roles: ['Primary', 'Secondary'] },
        net: { protocol: 'C', ...AFTER_SPLIT_BRAIN },
        fileSystem: 'ext4',
      }),
    ],
  };
}

const ADDRESSES: Readonly<Record<string, string>> = {
  'kvm-1': '10.20.0.21',
  'kvm-2': '10.20.0.22',
};

/** A resource that is connected, and the same on both. */
export function resource(facts: Facts): Resource {
  const { name, minor, size, writes, roles, fileSystem } = facts;
  const label = fileSystem === 'ocfs2' ? { label: 'vms' } : {};
  return {
    ...{ name, minor, size, writes, differs: 0 },
    replicas: [side(facts, 'kvm-1', 'kvm-2', roles[0]), side(facts, 'kvm-2', 'kvm-1', roles[1])],
    fileSystem: { type: fileSystem, uuid: FILE_SYSTEMS[minor] ?? '', ...label },
  };
}

const FILE_SYSTEMS = [
  '28bd8868-2f1b-40a7-965c-648dc924160a',
  '9f1c2a34-55d0-4b7e-8a61-0000000000d1',
] as const;

function side(facts: Facts, machine: string, peer: string, role: Replica['role']): Replica {
  const settings: Settings = {
    ...{ backing: facts.backing, metadata: 'internal', port: facts.port },
    ...{ address: ADDRESSES[machine] ?? '', peer: ADDRESSES[peer] ?? '' },
    net: new Map(Object.entries(facts.net)),
    disk: new Map([
      ['on-io-error', 'detach'],
      ['c-plan-ahead', '0'],
      ['resync-rate', '40M'],
    ]),
  };
  const isPrimary = role === 'Primary';
  return {
    ...newSide(machine, settings),
    ...{ up: true, hasMetadata: true, role, bootRole: role },
    ...{ connection: 'Connected', disk: 'UpToDate' },
    sent: isPrimary ? 4_812_332 : 0,
    received: isPrimary ? 0 : 4_812_332,
    written: 4_812_332,
    read: 912_004,
    activityLog: 1377,
    current: withPrimaryBit(facts.current, isPrimary),
    history: ['3A9D02A760D8C0BE', '3A9C02A760D8C0BF'],
  };
}

/** A side of which nothing is there yet but its file. */
export function newSide(machine: string, settings: Settings): Replica {
  return {
    ...{ machine, settings, up: false, hasMetadata: false },
    ...{ role: 'Secondary', bootRole: 'Secondary', connection: 'StandAlone' },
    ...{ disk: 'Inconsistent', paused: false, discards: false },
    ...{ outOfSync: 0, sent: 0, received: 0, written: 0, read: 0, activityLog: 8 },
    ...{ current: ZERO, bitmap: ZERO, history: [ZERO, ZERO] },
  };
}
