import type { Reader } from '../core/host.js';
import { deviceFactsCommand, parseDeviceFacts, type DeviceFacts } from './device-facts.js';

/** A device's facts, or why they cannot be told. */
export type DeviceLook =
  | { readonly ok: true; readonly facts: DeviceFacts }
  | { readonly ok: false; readonly because: string };

/** Looks at a device now. Never rejects. */
export async function lookAtDevice(host: Reader, path: string): Promise<DeviceLook> {
  const outcome = await host.run(deviceFactsCommand(path));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  if (outcome.code !== 0) {
    return { ok: false, because: outcome.stderr.trim() || `${path} cannot be looked at` };
  }
  const read = parseDeviceFacts(path, outcome.stdout);
  if (read.ok) return { ok: true, facts: read.value };
  return { ok: false, because: `${path}: expected ${read.expected}` };
}

/** Everything whose loss must be accepted by name before the device is written on. */
export function signaturesOn({ signatures, partitions }: DeviceFacts): readonly string[] {
  const inside = partitions.map(
    ({ kernelName, signature }) => `${signature || 'data'} on ${kernelName}`,
  );
  return [...signatures, ...inside];
}

/** Why a device may not be written on, whatever a person accepts; undefined: it may. */
export function blockingUse(facts: DeviceFacts): string | undefined {
  const { mounts, holders, signatures, readOnly } = facts;
  if (mounts.includes('[SWAP]')) return 'it is in use as swap';
  if (mounts.length > 0) return `it is mounted at ${mounts.join(', ')}`;
  if (signatures.includes('mpath_member')) return 'it is a path of a multipath map';
  if (holders.length > 0) return `${holders.join(', ')} stands on it`;
  if (readOnly) return 'it is read-only';
  return undefined;
}
