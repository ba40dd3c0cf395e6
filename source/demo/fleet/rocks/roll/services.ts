import { machineNamed, type Fleet, type Machine } from '../../state.js';
import { isBrokering, later, serviceOf } from './broker.js';
import { mapOnContainer, unmapOnContainer } from './container-daemon.js';
import { startContainer, syncOnContainer } from './container-loop.js';
import { delZvol, mapZvol, unmapZvol, zvolMapped, zvolSynced, zvolUnmapped } from './nas-daemon.js';
import { startNas } from './nas-loop.js';
import { listDevices, listGlobals, listImages } from './listings.js';
import { login } from '../storage/iscsi.js';
import type { Message } from './messages.js';
import { nodeOf, type StorageNode } from '../state.js';

/** How long a daemon waits before it looks for the broker again, ms. */
const RECONNECT = 5000;

/** What a service's start or stop means for what it served; the service itself is set already. */
export function serviceChanged(fleet: Fleet, machine: Machine, unit: string, up: boolean): void {
  const { rocks } = fleet;
  if (!rocks) return;
  if (unit === 'rabbitmq-server' && !up) {
    const lost = [...rocks.waiting.values()];
    rocks.waiting.clear();
    for (const hear of lost) hear({ status: 'error', error: 'ConnectionClosed' });
  }
  const node = nodeOf(fleet, machine);
  if (!node) return;
  // Targets that tgt-setup-lun made are in no file.
  if (unit === 'tgtd') node.targets.length = 0;
  if (unit !== serviceOf(node)) return;
  node.daemon.run += 1;
  node.daemon.inbox.length = 0;
  node.daemon.busy = false;
  node.daemon.loops = false;
  if (up) start(fleet, node);
}

function start(fleet: Fleet, node: StorageNode): void {
  node.daemon.hear = (message) => hear(fleet, node, message);
  if (!isBrokering(fleet)) {
    later(fleet, node, RECONNECT, () => start(fleet, node));
    return;
  }
  if (node.role === 'nas') startNas(fleet, node);
  else startContainer(fleet, node);
}

/** What the daemon of a node does with a message; what it does not know it passes over. */
function hear(fleet: Fleet, node: StorageNode, message: Message): 'blocks' | undefined {
  if (node.role === 'container') {
    switch (message.action) {
      case 'attach':
        mapOnContainer(fleet, node, message);
        return undefined;
      case 'detach':
        return unmapOnContainer(fleet, node, message);
      case 'sync_zvol':
        syncOnContainer(fleet, node, message);
        return undefined;
      case 'list_dev':
        listDevices(fleet, node, message.queue);
        return undefined;
      default:
        return undefined;
    }
  }
  switch (message.action) {
    case 'map_zvol':
      mapZvol(fleet, node, message, message.queue);
      return undefined;
    case 'unmap_zvol':
      unmapZvol(fleet, node, message.zvol, message.queue);
      return undefined;
    case 'del_zvol':
      delZvol(fleet, node, message, message.queue);
      return undefined;
    case 'list_zvols':
      listImages(fleet, node, message.queue);
      return undefined;
    case 'get_attrs':
      listGlobals(fleet, node, message.queue);
      return undefined;
    case 'zvol_mapped':
      zvolMapped(fleet, node, message);
      return undefined;
    case 'zvol_unmapped':
      zvolUnmapped(fleet, node, message);
      return undefined;
    case 'zvol_synced':
      zvolSynced(fleet, node, message.zvol);
      return undefined;
    default:
      return undefined;
  }
}

/** Starts a service, as a boot or an administrator does. */
export function setService(fleet: Fleet, host: string, unit: string, up: boolean): void {
  const machine = machineNamed(fleet, host);
  if (!machine) return;
  machine.services.set(unit, up);
  serviceChanged(fleet, machine, unit, up);
}

/** What the kernel made is gone with the power; the iscsi service logs in again to what is recorded. */
export function nodeBooted(fleet: Fleet, machine: Machine): void {
  const node = nodeOf(fleet, machine);
  if (!node) return;
  node.devices.length = 0;
  node.sessions.length = 0;
  node.targets.length = 0;
  for (const vm of machine.vms) vm.running = false;
  for (const iqn of node.records.keys()) login(fleet, node, iqn);
}
