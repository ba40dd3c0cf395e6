import type { Reader } from '../core/host.js';
import { blockDevicesCommand } from './block-commands.js';
import { parseBlockDevices, type BlockDevice, type BlockDevices } from './block-devices.js';
import { DeviceTree } from './device-tree.js';

/** The devices of a host at this moment, or why they cannot be told. */
export type DevicesLook =
  | { readonly ok: true; readonly devices: BlockDevices; readonly tree: DeviceTree }
  | { readonly ok: false; readonly because: string };

/** Looks at a host's block devices now, by the words that are asked about. Never rejects. */
export async function lookAtDevices(host: Reader, words: readonly string[]): Promise<DevicesLook> {
  const outcome = await host.run(blockDevicesCommand(...words));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  const read = parseBlockDevices(outcome.stdout);
  if (read.ok) return { ok: true, devices: read.value, tree: new DeviceTree(read.value) };
  const said = outcome.stderr.trim().split('\n')[0] ?? '';
  return { ok: false, because: `expected ${read.expected}${said === '' ? '' : `: ${said}`}` };
}

/** A device with the devices around it, or why it cannot be told. */
export type DeviceLook =
  | { readonly ok: true; readonly tree: DeviceTree; readonly device: BlockDevice }
  | { readonly ok: false; readonly because: string };

/** Looks at one device now, by whatever path leads to it. Never rejects. */
export async function lookAtDevice(host: Reader, path: string): Promise<DeviceLook> {
  const look = await lookAtDevices(host, [path]);
  if (!look.ok) return look;
  const [device] = look.tree.asked(path);
  return device
    ? { ok: true, tree: look.tree, device }
    : { ok: false, because: `${path} is not a block device` };
}
