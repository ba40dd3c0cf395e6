import ssh2 from 'ssh2';
import { FailureError } from '../core/failure.js';
import type { Cluster } from '../core/fleet.js';
import type { Incident } from '../core/incident.js';
import { incidentsOf } from './fleet/incidents.js';
import { allScenarios, fleetOf } from './fleet/scenarios.js';
import type { Fleet } from './fleet/state.js';
import { makeFolder } from './server/folder.js';
import { freshKeys } from './server/keys.js';
import { startSshHost } from './server/ssh-host.js';
import { loadJustBash } from './shell/just-bash.js';
import { machineShell } from './shell/machine-shell.js';

export type { Fleet } from './fleet/state.js';

/** How often simulated time follows real time when nobody asks, in ms. */
const TICK = 500;

/** The states that a demo can start in. */
export const scenarios: readonly {
  readonly id: string;
  readonly title: string;
  readonly says: string;
}[] = allScenarios.map(({ id, title, says }) => ({ id, title, says }));

/** A simulated fleet that runs in this process and is reached over SSH on loopback. */
export interface Demo {
  readonly cluster: Cluster;
  /** The client's private key. */
  readonly identityFile: string;
  readonly knownHostsFile: string;
  /** For anyone's `ssh -F`. */
  readonly sshConfigFile: string;
  /** For all that is to be gone with the demo. */
  readonly folder: string;
  readonly incidents: readonly Incident[];
  readonly fleet: Fleet;
  /** Closes the servers and removes the files. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the fleet of a scenario: one SSH server a machine, each on a free port of 127.0.0.1 with
 * fresh keys. Rejects with a FailureError for an unknown scenario and without just-bash.
 */
export async function startDemo(options: { readonly scenario: string }): Promise<Demo> {
  const fleet = fleetOf(options.scenario, Date.now());
  if (!fleet) throw unknownScenario(options.scenario);
  const justBash = await loadJustBash();
  const client = freshKeys();
  const allowed = ssh2.utils.parseKey(client.public);
  if (allowed instanceof Error) throw allowed;

  const catchUp = () => {
    const behind = Date.now() - fleet.clock.now;
    if (behind > 0) fleet.advance(behind);
  };
  const hosts = await Promise.all(
    fleet.machines.map(async (machine) => {
      const shell = await machineShell(justBash, fleet, machine);
      const keys = { host: freshKeys(), client: allowed };
      const host = await startSshHost(machine, { shell, catchUp }, keys);
      return { machine, host, key: keys.host.public };
    }),
  );
  for (const { host } of hosts) host.follow();
  fleet.onReach.add((machine) => {
    hosts.find((other) => other.machine === machine)?.host.follow();
  });
  const folder = makeFolder(
    client.private,
    hosts.map(({ machine, host, key }) => ({ name: machine.name, port: host.port, key })),
  );
  const timer = setInterval(catchUp, TICK);
  timer.unref();

  return {
    cluster: {
      name: 'demo',
      hosts: hosts.map(({ machine, host }) => ({
        name: machine.name,
        address: '127.0.0.1',
        port: host.port,
        user: 'root',
        become: 'none',
        via: 'ssh',
      })),
      readOnly: false,
      neverTouch: [],
    },
    identityFile: folder.identityFile,
    knownHostsFile: folder.knownHostsFile,
    sshConfigFile: folder.sshConfigFile,
    folder: folder.path,
    incidents: incidentsOf(fleet).map((incident) => ({
      ...incident,
      run: () => {
        catchUp();
        incident.run();
      },
    })),
    fleet,
    stop: async () => {
      clearInterval(timer);
      fleet.onReach.clear();
      await Promise.all(hosts.map(({ host }) => host.close()));
      folder.remove();
    },
  };
}

function unknownScenario(scenario: string): FailureError {
  return new FailureError({
    what: `there is no scenario called ${scenario}`,
    where: 'holdfast demo',
    means: 'The simulated fleet was not started.',
    todo: `Choose one of: ${scenarios.map(({ id }) => id).join(', ')}.`,
  });
}
