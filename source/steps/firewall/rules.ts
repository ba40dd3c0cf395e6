import { quoteAll } from '../../core/quote.js';
import {
  insertRules,
  policyOf,
  printRules,
  rulesOf,
  type Rule,
  type RulesFile,
} from '../../files/iptables-save.js';
import { inNetwork, type Wanted } from './wanted.js';

/** Where a packet that nothing has let in is turned away. */
export interface RuleGate {
  readonly chain: string;
  /** Of the rule that turns it away, from 0; behind the last: the chain's policy does. */
  readonly index: number;
  /** The rules that are asked before it, on the way from INPUT. */
  readonly before: readonly Rule[];
}

/** The gate that packets for the host itself come to; undefined: whatever is not refused comes in. */
export function ruleGate(file: RulesFile): RuleGate | undefined {
  const found = walk(file, 'INPUT', [], new Set());
  if (found !== undefined) return found === 'let in' ? undefined : found;
  const policy = policyOf(file, 'filter', 'INPUT');
  const rules = rulesOf(file, 'filter', 'INPUT');
  const turns = policy === 'DROP' || policy === 'REJECT';
  return turns ? { chain: 'INPUT', index: rules.length, before: onTheWay(file) } : undefined;
}

/** Follows a chain until a rule decides about every packet: it is turned away, or let in. */
function walk(
  file: RulesFile,
  chain: string,
  before: readonly Rule[],
  seen: Set<string>,
): RuleGate | 'let in' | undefined {
  if (seen.has(chain)) return undefined;
  seen.add(chain);
  const rules = rulesOf(file, 'filter', chain);
  let passed = before;
  for (const [index, rule] of rules.entries()) {
    const target = targetOfAll(rule);
    if (target === 'DROP' || target === 'REJECT') return { chain, index, before: passed };
    if (target === 'ACCEPT') return 'let in';
    if (target === 'RETURN') return undefined;
    if (target !== undefined && policyOf(file, 'filter', target) === '-') {
      const inner = walk(file, target, passed, seen);
      if (inner !== undefined) return inner;
      passed = [...passed, ...rulesOf(file, 'filter', target)];
    }
    passed = [...passed, rule];
  }
  return undefined;
}

/** The rules of INPUT and of the chains that it always jumps to. */
function onTheWay(file: RulesFile): readonly Rule[] {
  return rulesOf(file, 'filter', 'INPUT').flatMap((rule) => {
    const target = targetOfAll(rule);
    return [rule, ...(target === undefined ? [] : rulesOf(file, 'filter', target))];
  });
}

/** Where a rule sends every packet; undefined for one that asks anything of it. */
function targetOfAll({ words }: Rule): string | undefined {
  const bare = withoutRemark(words);
  return bare[0] === '-j' || bare[0] === '-g' ? bare[1] : undefined;
}

function withoutRemark(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word, i) => word === '-m' && words[i + 1] === 'comment');
  return at < 0 ? words : words.toSpliced(at, 4);
}

/** Those of these that no rule before the gate lets in, from wherever they come. */
export function closedPorts(gate: RuleGate, wanted: readonly Wanted[]): readonly Wanted[] {
  return wanted.filter((one) => !gate.before.some((rule) => letsIn(rule, one)));
}

/** What a rule may ask of a packet and still let in every new connection to a port. */
const HARMLESS =
  /^(?:-p (?:tcp|udp)|-m (?:tcp|udp|state|conntrack|multiport)|--(?:ct)?state (?:\S*,)?NEW(?:,\S*)?|--(?:dports?|destination-ports?) \S+)$/;

function letsIn({ words }: Rule, { port, protocol, source }: Wanted): boolean {
  const pairs = pairsOf(withoutRemark(words)).filter((pair) => {
    const [, from] = /^(?:-s|--source) (\S+)$/.exec(pair) ?? [];
    return from === undefined || source === undefined || !inNetwork(source, from);
  });
  const asks = pairs.filter((pair) => pair !== '-j ACCEPT');
  if (asks.length === pairs.length || !asks.every((pair) => HARMLESS.test(pair))) return false;
  const named = asks.find((pair) => pair.startsWith('--d'));
  return (
    asks.includes(`-p ${protocol}`) &&
    (named === undefined || holds(named.split(' ')[1] ?? '', port))
  );
}

/** `-p tcp`, `--dport 9421`: each option with its value. */
function pairsOf(words: readonly string[]): readonly string[] {
  const pairs: string[] = [];
  for (const word of words) {
    if (word.startsWith('-') || pairs.length === 0) pairs.push(word);
    else pairs.push(`${pairs.pop() ?? ''} ${word}`);
  }
  return pairs;
}

/** Whether `9419:9422,22` holds a port; nft writes ranges with `-`. */
export function holds(list: string, port: number): boolean {
  return list.split(',').some((part) => {
    const [from = '', to = from] = part.trim().split(/[:-]/);
    return /^\d+$/.test(from) && /^\d+$/.test(to) && Number(from) <= port && port <= Number(to);
  });
}

/** The rule that lets new connections to a port in, behind its chain's name. */
export function accepting({ port, protocol, source }: Wanted): readonly string[] {
  const from = source === undefined ? '' : `-s ${source} `;
  const words = `${from}-p ${protocol} -m conntrack --ctstate NEW -m ${protocol} --dport ${port} -j ACCEPT`;
  return words.split(' ');
}

/** A file of rules with ports opened before its own gate, or why that is not possible. */
export function withPortsOpen(
  file: RulesFile,
  wanted: readonly Wanted[],
): { readonly text: string } | { readonly because: string } {
  const gate = ruleGate(file);
  if (!gate) return { because: 'it has no rule that turns connections away' };
  const place = { table: 'filter', chain: gate.chain, index: gate.index };
  const closed = closedPorts(gate, wanted);
  return {
    text: printRules(
      insertRules(
        file,
        place,
        closed.map((one) => accepting(one)),
      ),
    ),
  };
}

/** What opens ports in the running firewall, all of them or none: input for iptables-restore. */
export function restoreInput({ chain, index }: RuleGate, wanted: readonly Wanted[]): string {
  const rules = wanted.map((one, at) => {
    return `-I ${chain} ${index + 1 + at} ${accepting(one).join(' ')}`;
  });
  return ['*filter', ...rules, 'COMMIT', ''].join('\n');
}

/** Prints `open` when the running firewall has all of the rules. */
export function rulesThere({ chain }: RuleGate, wanted: readonly Wanted[]): readonly string[] {
  const lines = wanted.map((one) => {
    return `${quoteAll(['iptables', '-C', chain, ...accepting(one)])} 2>/dev/null || exit 0`;
  });
  return ['sh', '-c', [...lines, 'echo open'].join('\n')];
}

/** Takes the rules out of the running firewall; those that are not there do not matter. */
export function rulesOut({ chain }: RuleGate, wanted: readonly Wanted[]): readonly string[] {
  const lines = wanted.map((one) => {
    return `${quoteAll(['iptables', '-D', chain, ...accepting(one)])} 2>/dev/null`;
  });
  return ['sh', '-c', [...lines, 'true'].join('\n')];
}
