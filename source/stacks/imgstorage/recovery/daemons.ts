import type { Steps } from '../../../core/plan-steps.js';
import type { Situation } from './look.js';

/**
 * Starts the daemons that do not run. The container's is started anew as well where it had a snapshot that
 * broke or a merge that stood still: at such a status it stops looking after merges for good, of any image
 * (an IndexError in `run_sync`, imgstoragevm.py).
 */
export function wakeDaemons(steps: Steps, { image, nas, container, far }: Situation): void {
  const { zvol } = image;
  if (nas.host !== undefined && nas.pid === undefined) {
    const params = { daemon: 'img-storage-nas', pid: null, zvol };
    steps.add(nas.host, 'imgstorage.restart-daemon', params);
  }
  const stood = far?.device?.filling?.kind === 'broken' || far?.device?.target === 'snapshot-merge';
  if (container.host !== undefined && (container.pid === undefined || stood)) {
    const params = { daemon: 'img-storage-vm', pid: container.pid ?? null, zvol };
    steps.add(container.host, 'imgstorage.restart-daemon', params);
  }
}
