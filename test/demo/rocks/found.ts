import { lookNow } from '../../../source/core/look-now.js';
import { machineNamed } from '../../../source/demo/fleet/state.js';
import { imgstorage } from '../../../source/stacks/imgstorage/index.js';
import type { ShellFleet } from '../../support/shell-fleet.js';

/** What the watch of the storage maps finds now, as `CODE subject`. */
export async function foundIn({ fleet, hosts }: ShellFleet): Promise<readonly string[]> {
  const up = hosts.filter(({ name }) => machineNamed(fleet, name)?.reach === 'up');
  const now = await lookNow(new Map(up.map((host) => [host.name, host])), {
    stack: 'imgstorage',
    probes: imgstorage.probes,
    clock: () => fleet.clock.now,
  });
  return imgstorage
    .diagnose(now)
    .map(({ code, subject }) => `${code} ${subject}`)
    .toSorted();
}
