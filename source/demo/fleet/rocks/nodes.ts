import type { Fleet, Machine } from '../state.js';
import type { Guest, Rocks, StorageNode } from './state.js';

/** The storage of a machine of a Rocks cluster. */
export function nodeOf(fleet: Fleet, machine: Machine | string): StorageNode | undefined {
  const name = typeof machine === 'string' ? machine : machine.name;
  return fleet.rocks?.nodes.find((node) => node.machine === name);
}

/** The volume that an image is: `vm-0` has `vm-0-vol`. */
export function volumeOf({ name }: Pick<Guest, 'name'>): string {
  return `${name}-vol`;
}

/** An attribute of a host, or of the whole cluster. */
export function attributeOf(rocks: Rocks, host: string, name: string): string | undefined {
  return rocks.attributes.get(host)?.get(name) ?? rocks.attributes.get('')?.get(name);
}
