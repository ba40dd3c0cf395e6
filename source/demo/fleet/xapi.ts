import { machineNamed, type Fleet, type Machine, type Mount } from './state.js';
import type { XapiHost, XapiPbd, XapiPool, XapiVm } from './xapi-state.js';

/** The repository of the calm fleet, and where it lies. */
export const FIRST_SR = 'e8c4a1b2-6f0d-4d53-9c11-000000000001';
export const FIRST_LOCATION = '/mnt/lizardfs/sr';
/** The unit that mounts it at boot. */
export const FIRST_UNIT = `sr-start-${FIRST_SR.slice(0, 8)}`;

/** Where the driver binds a repository. */
export function srMount(sr: string): string {
  return `/run/sr-mount/${sr}`;
}

/** An identifier that is the same in each run. */
export function fixedUuid(kind: string, n: number): string {
  return `${kind}-52aa-4f0e-8d3c-${String(n).padStart(12, '0')}`;
}

/**
 * A pool of these hosts, with a shared repository on LizardFS.
 *
 * @param first the number that its identifiers begin with
 */
export function firstPool(names: readonly string[], first = 11): XapiPool {
  const hosts = names.map((machine, index): XapiHost => {
    return { uuid: fixedUuid('b0a11c5e', first + index), machine, enabled: true };
  });
  const vm = (name: string, n: number, host?: string): XapiVm => ({
    uuid: fixedUuid('7e1d40aa', n),
    name,
    vdi: fixedUuid('c5f2b781', n),
    sr: FIRST_SR,
    ...(host !== undefined && { host }),
  });
  return {
    uuid: fixedUuid('9d2f7a34', first),
    name: 'main',
    hosts,
    master: hosts[0]?.uuid ?? '',
    defaultSr: FIRST_SR,
    srs: [{ uuid: FIRST_SR, name: 'LizardFS', type: 'file', contentType: 'user', shared: true }],
    pbds: hosts.map(({ uuid }, index) => ({
      uuid: fixedUuid('4c7be019', first + index),
      host: uuid,
      sr: FIRST_SR,
      config: new Map([['location', FIRST_LOCATION]]),
      attached: true,
    })),
    vms: [vm('files', 1, hosts[0]?.uuid), vm('accounts', 2, hosts[0]?.uuid), vm('test', 3)],
    strays: new Map(),
  };
}

/** A pool that has no repository yet. */
export function barePool(names: readonly string[]): XapiPool {
  return { ...firstPool(names), defaultSr: '', srs: [], pbds: [], vms: [] };
}

/** The pool that a machine is in. */
export function poolOn({ pools }: Fleet, machine: string): XapiPool | undefined {
  return pools.find(({ hosts }) => hosts.some((host) => host.machine === machine));
}

/** The mount that a path lies on: the deepest above it. */
export function mountBeneath({ mounts }: Machine, path: string): Mount | undefined {
  return mounts
    .filter(({ target }) => target === '/' || path === target || path.startsWith(`${target}/`))
    .toSorted((a, b) => b.target.length - a.target.length)[0];
}

/** Binds a folder into place as the driver does: whatever lies there now, mounted or not. */
export function bindSr(machine: Machine, sr: string, location: string): void {
  const beneath = mountBeneath(machine, location);
  if (!beneath) return;
  const below = beneath.target === '/' ? location : location.slice(beneath.target.length);
  const root = `${beneath.root ?? ''}${below}`;
  machine.mounts = [
    ...machine.mounts.filter(({ target }) => target !== srMount(sr)),
    { ...beneath, target: srMount(sr), ...(root !== '' && { root }) },
  ];
}

/** Takes the bind of a repository away. */
export function unbindSr(machine: Machine, sr: string): void {
  machine.mounts = machine.mounts.filter(({ target }) => target !== srMount(sr));
}

/** Attaches or detaches a PBD, as xapi does on its host. */
export function setAttached(fleet: Fleet, pool: XapiPool, pbd: XapiPbd, attached: boolean): void {
  const host = pool.hosts.find(({ uuid }) => uuid === pbd.host);
  const machine = host && machineNamed(fleet, host.machine);
  pbd.attached = attached;
  if (!machine) return;
  const location = pbd.config.get('location');
  if (attached && location !== undefined) bindSr(machine, pbd.sr, location);
  else unbindSr(machine, pbd.sr);
}

/** The PBD of the first repository on a machine, with its pool. */
export function firstPbd(
  fleet: Fleet,
  machine: string,
): { readonly pool: XapiPool; readonly pbd: XapiPbd } | undefined {
  const pool = poolOn(fleet, machine);
  const host = pool?.hosts.find((one) => one.machine === machine);
  const pbd = pool?.pbds.find((one) => one.host === host?.uuid && one.sr === FIRST_SR);
  return pool && pbd ? { pool, pbd } : undefined;
}
