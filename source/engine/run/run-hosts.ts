import type { Failure } from '../../core/failure.js';
import type { Host, HostName } from '../../core/host.js';
import type { Plan } from '../../core/plan.js';
import { releaseLock, takeLock } from './lock.js';
import { stamp, write, type RunDeps, type RunHost } from './run-tell.js';

/** The hosts that a plan changes or was made from, or why one of them cannot be reached. */
export async function reachAll(
  plan: Plan,
  deps: RunDeps,
): Promise<Map<HostName, RunHost> | Failure> {
  const hosts = new Map<HostName, RunHost>();
  for (const name of hostsOf(plan)) {
    const host = await deps.host(name);
    if ('what' in host) return host;
    hosts.set(name, host);
  }
  return hosts;
}

/** The names of the hosts that a plan changes or was made from. */
export function hostsOf({ steps, basis }: Plan): ReadonlySet<HostName> {
  return new Set([...steps, ...basis].map(({ host }) => host));
}

/** Takes the locks of the hosts that a plan changes; why one of them cannot be had, if so. */
export async function lockAll(
  plan: Plan,
  run: string,
  hosts: ReadonlyMap<HostName, Host>,
  deps: RunDeps,
): Promise<Failure | undefined> {
  for (const name of new Set(plan.steps.map((step) => step.host))) {
    const host = hosts.get(name);
    if (!host) continue;
    const refused = await lockOne(host, run, deps);
    if (refused) return refused;
  }
  return undefined;
}

/** Takes the lock of one host, which a restart of it loses; why it cannot be had, if so. */
export async function lockOne(
  host: Host,
  run: string,
  deps: RunDeps,
): Promise<Failure | undefined> {
  const locked = await takeLock(host, { run, by: deps.by, since: stamp(deps.clock) });
  if (!locked.ok) return locked.failure;
  await write(deps, { kind: 'locked', host: host.name });
  return undefined;
}

/** Gives back the locks that a run holds; those of others stay. Tells where it was not possible. */
export async function giveBack(
  run: string,
  hosts: ReadonlyMap<HostName, Host>,
): Promise<readonly HostName[]> {
  const still: HostName[] = [];
  for (const host of hosts.values()) {
    if (!(await releaseLock(host, run))) still.push(host.name);
  }
  return still;
}
