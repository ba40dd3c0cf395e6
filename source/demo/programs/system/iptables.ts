import { chainsFrom, chainsOf, loadChains, type Chains } from '../../fleet/packet-filter.js';
import { failed, printed, type Call, type Ran } from '../program.js';

const MISSING = 'No chain/target/match by that name.';

/** `iptables -S [CHAIN]`, and `-C`, `-D`, `-A`, `-I` of one rule of the filter table. */
export function iptables({ args, machine }: Call): Ran {
  const chains = chainsOf(machine);
  const [verb = '', chain = '', ...rest] = args.filter((arg) => arg !== '-w');
  if (verb === '-S') return listing(chains, chain);
  if (verb === '-F') {
    for (const one of chains.values()) one.rules = [];
    return printed('');
  }
  const why = change(chains, verb, chain, rest);
  return why === undefined ? printed('') : failed(1, `iptables: ${why}\n`);
}

function listing(chains: Chains, only: string): Ran {
  if (only !== '' && !chains.has(only)) return failed(1, `iptables: ${MISSING}\n`);
  const shown = [...chains].filter(([name]) => only === '' || name === only);
  const heads = shown.map(([name, { policy }]) =>
    policy === '-' ? `-N ${name}` : `-P ${name} ${policy}`,
  );
  const rules = shown.flatMap(([name, one]) => one.rules.map((rule) => `-A ${name} ${rule}`));
  return printed(`${[...heads, ...rules].join('\n')}\n`);
}

/** Does what a line says; why it cannot be done. */
function change(
  chains: Chains,
  verb: string,
  name: string,
  words: readonly string[],
): string | undefined {
  const chain = chains.get(name);
  if (!chain) return MISSING;
  const numbered = verb === '-I' && /^\d+$/.test(words[0] ?? '');
  const rule = (numbered ? words.slice(1) : words).join(' ');
  const at = chain.rules.indexOf(rule);
  const bad = 'Bad rule (does a matching rule exist in that chain?).';
  switch (verb) {
    case '-A':
      chain.rules.push(rule);
      return undefined;
    case '-I': {
      const index = numbered ? Number(words[0]) - 1 : 0;
      if (index > chain.rules.length) return 'Index of insertion too big.';
      chain.rules.splice(index, 0, rule);
      return undefined;
    }
    case '-C':
      return at < 0 ? bad : undefined;
    case '-D':
      if (at < 0) return bad;
      chain.rules.splice(at, 1);
      return undefined;
    default:
      return `unknown option "${verb}"`;
  }
}

/** `iptables-restore [--test] [--noflush]`: all of it takes effect, or nothing. */
export function iptablesRestore({ args, input, machine }: Call): Ran {
  const keeps = args.includes('--noflush') || args.includes('-n');
  const chains = keeps ? copied(chainsOf(machine)) : chainsFrom(input);
  const lines = input.split('\n');
  for (const [at, line] of lines.entries()) {
    const [verb = '', chain = '', ...rest] = line.trim().split(/\s+/);
    if (!keeps && verb === '-A' && chains.has(chain)) continue;
    if (verb === '' || /^[#:*]/.test(verb) || verb === 'COMMIT') continue;
    const why = change(chains, verb, chain, rest);
    if (why !== undefined) return failed(1, `iptables-restore: line ${at + 1} failed: ${why}\n`);
  }
  if (!lines.includes('COMMIT')) return failed(1, 'iptables-restore: COMMIT expected at line 1\n');
  if (!args.includes('--test') && !args.includes('-t')) loadChains(machine, chains);
  return printed('');
}

function copied(chains: Chains): Chains {
  return new Map(
    [...chains].map(([name, { policy, rules }]) => [name, { policy, rules: [...rules] }]),
  );
}

/** `iptables-save`. */
export function iptablesSave({ machine }: Call): Ran {
  const chains = [...chainsOf(machine)];
  const heads = chains.map(([name, { policy }]) => `:${name} ${policy} [0:0]`);
  const rules = chains.flatMap(([name, one]) => one.rules.map((rule) => `-A ${name} ${rule}`));
  return printed(`*filter\n${[...heads, ...rules].join('\n')}\nCOMMIT\n`);
}

/** `service iptables restart`: what stands in its file runs, and nothing else. */
export async function service(call: Call): Promise<Ran> {
  const [name = '', verb = ''] = call.args;
  if (name !== 'iptables') return call.run?.(['systemctl', verb, name]) ?? failed(1, '');
  const text = await call.files?.read('/etc/sysconfig/iptables');
  if (text === undefined) return failed(6, 'iptables: Firewall is not configured.\n');
  if (verb === 'restart' || verb === 'start') loadChains(call.machine, chainsFrom(text));
  return printed('Redirecting to /bin/systemctl restart iptables.service\n');
}
