import { Buffer } from 'node:buffer';
import { reads, type Reader } from '../../core/host.js';
import { linesOf } from '../../core/text.js';

/** A network interface, as the kernel shows it (sysfs(5), /sys/class/net). */
export interface Nic {
  readonly name: string;
  readonly mac: string;
  /** The address is the card's own, not one that somebody set (`addr_assign_type` 0). */
  readonly ownMac: boolean;
  /** There is a card behind it: no bridge, bond, VLAN or tunnel. */
  readonly physical: boolean;
  /** The bridge or bond that it is a part of. */
  readonly master?: string;
  /** Whether it hears a carrier; undefined while it is down, when nobody listens. */
  readonly carrier?: boolean;
  readonly up: boolean;
  /** Mbit/s, where the driver tells. */
  readonly speed?: number;
  readonly driver?: string;
  /** With their prefix: `192.168.3.6/24`. */
  readonly addresses: readonly string[];
  /** The default route goes through it. */
  readonly isDefault: boolean;
}

/** Who gives the interfaces their addresses at boot. */
export type Keeper = 'netplan' | 'NetworkManager' | 'networkd' | 'ifupdown';

/** What is known of a host's network. */
export interface Network {
  readonly nics: readonly Nic[];
  /** Undefined: nobody that is known here. */
  readonly keeper?: Keeper;
  /** The address on which the host took the console's connection, where it tells. */
  readonly reachedAt?: string;
  /** Of systemd, whose udev reads `.link` files from 197 on; undefined: older, or another. */
  readonly udev?: number;
  /** An initramfs made by Debian's tools, which carries the `.link` files, for this kernel. */
  readonly initramfs?: string;
  /** The files that say what interfaces are called and which addresses they have, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

const FILES = [
  '/etc/hosts',
  '/etc/network/interfaces',
  '/etc/network/interfaces.d/*',
  '/etc/systemd/network/*.link',
  '/etc/systemd/network/*.network',
  '/etc/udev/rules.d/*net*.rules',
].join(' ');

/** One fact a line, fields apart by tabs; files whole, as base64, so that no byte is lost. */
const SCRIPT = [
  // Read by the shell itself: a process for each fact takes seconds on a busy host.
  'r() { v=; read -r v 2>/dev/null < "$d/$1" || :; }',
  'for d in /sys/class/net/*; do [ -e "$d/address" ] || continue; n=${d##*/}; t=; m=; k=',
  '  r address; mac=$v; r addr_assign_type; own=$v; r flags; f=$v; r carrier; c=$v; r speed; s=$v',
  '  [ -e "$d/device" ] && t=physical',
  '  [ -e "$d/master" ] && { m=$(readlink "$d/master"); m=${m##*/}; }',
  '  [ -e "$d/device/driver" ] && { k=$(readlink "$d/device/driver"); k=${k##*/}; }',
  '  printf "nic\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n" "$n" "$mac" "$own" "$t" "$m" "$f" "$c" "$s" "$k"',
  'done',
  'ip -o -4 addr show 2>/dev/null | sed "s/^[0-9]*: *\\([^ @]*\\)[^ ]* .*inet \\([^ ]*\\) .*/address\\t\\1\\t\\2/"',
  'ip -4 route show default 2>/dev/null | sed -n "s/.* dev \\([^ ]*\\).*/default\\t\\1/p"',
  'printf "reached\\t%s\\n" "$(echo "$SSH_CONNECTION" | cut -d" " -f3)"',
  'printf "udev\\t%s\\n" "$( (udevadm --version || udevadm version) 2>/dev/null | head -n 1)"',
  'if command -v update-initramfs >/dev/null 2>&1 && [ -e "/boot/initrd.img-$(uname -r)" ]; then printf "initramfs\\t/boot/initrd.img-%s\\n" "$(uname -r)"; fi',
  'if command -v netplan >/dev/null 2>&1 && ls /etc/netplan/*.yaml >/dev/null 2>&1; then printf "keeper\\tnetplan\\n"; fi',
  'for s in NetworkManager systemd-networkd; do if systemctl -q is-active $s 2>/dev/null; then printf "keeper\\t%s\\n" $s; fi; done',
  'if [ -e /etc/network/interfaces ] && command -v ifup >/dev/null 2>&1; then printf "keeper\\tifupdown\\n"; fi',
  `for f in ${FILES}; do if [ -f "$f" ] && [ -r "$f" ]; then printf "file\\t%s\\t%s\\n" "$f" "$(base64 < "$f" | tr -d "\\n")"; fi; done`,
  'true',
].join('\n');

const KEEPERS: Readonly<Record<string, Keeper>> = {
  netplan: 'netplan',
  NetworkManager: 'NetworkManager',
  'systemd-networkd': 'networkd',
  ifupdown: 'ifupdown',
};

/** The command that looks. */
export const networkCommand = reads(['sh', '-c', SCRIPT], 30_000);

/** Looks at a host's interfaces and at who keeps them. Never rejects. */
export async function lookAtNetwork(host: Reader): Promise<Network | { readonly because: string }> {
  const outcome = await host.run(networkCommand);
  if (outcome.kind !== 'exited') return { because: outcome.reason };
  if (outcome.capped === true) return { because: 'its answer was too long' };
  const network = parseNetwork(outcome.stdout);
  return network.nics.length > 0 ? network : { because: 'it shows no network interface' };
}

/** Reads what the script printed. */
export function parseNetwork(text: string): Network {
  const facts = linesOf(text).map((line) => line.split('\t'));
  const all = (key: string): readonly (readonly string[])[] =>
    facts.flatMap(([first, ...rest]) => (first === key ? [rest] : []));
  const one = (key: string): string | undefined =>
    all(key).find(([value = '']) => value !== '')?.[0];
  const defaults = new Set(all('default').map(([name]) => name));
  const addressesOf = (nic: string): readonly string[] =>
    all('address').flatMap(([name, cidr]) => (name === nic && cidr !== undefined ? [cidr] : []));
  // Where several are there the first decides: netplan writes for the others, and they for themselves.
  const keeper = KEEPERS[one('keeper') ?? ''];
  const reachedAt = one('reached');
  const udev = Number.parseInt(one('udev') ?? '', 10);
  const initramfs = one('initramfs');
  return {
    nics: all('nic').flatMap((fields) => readNic(fields, addressesOf, defaults)),
    texts: new Map(
      all('file').map(([path = '', base64 = '']) => [
        path,
        Buffer.from(base64, 'base64').toString('utf8'),
      ]),
    ),
    ...(keeper !== undefined && { keeper }),
    ...(reachedAt !== undefined && { reachedAt }),
    ...(udev >= 197 && { udev }),
    ...(initramfs !== undefined && { initramfs }),
  };
}

function readNic(
  fields: readonly string[],
  addressesOf: (name: string) => readonly string[],
  defaults: ReadonlySet<string | undefined>,
): readonly Nic[] {
  const [name = '', mac = '', assigned, type, master = '', flags, carrier, speed, driver = ''] =
    fields;
  if (name === '' || name === 'lo' || !/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(mac)) return [];
  const mbits = Number(speed);
  return [
    {
      name,
      mac: mac.toLowerCase(),
      // Kernels before 3.6 do not tell, and the card's own is the rule.
      ownMac: assigned === '' || assigned === '0',
      physical: type === 'physical',
      up: (Number(flags) & 1) === 1,
      addresses: addressesOf(name),
      isDefault: defaults.has(name),
      ...(master !== '' && { master }),
      ...((carrier === '0' || carrier === '1') && { carrier: carrier === '1' }),
      ...(speed !== '' && mbits > 0 && { speed: mbits }),
      ...(driver !== '' && { driver }),
    },
  ];
}
