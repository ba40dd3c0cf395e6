import { z } from 'zod';
import type { Command, Effect, Reader } from '../../../core/host.js';
import { ask } from '../../../core/tool.js';
import type { Touch } from '../../../core/touch.js';
import { isConfigured, procDrbd, type ConfiguredDevice } from '../read/proc.js';
import { statusJson } from '../read/status-json.js';
import { sideOf9 } from './side-9.js';
import type { SideNow } from './side-now.js';
import { activityOf, isInTouch, linkClass, pausersOf } from '../states.js';

export type { SideNow, VolumeNow } from './side-now.js';

/**
 * Names that may go into a command. `all` is a word of drbdadm's own and would mean every resource;
 * other characters than these are refused rather than tried.
 */
export const resourceName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.:+@-]{0,126}$/, 'no plain name of a resource')
  .refine((name) => name !== 'all', '`all` means every resource to drbdadm');

/** Which resource on the step's host, and how it is spoken to. */
export const sideSchema = z.strictObject({
  resource: resourceName,
  minors: z.array(z.number().int().nonnegative()).min(1),
  /** The driver's generation, by which commands and states are written. */
  driver: z.enum(['8.3', '8.4', '9']),
  /** DRBD 9: the peer whose connection is meant, by its own name; left out: there is one, or all are. */
  peer: z
    .string()
    .regex(/^[A-Za-z0-9_][\w.-]{0,62}$/, 'no plain name of a host')
    .optional(),
});

/** A resource on one host, as steps name it. */
export type SideParams = z.infer<typeof sideSchema>;

/** The same as it stands in a plan. */
export function sideJson({ resource, minors, driver, peer }: SideParams) {
  return { resource, minors: [...minors], driver, ...(peer !== undefined && { peer }) };
}

/** How drbdadm is told which connection is meant: `r0`, or `r0:torchio` among several. */
export function connectionOf({ resource, peer }: Pick<SideParams, 'resource' | 'peer'>): string {
  return peer === undefined ? resource : `${resource}:${peer}`;
}

/** The devices that a step on a resource takes into use. */
export function devicesOf({ minors }: SideParams): readonly Touch[] {
  return minors.map((minor) => ({ kind: 'uses', path: `/dev/drbd${minor}` }));
}

/** What a look brought. */
export type SideLook =
  | { readonly ok: true; readonly side: SideNow }
  /** `isDown`: it is known not to be up there, or not with all its volumes. */
  | { readonly ok: false; readonly because: string; readonly isDown: boolean };

/** Looks at a resource now. Never rejects, and never loads the module. */
export async function lookAtSide(host: Reader, params: SideParams): Promise<SideLook> {
  return params.driver === '9' ? lookAt9(host, params) : lookAt8(host, params);
}

async function lookAt8(host: Reader, { resource, minors }: SideParams): Promise<SideLook> {
  const proc = await ask(host, procDrbd);
  if (proc.kind === 'absent') return { ok: false, because: proc.because, isDown: true };
  if (proc.kind === 'failed') return failed(proc.failure.what);
  const devices = proc.value.devices
    .filter(isConfigured)
    .filter(({ minor }) => minors.includes(minor));
  if (devices.length !== minors.length) return notUp(resource, host);
  const worst = devices.find(({ connection }) => !isInTouch(connection)) ?? devices[0];
  const connection = worst?.connection ?? 'Unknown';
  return {
    ok: true,
    side: {
      role: devices[0]?.localRole ?? 'Unknown',
      connection,
      link: linkClass(connection),
      touches: isInTouch(connection),
      volumes: devices.map(volume8),
    },
  };
}

function volume8({
  minor,
  localDisk,
  peerDisk,
  connection,
  outOfSyncKiB,
  sync,
  flags,
}: ConfiguredDevice) {
  return {
    minor,
    disk: localDisk,
    peerDisk,
    activity: isInTouch(connection) ? activityOf(connection) : ('off' as const),
    percent: sync?.percent ?? null,
    kibPerSecond: sync?.kibPerSecond ?? null,
    secondsLeft: sync?.secondsLeft ?? null,
    outOfSyncKiB,
    pausedBy: pausersOf(flags),
  };
}

async function lookAt9(host: Reader, params: SideParams): Promise<SideLook> {
  const { resource, minors } = params;
  const status = await ask(host, statusJson);
  if (status.kind === 'absent') return { ok: false, because: status.because, isDown: true };
  if (status.kind === 'failed') return failed(status.failure.what);
  const found = status.value.resources.find(({ name }) => name === resource);
  if (!found) return notUp(resource, host);
  if (!minors.every((minor) => found.volumes.some((volume) => volume.minor === minor))) {
    return notUp(resource, host);
  }
  const side = sideOf9(found, params.peer);
  if (side) return { ok: true, side };
  const who = params.peer ?? 'any peer';
  return failed(`${resource} on ${host.name} has no connection to ${who}`);
}

function notUp(resource: string, host: Reader): SideLook {
  return { ok: false, because: `${resource} is not up on ${host.name}`, isDown: true };
}

function failed(because: string): SideLook {
  return { ok: false, because, isDown: false };
}

/** A command of drbdadm for one resource. drbdadm waits up to two minutes for the kernel. */
export function drbdadm<E extends Effect>(effect: E, ...words: readonly string[]): Command<E> {
  return { argv: ['drbdadm', ...words], effect, deadline: 130_000 };
}
