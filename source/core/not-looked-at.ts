import type { HostName } from './host.js';
import { listed } from './text.js';

/** A host that was looked at, or why it could not be. */
export type LookedAt =
  { readonly ok: true } | { readonly ok: false; readonly name: HostName; readonly because: string };

/** The hosts that could not be looked at, in sentences behind others: one for each reason; empty: all were. */
export function notLookedAt(hosts: readonly LookedAt[]): string {
  const names = new Map<string, HostName[]>();
  for (const host of hosts) {
    if (!host.ok) names.set(host.because, [...(names.get(host.because) ?? []), host.name]);
  }
  return [...names]
    .map(([because, those]) => ` ${listed(those)} could not be looked at: ${because}.`)
    .join('');
}
