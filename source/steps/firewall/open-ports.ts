export type { Opening } from './opening.js';
export { plainSources, wantedPorts, inNetwork, type Wanted } from './wanted.js';
import { listed } from '../../core/text.js';
import { parseRules, type RulesFile } from '../../files/iptables-save.js';
import type { NftFile } from '../../files/nftables.js';
import type { Firewall } from './look.js';
import { wantedWords, type Wanted } from './wanted.js';
import {
  nftClosed,
  nftGates,
  nftInput,
  nftOut,
  nftThere,
  withNftOpen,
  type NftGate,
} from './nft.js';
import { guarded, NOTHING, type Opening } from './opening.js';
import { closedPorts, restoreInput, ruleGate, rulesOut, rulesThere } from './rules.js';
import { withPortsOpen, type RuleGate } from './rules.js';
import { throughFirewalld, throughUfw } from './services.js';

/**
 * The steps that let connections to ports in, through whatever keeps the host's firewall.
 * Running rules are added one by one and nothing is loaded anew: what others have put there
 * (containers, libvirt, fail2ban) stays. Where nothing turns connections away there is nothing to do.
 *
 * @param peer an address that will connect: it tells the zone where there are several
 */
export function openPorts(firewall: Firewall, wanted: readonly Wanted[], peer: string): Opening {
  if (wanted.length === 0) return NOTHING;
  if (firewall.proxmox) {
    const refused = `the Proxmox firewall runs and writes the rules itself: allow the ports ${wantedWords(wanted)} under Datacenter, Firewall`;
    return { ...NOTHING, refused };
  }
  if (firewall.firewalld) return throughFirewalld(firewall, firewall.firewalld, wanted, peer);
  if (firewall.ufw) return throughUfw(firewall.ufw, wanted);
  const openings = [throughRules(firewall, wanted), ...throughNft(firewall, wanted)];
  return {
    steps: openings.flatMap(({ steps }) => steps),
    basis: openings.flatMap(({ basis }) => basis),
    warnings: openings.flatMap(({ warnings }) => warnings),
  };
}

function throughRules({ rules, rulesTexts }: Firewall, wanted: readonly Wanted[]): Opening {
  const gate = rules && ruleGate(rules);
  if (!gate) return NOTHING;
  const closed = closedPorts(gate, wanted);
  const kept = keptRules(rulesTexts, wanted);
  if (closed.length === 0) return kept;
  const lost = 'its rules are in no file that is known here: after a restart they are as they were';
  return {
    steps: [runningRules(gate, closed), ...kept.steps],
    basis: [chainBasis(rules, gate)],
    warnings: [...(rulesTexts.length === 0 ? [lost] : []), ...kept.warnings],
  };
}

/** What `iptables -S CHAIN` says, taken from what it said of all chains. */
function chainBasis(file: RulesFile, { chain }: RuleGate): Opening['basis'][number] {
  const own = file.lines.filter(
    (line) =>
      (line.kind === 'rule' && line.chain === chain) ||
      (line.kind === 'chain' && line.name === chain),
  );
  const expect = own.map(({ raw }) => raw).join('\n');
  return { says: `the rules of ${chain}`, argv: ['iptables', '-S', chain], expect };
}

function runningRules(gate: RuleGate, wanted: readonly Wanted[]): Opening['steps'][number] {
  const input = restoreInput(gate, wanted);
  const on = `the running firewall, in ${gate.chain} as rule ${gate.index + 1}`;
  return guarded(
    wanted,
    on,
    [
      { argv: ['iptables-restore', '--test', '--noflush'], input },
      { argv: ['iptables-restore', '--noflush'], input },
    ],
    rulesThere(gate, wanted),
    rulesOut(gate, wanted),
  );
}

/** The files that are loaded at boot, with the ports open in them. */
function keptRules(texts: Firewall['rulesTexts'], wanted: readonly Wanted[]): Opening {
  const steps: Opening['steps'][number][] = [];
  const warnings: string[] = [];
  for (const { path, text } of texts) {
    const file = parseRules(text);
    // A file that turns nobody away needs no opening.
    if (!ruleGate(file)) continue;
    const made = withPortsOpen(file, wanted);
    if ('because' in made) warnings.push(`${path} is left as it is: ${made.because}`);
    else if (made.text !== text) {
      // Older iptables-restore reads standard input alone.
      const checker = ['sh', '-c', 'iptables-restore --test < "$1"', 'sh', '{}'];
      steps.push({ kind: 'file.edit', params: { path, before: text, after: made.text, checker } });
    }
  }
  return { steps, basis: [], warnings };
}

function throughNft({ nft, nftTexts }: Firewall, wanted: readonly Wanted[]): readonly Opening[] {
  if (!nft) return [];
  return nftGates(nft).map((gate) => {
    const closed = nftClosed(gate, wanted);
    const kept = keptNft(nftTexts, gate, wanted);
    if (closed.length === 0) return kept;
    const input = nftInput(gate, closed, nft);
    const place = `${gate.chain.family} ${gate.chain.table} ${gate.chain.name}`;
    const running = guarded(
      closed,
      `the running firewall, in ${place}`,
      [
        { argv: ['nft', '-c', '-f', '-'], input },
        { argv: ['nft', '-f', '-'], input },
      ],
      nftThere(gate, closed),
      nftOut(gate, closed),
    );
    return {
      steps: [running, ...kept.steps],
      basis: [nftBasis(nft, gate, place)],
      warnings: kept.warnings,
    };
  });
}

/** What `nft list chain` says, taken from what it said of all tables. */
function nftBasis(file: NftFile, { chain }: NftGate, place: string): Opening['basis'][number] {
  const { family, table, name, begin, end } = chain;
  const lines = file.text.split('\n').slice(begin, end + 1);
  return {
    says: `the rules of ${place}`,
    argv: ['nft', '-s', '-a', 'list', 'chain', family, table, name],
    expect: [`table ${family} ${table} {`, ...lines, '}'].join('\n'),
  };
}

function keptNft(texts: Firewall['nftTexts'], gate: NftGate, wanted: readonly Wanted[]): Opening {
  const tried = texts.map(({ path, text }) => ({
    path,
    text,
    made: withNftOpen(text, gate, wanted),
  }));
  const edits = tried.flatMap(({ path, text, made }) => {
    if ('because' in made || made.text === text) return [];
    const params = { path, before: text, after: made.text, checker: ['nft', '-c', '-f', '{}'] };
    return [{ kind: 'file.edit', params }];
  });
  if (tried.some(({ made }) => 'text' in made)) return { ...NOTHING, steps: edits };
  const reasons = tried.map(
    ({ path, made }) => `${path}: ${'because' in made ? made.because : ''}`,
  );
  const why = reasons.length > 0 ? listed(reasons) : 'there is no /etc/nftables.conf';
  return { ...NOTHING, warnings: [`what is opened is closed again after a restart: ${why}`] };
}
