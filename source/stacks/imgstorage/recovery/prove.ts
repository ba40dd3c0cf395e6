import type { Steps } from '../../../core/plan-steps.js';
import type { Situation } from './look.js';

const GIB = 1024 ** 3;

/**
 * Maps the image through the roll itself and unmaps it again: that it is free is believed only then. Over
 * iSCSI alone, since a copy to the container would take hours.
 */
export function prove(steps: Steps, { image, far, frontend, container }: Situation): void {
  const { nas, zvol, volume } = image;
  const to = far?.container.name;
  if (frontend === undefined || to === undefined || container.host === undefined) return;
  if (volume?.size == null) return;
  const zpool = volume.name.split('/').slice(0, -1).join('/');
  const gigabytes = Math.max(1, Math.ceil(volume.size / GIB));
  const params = { nas: nas.name, zpool, zvol, host: to, gigabytes, remotePool: null };
  steps.add(frontend, 'imgstorage.map-image', params);
  steps.add(frontend, 'imgstorage.unmap-image', { nas: nas.name, zvol });
}
