import { withPrimaryBit, ZERO } from '../drbd/side.js';
import { logLine, machineNamed, type Fleet } from '../state.js';
import { begin, beginGeneration, loseEachOther, meet } from './changes.js';
import { endTo, peersOf, type Node9, type Resource9 } from './state.js';

/** `drbdadm down RES`. */
export function takeDown(fleet: Fleet, resource: Resource9, node: Node9): void {
  for (const peer of peersOf(resource, node)) {
    if (endTo(node, peer).connection === 'Connected') loseEachOther(fleet, resource, node, peer);
    endTo(node, peer).connection = 'StandAlone';
  }
  Object.assign(node, { up: false, role: 'Secondary' });
  node.current = withPrimaryBit(node.current, false);
  for (const peer of peersOf(resource, node)) beginGeneration(fleet, resource, peer);
}

/** `drbdadm up RES`. */
export function bringUp(fleet: Fleet, resource: Resource9, node: Node9): void {
  node.up = true;
  for (const end of node.ends.values()) end.connection = 'Connecting';
  meet(fleet, resource);
}

/** `drbdadm detach --force RES`, or what DRBD does after an error of the disk. */
export function detach(node: Node9): void {
  node.disk = 'Diskless';
}

/** `drbdadm attach RES`: what was written meanwhile is copied. */
export function attach(fleet: Fleet, resource: Resource9, node: Node9): void {
  const peers = peersOf(resource, node);
  const source = peers.find((peer) => {
    return peer.disk === 'UpToDate' && endTo(node, peer).connection === 'Connected';
  });
  logLine(
    fleet,
    node.machine,
    `drbd ${resource.name}/0 drbd${resource.minor}: disk( Diskless -> Attaching ) `,
  );
  if (source) begin(resource, source, node);
  else node.disk = 'Outdated';
}

/** `drbdadm create-md --force RES`: the disk has nothing of the data. */
export function createMetadata(fleet: Fleet, resource: Resource9, node: Node9): void {
  node.current = '0000000000000004';
  for (const peer of peersOf(resource, node)) {
    endTo(node, peer).bitmap = ZERO;
    if (!peer.client) endTo(peer, node).outOfSync = resource.size;
  }
  const disk = machineNamed(fleet, node.machine)?.disks.find(
    ({ name }) => `/dev/${name}` === resource.backing,
  );
  if (disk) disk.signature = { type: 'drbd', uuid: 'c0de00000000000a' };
}
