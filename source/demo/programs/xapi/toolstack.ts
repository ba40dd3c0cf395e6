import type { Millis } from '../../../core/host.js';
import { isAlive } from '../../fleet/state.js';
import type { XapiPool } from '../../fleet/xapi-state.js';
import { poolOn, srMount } from '../../fleet/xapi.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { plugPbd } from './changes.js';

/** How often a member asks for its master while it starts. */
const AGAIN: Millis = 2000;

/** `xapi`, as its unit starts, stops and restarts it. */
export async function xapi(call: Call): Promise<Ran> {
  const { args, machine } = call;
  const pool = poolOn(call.fleet, machine.name);
  const [verb] = args;
  machine.services.set('xapi', false);
  if (verb === 'stop' || !pool) return printed('');
  if (verb !== 'start' && verb !== 'restart') return failed(1, 'xapi: it cannot be reloaded\n');
  await masterAnswers(call, pool);
  machine.services.set('xapi', true);
  await plugAll(call, pool);
  return printed('');
}

/** A member without its master waits; so does everything that asks it. */
async function masterAnswers({ fleet, machine, signal }: Call, pool: XapiPool): Promise<void> {
  const { bootId } = machine;
  const master = pool.hosts.find(({ uuid }) => uuid === pool.master)?.machine ?? '';
  const goesOn = () => machine.bootId === bootId && !signal.aborted;
  while (goesOn() && !isAlive(fleet, master)) await fleet.clock.sleep(AGAIN, signal);
}

/**
 * What it does at its start (xen-api, create_storage.ml, plug_all_pbds): what the storage driver
 * does not have bound counts as detached, and every PBD of the host is plugged, to whatever lies
 * there by then. One that fails is told as an alert and stays detached.
 */
async function plugAll(call: Call, pool: XapiPool): Promise<void> {
  const host = pool.hosts.find(({ machine }) => machine === call.machine.name);
  if (!host) return;
  for (const vm of pool.vms) {
    const lost = vm.host === host.uuid && !isBound(call, vm.sr);
    if (lost) delete vm.host;
  }
  for (const pbd of pool.pbds.filter((one) => one.host === host.uuid)) {
    pbd.attached = isBound(call, pbd.sr);
    await plugPbd({ ...call, pool }, pbd);
  }
  host.enabled = true;
}

function isBound({ machine }: Call, sr: string): boolean {
  return machine.mounts.some(({ target }) => target === srMount(sr));
}
