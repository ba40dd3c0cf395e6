import { newSide } from '../../fleet/drbd/first.js';
import { replicaOn, type Local } from '../../fleet/drbd/side.js';
import type { Replica, Resource } from '../../fleet/drbd/state.js';
import { isAlive, type Fleet } from '../../fleet/state.js';
import type { Call } from '../program.js';
import { settingsFor, type ConfResource } from './conf/resource.js';

/** KiB/s of those who use a resource that a person has made. */
const WRITES = 120;

/**
 * The resource that a file of the machine names, with the machine's side of it: what the file says now
 * holds for a side that is not up. Undefined: the file does not name this host.
 */
export function adopt({ fleet, machine }: Call, conf: ConfResource): Local | undefined {
  const settings = settingsFor(conf, machine.name);
  const own = conf.hosts.find(({ host }) => host === machine.name);
  if (!settings || !own) return undefined;
  const { resources } = fleet.drbd;
  const known = resources.find(({ name }) => name === conf.name);
  // Of another device, and used by nobody: it was made anew under the old name.
  const isOld = known?.minor !== own.minor && known?.replicas.every(({ up }) => !up) === true;
  const resource = known && !isOld ? known : resourceOf(conf, own.minor);
  if (resource !== known) {
    if (known) resources.splice(resources.indexOf(known), 1);
    if (!resource) return undefined;
    resources.push(resource);
  }
  if (resource) replaceLost(fleet, resource, conf);
  const self = resource && replicaOn(resource, machine.name);
  if (!resource || !self) return undefined;
  if (!self.up) {
    if (self.settings.backing !== settings.backing) self.hasMetadata = false;
    self.settings = settings;
  } else if (self.disk === 'Diskless' && self.settings.backing !== settings.backing) {
    // Without its disk the kernel has none to hold on to: the file says which comes next.
    const { backing, metadata } = settings;
    Object.assign(self, { hasMetadata: false, settings: { ...self.settings, backing, metadata } });
  }
  return { resource, self };
}

/** A host that the file names takes the place of a side that it names no more, and whose machine is off. */
function replaceLost(fleet: Fleet, resource: Resource, conf: ConfResource): void {
  const isNamed = (name: string): boolean => conf.hosts.some(({ host }) => host === name);
  const [a, b] = resource.replicas.map((side) => {
    const comes = conf.hosts.find(({ host }) => !replicaOn(resource, host))?.host;
    const settings = comes === undefined ? undefined : settingsFor(conf, comes);
    const isGone = !isNamed(side.machine) && !isAlive(fleet, side.machine);
    return comes !== undefined && settings && isGone ? newSide(comes, settings) : side;
  });
  if (a && b) resource.replicas = [a, b];
}

function resourceOf(conf: ConfResource, minor: number): Resource | undefined {
  const sides = conf.hosts.flatMap(({ host }): Replica[] => {
    const settings = settingsFor(conf, host);
    return settings ? [newSide(host, settings)] : [];
  });
  const [a, b] = sides;
  return (
    a && b && { name: conf.name, minor, size: 0, writes: WRITES, differs: 0, replicas: [a, b] }
  );
}
