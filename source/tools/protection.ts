import type { HostName, Reader } from '../core/host.js';
import type { Forbidden, Protection, Touch } from '../core/touch.js';
import type { BlockDevice } from './block-devices.js';
import { lookAtDevices, type DevicesLook } from './device.js';
import type { DeviceTree } from './device-tree.js';
import { bootMounts } from './disk-gate.js';
import { mayBeShared, reservedBy } from './disk-identity.js';
import { SharedStorage } from './shared-storage.js';

/**
 * Judges what a step touches by what the hosts say now, before it is begun: nothing of the
 * never-touch list, not the disk from which the system runs, and no disk that another host uses.
 * Whether its own host uses it is the step's own check.
 *
 * @param neverTouch the ids that the cluster's configuration protects
 */
export function storageProtection(neverTouch: readonly string[]): Protection {
  return async (all, on, hosts) => {
    // Without a list only what is overwritten can be forbidden: a recovery need not wait for a look.
    const touches = neverTouch.length > 0 ? all : all.filter(({ kind }) => kind === 'overwrites');
    const [first] = touches;
    const host = hosts.get(on);
    if (!first) return undefined;
    const odd = touches.find((touch) => /\p{Cc}/u.test(wordOf(touch)));
    if (odd)
      return { touch: odd, because: `${JSON.stringify(nameOf(odd))} is no name of a device` };
    if (!host) return { touch: first, because: `${on} is not connected` };
    const words = [...new Set(touches.map(wordOf))];
    const look = await lookAtDevices(host, words);
    if (!look.ok) {
      return { touch: first, because: `what it touches cannot be judged: ${look.because}` };
    }
    const own = touches.map((touch) => judge(touch, look.tree, neverTouch));
    return own.find((one) => one !== undefined) ?? judgeShared(touches, on, look, hosts);
  };
}

/** How the host is asked about it. */
function wordOf(touch: Touch): string {
  switch (touch.kind) {
    case 'overwrites':
    case 'uses':
      return touch.path;
    case 'volume-group':
      return `vg:${touch.name}`;
    case 'mount-point':
      return `at:${touch.path}`;
    case 'folder':
      return `in:${touch.path}`;
  }
}

function judge(
  touch: Touch,
  tree: DeviceTree,
  neverTouch: readonly string[],
): Forbidden | undefined {
  for (const device of tree.asked(wordOf(touch))) {
    const reserved = reservedBy(tree, device, neverTouch);
    if (reserved !== undefined) {
      return forbid(touch, device, `is on the cluster's never-touch list (${reserved})`);
    }
    const boots = touch.kind === 'overwrites' ? bootMounts(tree, device) : [];
    if (boots.length > 0) {
      return forbid(
        touch,
        device,
        `belongs to the disk that the system runs from (${boots.join(', ')})`,
      );
    }
  }
  return undefined;
}

function forbid(touch: Touch, { kernelName }: BlockDevice, what: string): Forbidden {
  return { touch, because: `${nameOf(touch)} (${kernelName}) ${what}` };
}

function nameOf(touch: Touch): string {
  switch (touch.kind) {
    case 'overwrites':
    case 'uses':
      return touch.path;
    case 'volume-group':
      return `the volume group ${touch.name}`;
    case 'mount-point':
      return `what is mounted at ${touch.path}`;
    case 'folder':
      return `what ${touch.path} lies on`;
  }
}

/** A disk that is overwritten here must not be in use on any other host that can be asked. */
async function judgeShared(
  touches: readonly Touch[],
  on: HostName,
  { devices, tree }: Extract<DevicesLook, { readonly ok: true }>,
  hosts: ReadonlyMap<HostName, Reader>,
): Promise<Forbidden | undefined> {
  const shared = touches
    .filter(({ kind }) => kind === 'overwrites')
    .flatMap((touch) =>
      tree.asked(wordOf(touch)).map((one) => ({ touch, device: tree.whole(one) })),
    )
    .filter(({ device }) => mayBeShared(device));
  const [first] = shared;
  if (!first) return undefined;
  const looks = new Map([[on, devices]]);
  const words = touches.map(wordOf);
  const others = [...hosts].filter(([name]) => name !== on);
  const asked = others.map(async ([name, host]) => ({
    name,
    look: await lookAtDevices(host, words),
  }));
  for (const { name, look } of await Promise.all(asked)) {
    if (look.ok) looks.set(name, look.devices);
    else {
      const because = `whether ${name} uses the same disk cannot be told: ${look.because}`;
      return { touch: first.touch, because };
    }
  }
  const storage = new SharedStorage(looks);
  for (const { touch, device } of shared) {
    const because = storage.usedElsewhere({ host: on, device });
    if (because !== undefined) return { touch, because: `${nameOf(touch)}: ${because}` };
  }
  return undefined;
}
