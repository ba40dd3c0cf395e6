import { reads, type Reader } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';

/** A running guest of libvirt and what its disks are. */
export interface Guest {
  readonly name: string;
  /** Files and devices. */
  readonly disks: readonly string[];
}

const GUESTS =
  'command -v virsh >/dev/null || exit 0; virsh list --name | while IFS= read -r g; do [ -n "$g" ] || continue; virsh domblklist "$g" --details < /dev/null | while read -r _ _ _ src; do [ -n "$src" ] && printf "%s\\t%s\\n" "$g" "$src"; done; done';

/** The guests that run on a host, with their disks; empty where libvirt does not answer. */
export async function lookAtGuests(host: Reader): Promise<readonly Guest[]> {
  const outcome = await host.run(reads(['sh', '-c', GUESTS], 60_000));
  if (outcome.kind !== 'exited') return [];
  const disks = new Map<string, string[]>();
  for (const line of linesOf(outcome.stdout)) {
    const [name, disk] = line.split('\t');
    if (name === undefined || !disk?.startsWith('/')) continue;
    disks.set(name, [...(disks.get(name) ?? []), disk]);
  }
  return [...disks].map(([name, list]) => ({ name, disks: list }));
}
