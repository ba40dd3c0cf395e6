import { reads, type Reader } from '../../../core/host.js';
import type { Role } from './families.js';
import { runs, unitOf, type Flavour } from './parse.js';

/** What must be so that a daemon comes back with its host. */
export interface Boot {
  /** A unit that is not enabled. */
  readonly unit?: string;
  /** A file of Debian's that keeps the daemon from being started, and how it must be. */
  readonly off?: { readonly path: string; readonly before: string; readonly after: string };
}

/**
 * Looks at what starts a role at boot. Packages for Debian bring `/etc/default/lizardfs-master` with
 * `LIZARDFSMASTER_ENABLE=false`, at which their init script ends with 0 and starts nothing (its source).
 * Under uraft the election starts metadata servers, and they must not start by themselves.
 */
export async function lookAtBoot(host: Reader, flavour: Flavour, role: Role): Promise<Boot> {
  if (role === 'master' && runs(flavour, 'uraft')) return {};
  const unit = unitOf(flavour, role);
  const path = `/etc/default/${flavour.family?.units[role] ?? ''}`;
  const off = flavour.switches.includes(path) ? await readSwitch(host, path) : undefined;
  return { ...(unit && !unit.enabled && { unit: unit.name }), ...(off && { off }) };
}

async function readSwitch(host: Reader, path: string): Promise<Boot['off']> {
  const outcome = await host.run(reads(['cat', '--', path]));
  if (outcome.kind !== 'exited' || outcome.code !== 0 || outcome.capped === true) return undefined;
  const before = outcome.stdout;
  const after = switchedOn(before);
  return after === before ? undefined : { path, before, after };
}

/** The file with its switch on: only `true` counts, and of two the last (sh). */
export function switchedOn(text: string): string {
  return text.replace(/^([A-Z]+_ENABLE=)(?!true$|"true"$).*$/gm, '$1true');
}
