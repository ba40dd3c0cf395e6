import type { Machine } from './state.js';

/** A chain of nftables: what hooks it in, and its rules with their handles. */
export interface NftChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly handle: number;
  /** `type filter hook input priority 0; policy drop;`; empty: others jump to it. */
  readonly head: string;
  readonly rules: { readonly handle: number; readonly text: string }[];
}

/** The rules that nftables runs on a machine. */
export interface NftRules {
  readonly chains: readonly NftChain[];
  /** The handle that the next rule gets. */
  next: number;
}

const running = new WeakMap<Machine, NftRules>();

/** The rules that run on a machine. */
export function nftOf(machine: Machine): NftRules {
  const known = running.get(machine);
  if (known) return known;
  const first = nftFrom(machine.kind === 'bare-debian' ? NFT_CONF : '');
  running.set(machine, first);
  return first;
}

/** Other rules run from now on. */
export function loadNft(machine: Machine, rules: NftRules): void {
  running.set(machine, rules);
}

/** Reads a file of the shape that nft prints: a statement a line, tables of chains. */
export function nftFrom(text: string): NftRules {
  const chains: NftChain[] = [];
  let next = 1;
  let table: readonly [family: string, name: string] | undefined;
  let chain: NftChain | undefined;
  for (const line of text.split('\n').map((raw) => raw.replace(/#.*$/, '').trim())) {
    const [, family, tableName] = /^table (\w+) (\w+) \{$/.exec(line) ?? [];
    const [, name] = /^chain (\w+) \{$/.exec(line) ?? [];
    if (family !== undefined && tableName !== undefined) table = [family, tableName];
    else if (table && name !== undefined) {
      chain = { family: table[0], table: table[1], name, handle: next, head: '', rules: [] };
      next += 1;
    } else if (line === '}') {
      if (chain) chains.push(chain);
      chain = undefined;
    } else if (chain && line.startsWith('type ')) chain = { ...chain, head: line };
    else if (chain && line !== '') {
      chain.rules.push({ handle: next, text: line });
      next += 1;
    }
  }
  return { chains, next };
}

/** Whether a new TCP connection to a port gets through the chains that input is hooked to. */
export function nftLetsIn(machine: Machine, port: number): boolean {
  const hooked = nftOf(machine).chains.filter(({ head }) => head.includes(' hook input '));
  return hooked.every(({ head, rules }) => {
    for (const { text } of rules) {
      if (!matches(text, port)) continue;
      return /\baccept\b/.test(text);
    }
    return !head.includes('policy drop');
  });
}

function matches(text: string, port: number): boolean {
  const state = /ct state (\S+)/.exec(text)?.[1] ?? 'new';
  if (!state.includes('new') || /\biif\w*\b|icmp /.test(text)) return false;
  const given = /tcp dport (?:\{([^}]*)\}|(\S+))/.exec(text);
  if (!given) return !/\bdport\b/.test(text);
  return (given[1] ?? given[2] ?? '').split(',').some((part) => {
    const [from = NaN, to = from] = part.trim().split('-').map(Number);
    return from <= port && port <= to;
  });
}

/** As administrators of a Proxmox host without its own firewall keep it. */
export const NFT_CONF = `#!/usr/sbin/nft -f

flush ruleset

table inet filter {
	chain input {
		type filter hook input priority 0; policy drop;
		iif "lo" accept
		ct state established,related accept
		meta l4proto icmp accept
		tcp dport { 22, 8006 } accept
	}
	chain forward {
		type filter hook forward priority 0; policy accept;
	}
}
`;
