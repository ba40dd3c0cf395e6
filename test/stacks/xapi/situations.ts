import assert from 'node:assert/strict';
import { machineNamed, type Fleet } from '../../../source/demo/fleet/state.js';
import { incidentsOf } from '../../../source/demo/fleet/incidents.js';
import { kill } from '../../../source/demo/fleet/machines.js';
import type { XapiPool } from '../../../source/demo/fleet/xapi-state.js';
import { firstPool } from '../../../source/demo/fleet/xapi.js';
import { fleetOf } from '../../../source/demo/fleet/scenarios.js';
import { RECORDED_AT } from '../../support/recordings.js';

/** A situation of the simulated pool, and the hosts that are recorded in it. */
interface Situation {
  readonly says: string;
  readonly hosts: readonly string[];
  readonly make: (fleet: Fleet) => void;
}

const both = ['xs-1', 'xs-2'];

/** Every recorded situation. */
export const madeSituations: Readonly<Record<string, Situation>> = {
  calm: { says: 'nothing is wrong', hosts: both, make: () => undefined },
  'pbd-unplugged': {
    says: 'the PBD of xs-2 is unplugged',
    hosts: both,
    make: incident('pbd-unplug'),
  },
  'hook-lost': { says: 'the unit of xs-2 is disabled', hosts: both, make: incident('hook-lose') },
  'location-not-mounted': {
    says: 'LizardFS is not mounted on xs-2, and the repository shows the folder of its own disk',
    hosts: both,
    make: incident('location-lose'),
  },
  'bound-beneath': {
    says: 'LizardFS was mounted on xs-2 after the repository was attached',
    hosts: both,
    make: (fleet) => {
      const mount = machineNamed(fleet, 'xs-2')?.mounts.find(({ type }) => type === 'fuse');
      incident('location-lose')(fleet);
      if (mount) machineNamed(fleet, 'xs-2')?.mounts.push(mount);
    },
  },
  'master-away': {
    says: 'the master xs-1 is down',
    hosts: ['xs-2'],
    make: (fleet) => kill(fleet, 'xs-1'),
  },
  'nearly-full': { says: 'LizardFS is 93 % full', hosts: both, make: filled(0.93) },
  full: { says: 'LizardFS is 99.6 % full', hosts: both, make: filled(0.996) },
  maintenance: {
    says: 'xs-2 is disabled',
    hosts: both,
    make: (fleet) => {
      const host = poolOf(fleet).hosts.find(({ machine }) => machine === 'xs-2');
      if (host) host.enabled = false;
    },
  },
  'host-not-heard': { says: 'xs-2 is down', hosts: ['xs-1'], make: (fleet) => kill(fleet, 'xs-2') },
  'pbd-missing': {
    says: 'xs-2 has no PBD',
    hosts: both,
    make: (fleet) => {
      incident('pbd-unplug')(fleet);
      poolOf(fleet).pbds.pop();
    },
  },
  'two-pools': {
    says: 'xs-1 and xs-2 are pools of their own and have the same repository',
    hosts: both,
    make: (fleet) => {
      fleet.pools = [firstPool(['xs-1']), firstPool(['xs-2'], 12)];
    },
  },
};

/** A fleet in a situation. */
export function fleetIn(situation: string): Fleet {
  const fleet = fleetOf('calm', RECORDED_AT);
  assert.ok(fleet);
  madeSituations[situation]?.make(fleet);
  return fleet;
}

function incident(id: string): (fleet: Fleet) => void {
  return (fleet) =>
    incidentsOf(fleet)
      .find((one) => one.id === id)
      ?.run();
}

function poolOf(fleet: Fleet): XapiPool {
  const [pool] = fleet.pools;
  assert.ok(pool);
  return pool;
}

function filled(share: number): (fleet: Fleet) => void {
  return (fleet) => {
    for (const machine of fleet.machines) {
      machine.mounts = machine.mounts.map((mount) => {
        return mount.type === 'fuse' ? { ...mount, used: Math.floor(mount.size * share) } : mount;
      });
    }
  };
}
