import type { HostName } from '../../core/host.js';
import type { Known, Now } from '../../core/probe.js';
import { clean } from '../../core/text.js';
import type { Report } from './read/report.js';
import type { DiskSource, Guest, GuestDisk, Network, Pool } from './read/state.js';
import { liesIn } from './storage.js';
import { libvirtProbe } from './probe.js';

/** What one host told last. */
export interface HostView {
  readonly host: HostName;
  readonly report: Report;
  /** Its newest answer failed: this is old. */
  readonly stale: boolean;
  readonly reading: Known<Report>;
}

/** A pool or a network of libvirt, or a guest, on its host. */
export type Thing = { readonly on: HostView } & (
  | { readonly kind: 'pool'; readonly pool: Pool }
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'guest'; readonly guest: Guest }
);

/** All hosts that told of libvirt. */
export function hostViews(now: Now): readonly HostView[] {
  return now.known(libvirtProbe).map((reading) => ({
    host: reading.host,
    report: reading.value,
    stale: reading.kind === 'stale',
    reading,
  }));
}

/** All that they told of, host by host: pools, networks, guests. */
export function things(now: Now): readonly Thing[] {
  return hostViews(now).flatMap((on): readonly Thing[] => [
    ...on.report.pools.map((pool) => ({ kind: 'pool' as const, on, pool })),
    ...on.report.networks.map((network) => ({ kind: 'network' as const, on, network })),
    ...on.report.guests.map((guest) => ({ kind: 'guest' as const, on, guest })),
  ]);
}

/** How a thing is called among all of the fleet, and in its findings. */
export function subjectOf({ host }: HostView, name: string): string {
  return clean(`${host}/${name}`);
}

/** Whether the bytes lie in a pool: named by it, or a file in its folder. */
export function isIn(source: DiskSource, { name, target }: Pool): boolean {
  switch (source.kind) {
    case 'volume':
      return source.pool === name;
    case 'file':
    case 'block':
      return target !== '' && target !== '/' && liesIn(source.path, target);
    case 'other':
      return false;
  }
}

/** The pool in which a source lies; of pools in each other's folders the inner one. */
export function poolOf({ pools }: Report, source: DiskSource): Pool | undefined {
  return pools
    .filter((pool) => isIn(source, pool))
    .toSorted((a, b) => b.target.length - a.target.length)[0];
}

/** The guests that have a disk in a pool. */
export function guestsIn({ guests }: Report, pool: Pool): readonly Guest[] {
  return guests.filter(({ disks }) => disks.some((disk) => isOnPool(disk, pool)));
}

function isOnPool({ sources }: GuestDisk, pool: Pool): boolean {
  return sources.some((source) => isIn(source, pool));
}

/** The share of a pool that is taken; undefined: its size is not known. */
export function usedShare({ capacity, available }: Pool): number | undefined {
  return capacity > 0 ? Math.min(1, Math.max(0, 1 - available / capacity)) : undefined;
}

/** A source as people write it. */
export function sourceText(source: DiskSource): string {
  switch (source.kind) {
    case 'file':
    case 'block':
      return source.path;
    case 'volume':
      return `${source.volume} of the pool ${source.pool}`;
    case 'other':
      return source.says;
  }
}
