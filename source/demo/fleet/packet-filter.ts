import { nftLetsIn } from './nft.js';
import type { Machine } from './state.js';

/** A chain of the filter table. */
export interface Chain {
  /** `-` for a chain of one's own. */
  policy: string;
  /** What follows `-A CHAIN`. */
  rules: string[];
}

/** The rules that run on a machine, by chain. */
export type Chains = Map<string, Chain>;

const running = new WeakMap<Machine, Chains>();

/** The rules that run on a machine: XCP-ng ships with some, Debian with none. */
export function chainsOf(machine: Machine): Chains {
  const known = running.get(machine);
  if (known) return known;
  const first = chainsFrom(machine.kind.includes('xen') ? XENSERVER : OPEN);
  running.set(machine, first);
  return first;
}

/** Other rules run from now on. */
export function loadChains(machine: Machine, chains: Chains): void {
  running.set(machine, chains);
}

/** Takes the filter table out of what iptables-save prints. */
export function chainsFrom(text: string): Chains {
  const chains: Chains = new Map();
  for (const line of text.split('\n')) {
    const [, declared = '', policy = ''] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (declared !== '') chains.set(declared, { policy, rules: [] });
    const [, chain = '', rule = ''] = /^(?:\[\d+:\d+\] )?-A (\S+) (.*)$/.exec(line) ?? [];
    if (chain !== '') chains.get(chain)?.rules.push(rule);
  }
  return chains;
}

/** Whether a new TCP connection to a port gets through; what is dropped is never answered. */
export function letsIn(machine: Machine, port: number): boolean {
  return decide(chainsOf(machine), 'INPUT', port) === 'ACCEPT' && nftLetsIn(machine, port);
}

function decide(chains: Chains, name: string, port: number): string | undefined {
  const chain = chains.get(name);
  for (const rule of chain?.rules ?? []) {
    if (!matches(rule, port)) continue;
    const target = /-[jg] (\S+)/.exec(rule)?.[1] ?? '';
    if (target === 'RETURN') break;
    if (['ACCEPT', 'DROP', 'REJECT'].includes(target)) return target;
    const inner = decide(chains, target, port);
    if (inner !== undefined) return inner;
  }
  return chain?.policy === '-' ? undefined : chain?.policy;
}

function matches(rule: string, port: number): boolean {
  const protocol = /-p (\S+)/.exec(rule)?.[1] ?? 'tcp';
  const state = /--(?:ct)?state (\S+)/.exec(rule)?.[1] ?? 'NEW';
  const [from = `${port}`, to = from] = /--dports? (\S+)/.exec(rule)?.[1]?.split(':') ?? [];
  const inside = Number(from) <= port && port <= Number(to);
  return protocol === 'tcp' && state.includes('NEW') && inside && !/-[is] \S+/.test(rule);
}

const OPEN = ':INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n';

/** XCP-ng's own /etc/sysconfig/iptables, as `iptables -S` writes its rules. */
export const XENSERVER = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:RH-Firewall-1-INPUT - [0:0]
-A INPUT -p gre -j ACCEPT
-A INPUT -j RH-Firewall-1-INPUT
-A FORWARD -j RH-Firewall-1-INPUT
-A RH-Firewall-1-INPUT -i lo -j ACCEPT
-A RH-Firewall-1-INPUT -p icmp -m icmp --icmp-type any -j ACCEPT
-A RH-Firewall-1-INPUT -i xenapi -p udp -m udp --dport 67 -j ACCEPT
-A RH-Firewall-1-INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A RH-Firewall-1-INPUT -p udp -m conntrack --ctstate NEW -m udp --dport 694 -j ACCEPT
-A RH-Firewall-1-INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 -j ACCEPT
-A RH-Firewall-1-INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 80 -j ACCEPT
-A RH-Firewall-1-INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 443 -j ACCEPT
-A RH-Firewall-1-INPUT -j REJECT --reject-with icmp-host-prohibited
COMMIT
`;
