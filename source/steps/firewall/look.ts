import { groupBy } from '../../core/group.js';
import { reads, type Reader } from '../../core/host.js';
import { linesOf } from '../../core/text.js';
import { parseRules, type RulesFile } from '../../files/iptables-save.js';
import { parseNft, type NftFile } from '../../files/nftables.js';

/** A text file of a host that holds rules for the next boot. */
export interface RulesText {
  readonly path: string;
  readonly text: string;
}

/** What stands between a host and those who connect to it, as far as it was found. */
export interface Firewall {
  /** firewalld runs: its zones, and the ports that are open in each now and after a restart. */
  readonly firewalld?: {
    readonly defaultZone: string;
    /** Zone by interface. */
    readonly interfaces: ReadonlyMap<string, string>;
    readonly ports: ReadonlyMap<string, readonly string[]>;
    readonly permanent: ReadonlyMap<string, readonly string[]>;
    /** Rich rules by zone, now and after a restart. */
    readonly rich: ReadonlyMap<string, readonly string[]>;
    readonly richKept: ReadonlyMap<string, readonly string[]>;
  };
  /** ufw is active: what it allows, a line each. */
  readonly ufw?: readonly string[];
  /** The firewall of Proxmox runs: it writes the rules itself, again and again. */
  readonly proxmox: boolean;
  readonly rules?: RulesFile;
  readonly rulesTexts: readonly RulesText[];
  readonly nft?: NftFile;
  readonly nftTexts: readonly RulesText[];
  /** Addresses with their prefix, by interface: `eth0` → `10.0.0.1/24`. */
  readonly addresses: readonly { readonly name: string; readonly cidr: string }[];
}

/** Where rules are kept for the next boot: of Red Hat's iptables-services, of Debian's netfilter-persistent. */
const RULES_FILES = ['/etc/sysconfig/iptables', '/etc/iptables/rules.v4'];
const NFT_FILES = ['/etc/nftables.conf', '/etc/sysconfig/nftables.conf'];

/** Who keeps the firewall, one fact a line. */
const SCRIPT = [
  'if [ "$(firewall-cmd --state 2>/dev/null)" = running ]; then',
  '  d=$(firewall-cmd --get-default-zone); echo "zone $d"',
  '  firewall-cmd --get-active-zones | sed "s/^/active /"',
  '  for z in $d $(firewall-cmd --get-active-zones | grep -v "^ " | cut -d" " -f1); do',
  '    echo "ports $z $(firewall-cmd --zone="$z" --list-ports)"; echo "permanent $z $(firewall-cmd --permanent --zone="$z" --list-ports)"',
  '    firewall-cmd --zone="$z" --list-rich-rules | sed "s/^/rich $z /"; firewall-cmd --permanent --zone="$z" --list-rich-rules | sed "s/^/rich-kept $z /"',
  '  done',
  'fi',
  'command -v ufw >/dev/null 2>&1 && LC_ALL=C ufw status 2>/dev/null | sed "s/^/ufw /"',
  'command -v pve-firewall >/dev/null 2>&1 && pve-firewall status 2>/dev/null | sed "s/^/pve /"',
  'ip -o -4 addr show 2>/dev/null | sed "s/^[0-9]*: *\\([^ ]*\\) .*inet \\([^ ]*\\) .*/address \\1 \\2/"',
  'true',
].join('\n');

/** Looks at who keeps a host's firewall, and at the rules that run and that are kept. Never rejects. */
export async function lookAtFirewall(
  host: Reader,
): Promise<Firewall | { readonly because: string }> {
  const text = async (argv: readonly string[]): Promise<string | undefined> => {
    const outcome = await host.run(reads(argv, 15_000));
    return outcome.kind === 'exited' && outcome.code === 0 && outcome.capped !== true
      ? outcome.stdout
      : undefined;
  };
  const file = async (path: string): Promise<readonly RulesText[]> => {
    const found = await text(['cat', '--', path]);
    return found === undefined ? [] : [{ path, text: found }];
  };
  const [facts, rules, nft, rulesTexts, nftTexts] = await Promise.all([
    text(['sh', '-c', SCRIPT]),
    text(['iptables', '-S']),
    // Without counters, which change all the time.
    text(['nft', '-s', '-a', 'list', 'ruleset']),
    Promise.all(RULES_FILES.map(file)),
    Promise.all(NFT_FILES.map(file)),
  ]);
  if (facts === undefined) return { because: 'its firewall could not be looked at' };
  return {
    ...parseFacts(facts),
    ...(rules !== undefined && { rules: parseRules(rules) }),
    ...(nft !== undefined && { nft: parseNft(nft) }),
    rulesTexts: rulesTexts.flat(),
    nftTexts: nftTexts.flat(),
  };
}

/** Reads what the script printed. */
export function parseFacts(
  stdout: string,
): Pick<Firewall, 'firewalld' | 'ufw' | 'proxmox' | 'addresses'> {
  const lines = linesOf(stdout);
  const of = (key: string): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const [defaultZone] = of('zone');
  const ufw = of('ufw');
  return {
    ...(defaultZone !== undefined && {
      firewalld: {
        defaultZone,
        interfaces: interfacesOf(of('active')),
        ports: portsOf(of('ports')),
        permanent: portsOf(of('permanent')),
        rich: rulesOf(of('rich')),
        richKept: rulesOf(of('rich-kept')),
      },
    }),
    ...(ufw.some((line) => line.trim() === 'Status: active') && { ufw }),
    proxmox: of('pve').some((line) => line.includes('Status: enabled')),
    addresses: of('address').map((line) => {
      const [name = '', cidr = ''] = line.split(' ');
      return { name, cidr };
    }),
  };
}

/** `firewall-cmd --get-active-zones`: a zone, and indented beneath it its interfaces. */
function interfacesOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let zone = '';
  for (const line of lines) {
    if (!/^\s/.test(line)) zone = line.trim().split(' ')[0] ?? '';
    const names = /^\s+interfaces:\s*(.*)$/.exec(line)?.[1] ?? '';
    for (const name of names.split(' ').filter((one) => one !== '')) found.set(name, zone);
  }
  return found;
}

function portsOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    lines.map((line) => {
      const [zone = '', ...ports] = line.split(' ').filter((word) => word !== '');
      return [zone, ports] as const;
    }),
  );
}

/** A zone and one of its rules a line. */
function rulesOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const pairs = lines.map((line) => {
    const at = line.indexOf(' ');
    return { zone: line.slice(0, at), rule: line.slice(at + 1).trim() };
  });
  return new Map(
    [...groupBy(pairs, ({ zone }) => zone)].map(([zone, those]) => [
      zone,
      those.map(({ rule }) => rule),
    ]),
  );
}
