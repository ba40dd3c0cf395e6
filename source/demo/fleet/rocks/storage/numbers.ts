import type { Machine } from '../../state.js';
import { deviceAt } from './devices.js';
import type { StorageNode } from '../state.js';

/** The number of a device by any of its paths: `230:16`; of what is not there none, `0:0`. */
export function numberOf(node: StorageNode, machine: Machine, path: string): string {
  const found = deviceAt(node, path);
  switch (found?.kind) {
    case 'volume':
      return `230:${found.volume.zd?.slice(2) ?? '0'}`;
    case 'mapper':
      return `253:${found.device.minor}`;
    case 'session':
      return `8:${(found.session.disk.charCodeAt(2) - 'a'.charCodeAt(0)) * 16}`;
    case undefined: {
      const disk = machine.disks.find(({ name }) => `/dev/${name}` === path);
      return disk?.majMin ?? '0:0';
    }
  }
}
