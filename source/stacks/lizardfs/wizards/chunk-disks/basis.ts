import { reads, type HostName, type Reader } from '../../../../core/host.js';
import type { Basis } from '../../../../core/plan.js';
import { quote, quoteAll } from '../../../../core/quote.js';
import { WATCHERS } from '../../../../tools/block-devices.js';
import { stableId } from '../../../../tools/device-id.js';
import type { DiskOffer } from '../../../../tools/disk-offers.js';

/**
 * The names of the processes that have a disk open: nothing else shows that tgtd or qemu use it.
 * Sorted, and without those that look at every disk now and then.
 */
const OPENERS = [
  'k=$(readlink -f "$1"); find /proc/[0-9]*/fd -lname "$k" -printf "%h\\n" 2>/dev/null',
  'while read -r p; do cat "${p%/fd}/comm"; done',
  'sort -u',
  `grep -vxF ${[...WATCHERS].map((name) => `-e ${quote(name)}`).join(' ')} || true`,
].join(' | ');

/** What must still be so when a plan is carried out, or why it cannot be told. */
export type DiskBasis =
  | { readonly ok: true; readonly basis: readonly Basis[] }
  | { readonly ok: false; readonly because: string };

/**
 * What tells a disk from any other and shows what is on it, on each host that sees it. Asked by the
 * very commands that ask again before the plan is carried out, so that nothing needs to be formatted
 * alike.
 */
export async function diskBasis(
  hosts: readonly Reader[],
  host: HostName,
  { path, elsewhere }: DiskOffer,
): Promise<DiskBasis> {
  const places = [
    { host, path },
    ...elsewhere.map((one) => ({ host: one.host, path: byId(stableId(one.device.ids)) })),
  ];
  const asked = places.flatMap((place) => {
    const reader = hosts.find(({ name }) => name === place.host);
    return reader && place.path !== undefined ? questions(place.path, reader) : [];
  });
  const basis = await Promise.all(asked);
  const failed = basis.find((one) => typeof one === 'string');
  if (failed !== undefined) return { ok: false, because: failed };
  return { ok: true, basis: basis.filter((one) => typeof one !== 'string') };
}

function byId(id: string | undefined): string | undefined {
  return id === undefined ? undefined : `/dev/disk/by-id/${id}`;
}

function questions(path: string, host: Reader): readonly Promise<Basis | string>[] {
  const wanted = [
    {
      says: `size, serial and WWN of ${path}`,
      argv: ['lsblk', '-dnPb', '-o', 'SIZE,SERIAL,WWN,RO', path],
    },
    { says: `what is on ${path}`, argv: ['wipefs', '-n', '-p', path] },
    { says: `who has ${path} open`, argv: ['sh', '-c', OPENERS, 'sh', path] },
  ];
  return wanted.map(async ({ says, argv }) => {
    const outcome = await host.run(reads(argv));
    if (outcome.kind !== 'exited') return outcome.reason;
    if (outcome.code !== 0) return `\`${quoteAll(argv)}\` ended with ${outcome.code}`;
    return { host: host.name, says, argv, expect: outcome.stdout.trim() };
  });
}
