import type { KnownHost } from './look.js';

/** DRBD's ports begin here by custom (drbd.conf(5)). */
const FIRST_PORT = 7788;

/** The lowest minor that neither the kernels nor the configurations of these hosts know. */
export function freeMinor(hosts: readonly KnownHost[]): number {
  const used = new Set(
    hosts.flatMap(({ facts, resources }) => [
      ...facts.minors,
      ...resources.flatMap(({ self, others }) =>
        [...(self ? [self] : []), ...others].flatMap(({ volumes }) =>
          volumes.flatMap(({ minor }) => minor ?? []),
        ),
      ),
    ]),
  );
  return lowest(0, used);
}

/** The lowest port from 7788 on that nothing listens on and no resource has, on any of these hosts. */
export function freePort(hosts: readonly KnownHost[]): number {
  const used = new Set(
    hosts.flatMap(({ facts, resources }) => [
      ...facts.ports,
      ...resources.flatMap(({ self, others }) =>
        [...(self ? [self] : []), ...others].flatMap(({ address }) => {
          const port = /:(\d+)$/.exec(address ?? '')?.[1];
          return port === undefined ? [] : [Number(port)];
        }),
      ),
    ]),
  );
  return lowest(FIRST_PORT, used);
}

function lowest(from: number, used: ReadonlySet<number>): number {
  let n = from;
  while (used.has(n)) n += 1;
  return n;
}

/**
 * How many bytes DRBD's metadata need beside so many bytes of data: a bit for each 4 KiB, a superblock
 * and the activity log. Source: drbd.conf's user guide, "Estimating metadata size"; 80 and 88 sectors
 * for 64 and 256 MiB were seen.
 */
export function metadataBytes(dataBytes: number): number {
  const sectors = Math.ceil(dataBytes / 512);
  return (Math.ceil(sectors / 2 ** 18) * 8 + 72) * 512;
}
