import { createHash } from 'node:crypto';
import { groupBy } from '../../core/group.js';
import { quote } from '../../core/quote.js';
import { insertNftRules, parseNft, type NftChain, type NftFile } from '../../files/nftables.js';
import { holds } from './rules.js';
import { inNetwork, type Wanted } from './wanted.js';

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

/** Those of these that no rule before the gate lets in, from wherever they come. */
export function nftClosed({ chain, rule }: NftGate, wanted: readonly Wanted[]): readonly Wanted[] {
  const end = rule ? chain.rules.indexOf(rule) : chain.rules.length;
  const before = chain.rules.slice(0, end).map(({ text }) => bare(text));
  return wanted.filter((one) => !before.some((text) => letsIn(text, one)));
}

const ACCEPTS =
  /^(?:ip saddr (?:\{([^}]*)\}|(\S+))\s+)?(tcp|udp) dport (?:\{([^}]*)\}|(\S+))\s+accept$/;

function letsIn(text: string, { port, protocol, source }: Wanted): boolean {
  const plain = text
    .replace(/\bct state (?:\{[^}]*\}|\S+)/, (state) => (state.includes('new') ? '' : state))
    .replace(/\s+/g, ' ')
    .trim();
  const found = ACCEPTS.exec(plain);
  if (!found) return false;
  const from = found[1] ?? found[2];
  const isFor =
    from === undefined ||
    (source !== undefined && from.split(',').some((one) => inNetwork(source, one.trim())));
  return isFor && found[3] === protocol && holds(found[4] ?? found[5] ?? '', port);
}

/** Rules that let these in: one for all ports of a protocol that have the same sources. */
function statements(wanted: readonly Wanted[]): readonly string[] {
  return rulesFor(wanted).map(({ ports, protocol, sources }) => {
    const from = sources.length === 0 ? '' : `ip saddr { ${sources.join(', ')} } `;
    return `${from}${protocol} dport { ${ports.join(', ')} } ct state new accept comment "${remark(ports, sources)}"`;
  });
}

interface NftRule {
  readonly protocol: Wanted['protocol'];
  readonly ports: readonly number[];
  readonly sources: readonly string[];
}

function rulesFor(wanted: readonly Wanted[]): readonly NftRule[] {
  const byPort = groupBy(wanted, ({ port, protocol }) => `${protocol} ${port}`);
  const each = [...byPort.values()].map((list) => ({
    protocol: list[0]?.protocol ?? 'tcp',
    port: list[0]?.port ?? 0,
    sources: list.flatMap(({ source }) => source ?? []),
  }));
  const alike = groupBy(each, ({ protocol, sources }) => [protocol, ...sources].join(' '));
  return [...alike.values()].map((list) => ({
    protocol: list[0]?.protocol ?? 'tcp',
    ports: list.map(({ port }) => port),
    sources: list[0]?.sources ?? [],
  }));
}

/** What opens ports in the running firewall: input for `nft -f -`. */
export function nftInput(
  { chain, rule }: NftGate,
  wanted: readonly Wanted[],
  { text }: NftFile,
): string {
  const { family, table, name } = chain;
  const handle = rule && /# handle (\d+)\s*$/.exec(text.split('\n')[rule.line] ?? '')?.[1];
  const place = `${family} ${table} ${name}`;
  const where =
    handle === undefined ? `add rule ${place}` : `insert rule ${place} position ${handle}`;
  return statements(wanted)
    .map((rule) => `${where} ${rule}\n`)
    .join('');
}

/** Prints `open` when the chain has our rules. */
export function nftThere({ chain }: NftGate, wanted: readonly Wanted[]): readonly string[] {
  const list = `rules=$(nft list chain ${placeOf(chain)} 2>/dev/null)`;
  const lines = remarks(wanted).map((one) => {
    return `printf "%s\\n" "$rules" | grep -qF ${quote(one)} || exit 0`;
  });
  return ['sh', '-c', [list, ...lines, 'echo open'].join('\n')];
}

/** Takes our rules out of the chain; that they are not there does not matter. */
export function nftOut({ chain }: NftGate, wanted: readonly Wanted[]): readonly string[] {
  const place = placeOf(chain);
  const named = remarks(wanted).map((one) => `-e ${quote(one)}`);
  const script = [
    `nft -a list chain ${place} | grep -F ${named.join(' ')} | sed "s/.* # handle //" | while read -r handle; do`,
    `  nft delete rule ${place} handle "$handle"`,
    'done',
  ].join('\n');
  return ['sh', '-c', script];
}

/** The file that is loaded at boot with ports opened in a chain of that name, or why it cannot be. */
export function withNftOpen(
  text: string,
  { chain }: NftGate,
  wanted: readonly Wanted[],
): { readonly text: string } | { readonly because: string } {
  const file = parseNft(text);
  const gate = nftGates(file).find((one) => placeOf(one.chain) === placeOf(chain));
  if (!gate) {
    const where = file.includes.length > 0 ? '; it may be in a file that it includes' : '';
    return { because: `it does not hold the chain ${placeOf(chain)}${where}` };
  }
  const closed = nftClosed(gate, wanted);
  if (closed.length === 0) return { text };
  const before = gate.rule?.line ?? gate.chain.end;
  return { text: insertNftRules(file, gate.chain, before, statements(closed)) };
}

function placeOf({ family, table, name }: NftChain): string {
  return `${family} ${table} ${name}`;
}

/** The remarks of our rules as a chain is printed: to its end, so that none is a part of another. */
function remarks(wanted: readonly Wanted[]): readonly string[] {
  return rulesFor(wanted).map(({ ports, sources }) => `"${remark(ports, sources)}"`);
}

/** nft takes remarks of up to 128 bytes. */
function remark(ports: readonly number[], sources: readonly string[]): string {
  const whom = sources.length === 0 ? '' : ` for ${sources.join(' ')}`;
  const whole = `${REMARK}: ${ports.join(' ')}${whom}`;
  if (whole.length <= 120) return whole;
  const sum = createHash('sha256').update(whole).digest('hex').slice(0, 12);
  return `${whole.slice(0, 100)}.. ${sum}`;
}
