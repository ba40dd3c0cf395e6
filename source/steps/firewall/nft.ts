import { quote } from '../../core/quote.js';
import { insertNftRules, parseNft, type NftChain, type NftFile } from '../../files/nftables.js';
import { holds } from './rules.js';

/** A chain in which connections to the host are turned away unless something has let them in. */
export interface NftGate {
  readonly chain: NftChain;
  /** The rule that turns them away; undefined: the chain's policy does. */
  readonly rule?: NftChain['rules'][number];
}

/** By this remark our rules are found again: a rule has no other name. */
const REMARK = 'opened by holdfast';

/** The gates of a ruleset. Tables that iptables keeps are not ours to touch. */
export function nftGates(file: NftFile): readonly NftGate[] {
  const kept = new Set(
    [...file.text.matchAll(/table (\w+ \S+) is managed by iptables-nft/g)].map(([, name]) => name),
  );
  return file.chains.flatMap((chain): readonly NftGate[] => {
    const { family, table, hook, policy, rules, name } = chain;
    const ours = !kept.has(`${family} ${table}`) && !(table === 'filter' && name === 'INPUT');
    if (hook !== 'input' || !ours || !['inet', 'ip'].includes(family)) return [];
    const last = rules.findIndex(({ text }) => /^(?:accept|return)$/.test(bare(text)));
    const rule = rules.find(({ text }) => /^(?:drop$|reject\b)/.test(bare(text)));
    if (rule && (last < 0 || rules.indexOf(rule) < last)) return [{ chain, rule }];
    return policy === 'drop' && last < 0 ? [{ chain }] : [];
  });
}

/** A rule without what counts, logs or remarks, and without its handle. */
function bare(text: string): string {
  return text
    .replace(/\bcounter(?: packets \d+ bytes \d+)?/g, '')
    .replace(/\blog(?: (?:prefix|level|flags|group) (?:"[^"]*"|\S+))*/g, '')
    .replace(/\bcomment "[^"]*"/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The ports of these that no rule before the gate lets in from everywhere. */
export function nftClosed({ chain, rule }: NftGate, ports: readonly number[]): readonly number[] {
  const end = rule ? chain.rules.indexOf(rule) : chain.rules.length;
  const before = chain.rules.slice(0, end).map(({ text }) => bare(text));
  return ports.filter((port) => !before.some((text) => letsIn(text, port)));
}

function letsIn(text: string, port: number): boolean {
  const plain = text.replace(/\bct state (?:\{[^}]*\}|\S+)/, (state) =>
    state.includes('new') ? '' : state,
  );
  const found = /^\s*tcp dport (?:\{([^}]*)\}|(\S+))\s+accept$/.exec(plain.trim());
  return found !== null && holds(found[1] ?? found[2] ?? '', port);
}

function statement(ports: readonly number[]): string {
  return `tcp dport { ${ports.join(', ')} } ct state new accept comment "${REMARK}: ${ports.join(' ')}"`;
}

/** What opens ports in the running firewall: input for `nft -f -`. */
export function nftInput(
  { chain, rule }: NftGate,
  ports: readonly number[],
  { text }: NftFile,
): string {
  const { family, table, name } = chain;
  const handle = rule && /# handle (\d+)\s*$/.exec(text.split('\n')[rule.line] ?? '')?.[1];
  const place = `${family} ${table} ${name}`;
  const where =
    handle === undefined ? `add rule ${place}` : `insert rule ${place} position ${handle}`;
  return `${where} ${statement(ports)}\n`;
}

/** Prints `open` when the chain has our rule. */
export function nftThere({ chain }: NftGate, ports: readonly number[]): readonly string[] {
  const script = `nft list chain ${placeOf(chain)} 2>/dev/null | grep -qF ${quote(remark(ports))} && echo open`;
  return ['sh', '-c', script];
}

/** Takes our rule out of the chain; that it is not there does not matter. */
export function nftOut({ chain }: NftGate, ports: readonly number[]): readonly string[] {
  const place = placeOf(chain);
  const script = [
    `nft -a list chain ${place} | grep -F ${quote(remark(ports))} | sed "s/.* # handle //" | while read -r handle; do`,
    `  nft delete rule ${place} handle "$handle"`,
    'done',
  ].join('\n');
  return ['sh', '-c', script];
}

/** The file that is loaded at boot with ports opened in a chain of that name, or why it cannot be. */
export function withNftOpen(
  text: string,
  { chain }: NftGate,
  ports: readonly number[],
): { readonly text: string } | { readonly because: string } {
  const file = parseNft(text);
  const gate = nftGates(file).find((one) => placeOf(one.chain) === placeOf(chain));
  if (!gate) {
    const where = file.includes.length > 0 ? '; it may be in a file that it includes' : '';
    return { because: `it does not hold the chain ${placeOf(chain)}${where}` };
  }
  const closed = nftClosed(gate, ports);
  if (closed.length === 0) return { text };
  const before = gate.rule?.line ?? gate.chain.end;
  return { text: insertNftRules(file, gate.chain, before, [statement(closed)]) };
}

function placeOf({ family, table, name }: NftChain): string {
  return `${family} ${table} ${name}`;
}

function remark(ports: readonly number[]): string {
  return `${REMARK}: ${ports.join(' ')}`;
}
