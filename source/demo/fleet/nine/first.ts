import { ZERO } from '../drbd/side.js';
import { machineNamed, type Fleet } from '../state.js';
import { demote, promote, setCut } from './changes.js';
import { detach, takeDown } from './disk.js';
import { installNine, nineOf, type End9, type Node9, type Resource9 } from './state.js';

const MINUTE = 60_000;
const CURRENT = '6F0D2B4C8A1E3578';

/** A resource on three nodes: kvm-1 has it in use; kvm-3 may be there for quorum alone. */
function resourceOn(quorum: Resource9['quorum'], hasTiebreaker: boolean): Resource9 {
  const names = ['kvm-1', 'kvm-2', 'kvm-3'];
  const end = (): End9 => ({
    connection: 'Connected',
    bitmap: ZERO,
    outOfSync: 0,
    discards: false,
  });
  const nodes = names.map((machine, id): Node9 => {
    const client = hasTiebreaker && id === 2;
    return {
      ...{ machine, id, up: true, role: 'Secondary', client, written: 0 },
      disk: client ? 'Diskless' : 'UpToDate',
      current: client ? ZERO : CURRENT,
      ends: new Map(names.filter((name) => name !== machine).map((name) => [name, end()])),
    };
  });
  return {
    ...{ name: 'r0', minor: 1000, port: 7000, size: 209_708_700, backing: '/dev/sdb' },
    ...{ quorum, writes: 2048, nodes, resyncs: [] },
  };
}

function mountOn(fleet: Fleet, { minor }: Resource9, machine: string): void {
  machineNamed(fleet, machine)?.mounts.push({
    source: `/dev/drbd${minor}`,
    target: '/srv/data',
    type: 'ext4',
    options: 'rw,noatime',
    size: 211_000_000_000,
    used: 38_400_000_000,
  });
}

/** Gives the fleet its resource, in use on kvm-1. */
export function startNine(fleet: Fleet, quorum: Resource9['quorum'], hasTiebreaker: boolean): void {
  const resource = resourceOn(quorum, hasTiebreaker);
  installNine(fleet, [resource]);
  const [first] = resource.nodes;
  if (first) promote(fleet, resource, first);
  mountOn(fleet, resource, 'kvm-1');
}

/** kvm-1 was cut from the other two, and both parties wrote before it came back. */
export function splitNine(fleet: Fleet): void {
  startNine(fleet, 'off', false);
  const [resource] = nineOf(fleet)?.resources ?? [];
  const second = resource?.nodes[1];
  if (!resource || !second) return;
  fleet.advance(MINUTE);
  setCut(fleet, 'kvm-1', true);
  promote(fleet, resource, second);
  mountOn(fleet, resource, 'kvm-2');
  fleet.advance(8 * MINUTE);
  setCut(fleet, 'kvm-1', false);
  fleet.advance(4 * MINUTE);
}

/** All three went their own way, one after the other in use. */
export function splitNineInThree(fleet: Fleet): void {
  startNine(fleet, 'off', false);
  const [resource] = nineOf(fleet)?.resources ?? [];
  const [, second, third] = resource?.nodes ?? [];
  if (!resource || !second || !third) return;
  setCut(fleet, 'kvm-1', true);
  setCut(fleet, 'kvm-3', true);
  for (const node of [second, third]) {
    promote(fleet, resource, node);
    mountOn(fleet, resource, node.machine);
    fleet.advance(2 * MINUTE);
  }
  const machine = machineNamed(fleet, third.machine);
  if (machine) machine.mounts = machine.mounts.filter(({ target }) => target !== '/srv/data');
  demote(fleet, resource, third);
  for (const name of ['kvm-1', 'kvm-3']) setCut(fleet, name, false);
  fleet.advance(MINUTE);
}

/** kvm-3 was taken down, and what kvm-1 wrote since is missing there. */
export function losePeer(fleet: Fleet): void {
  startNine(fleet, 'majority', false);
  const [resource] = nineOf(fleet)?.resources ?? [];
  const third = resource?.nodes[2];
  if (!resource || !third) return;
  takeDown(fleet, resource, third);
  fleet.advance(5 * MINUTE);
}

/** kvm-2 let go of its disk after an error, and goes on over the network. */
export function failDiskOfNine(fleet: Fleet): void {
  startNine(fleet, 'majority', false);
  const [resource] = nineOf(fleet)?.resources ?? [];
  const second = resource?.nodes[1];
  if (!resource || !second) return;
  detach(second);
  fleet.advance(2 * MINUTE);
}

/** kvm-1 has lost both others, and holds its I/O back; the others could go on. */
export function loseQuorum(fleet: Fleet): void {
  startNine(fleet, 'majority', true);
  fleet.advance(MINUTE);
  setCut(fleet, 'kvm-1', true);
  fleet.advance(3 * MINUTE);
}
