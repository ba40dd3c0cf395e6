import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { lookAtHost, type AbleHost, type KvmHost } from '../hosts.js';

/** An address range that a host uses, and for what. */
export interface Taken {
  readonly address: string;
  readonly prefix: number;
  /** `eth0`, `a route through eth1`. */
  readonly by: string;
  readonly device: string;
}

/** What a host's own network is like. */
export interface Surface {
  readonly taken: readonly Taken[];
  /** Names of all interfaces. */
  readonly interfaces: ReadonlySet<string>;
  /** DHCP for guests is dnsmasq's work. */
  readonly dnsmasq: boolean;
}

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly KvmHost[];
  readonly surfaces: ReadonlyMap<HostName, Surface>;
}

const SCRIPT = [
  'ip -o -4 addr show',
  'ip -4 route show',
  'for i in /sys/class/net/*; do [ -e "$i" ] && echo "interface ${i##*/}"; done',
  'command -v dnsmasq >/dev/null 2>&1 && echo dnsmasq',
  'echo end',
].join('\n');

/** Looks at libvirt and at the network of each host. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  const seen = await Promise.all(
    hosts.map(async (host) => {
      const [kvm, outcome] = await Promise.all([
        lookAtHost(host, 'net-dumpxml'),
        host.run(reads(['sh', '-c', SCRIPT], 30_000)),
      ]);
      const text = outcome.kind === 'exited' ? outcome.stdout : '';
      if (linesOf(text).includes('end')) return { kvm, surface: parseSurface(text) };
      const because = 'its addresses cannot be looked at';
      return { kvm: { ok: false as const, name: host.name, because }, surface: undefined };
    }),
  );
  return {
    hosts: seen.map(({ kvm }) => kvm),
    surfaces: new Map(
      seen.flatMap(({ kvm, surface }): [HostName, Surface][] =>
        surface ? [[kvm.name, surface]] : [],
      ),
    ),
  };
}

/** Reads `ip -o addr`, `ip route` and the lines of our own. */
export function parseSurface(text: string): Surface {
  const taken: Taken[] = [];
  const interfaces = new Set<string>();
  for (const line of linesOf(text)) {
    const [, device, address, bits] = /^\d+:\s+(\S+)\s+inet ([\d.]+)\/(\d+)/.exec(line) ?? [];
    const [, to, prefix, through] = /^([\d.]+)\/(\d+) .*\bdev (\S+)/.exec(line) ?? [];
    const [, name] = /^interface (\S+)$/.exec(line) ?? [];
    if (device !== undefined && address !== undefined) {
      interfaces.add(device);
      taken.push({ address, prefix: Number(bits), by: device, device });
    } else if (to !== undefined && through !== undefined) {
      const by = `a route through ${through}`;
      taken.push({ address: to, prefix: Number(prefix), by, device: through });
    } else if (name !== undefined) interfaces.add(name);
  }
  return { taken, interfaces, dnsmasq: linesOf(text).includes('dnsmasq') };
}

/** The first name `virbrN` that no interface and no network of these hosts has. */
export function freeBridge(found: Found, hosts: readonly AbleHost[]): string {
  const names = new Set(
    hosts.flatMap(({ name, report }) => [
      ...(found.surfaces.get(name)?.interfaces ?? []),
      ...report.networks.map(({ bridge }) => bridge),
    ]),
  );
  for (let number = 0; ; number += 1) {
    if (!names.has(`virbr${number}`)) return `virbr${number}`;
  }
}
