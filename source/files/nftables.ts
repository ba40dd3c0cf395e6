import { joinLines, splitLines } from './lines.js';

/**
 * A ruleset of nft(8), as in /etc/nftables.conf and as `nft list ruleset` prints it: tables and their
 * chains in braces, a statement a line. Only what is needed to put rules into a chain is understood;
 * every byte is kept.
 */
export interface NftChain {
  /** `inet`, `ip`, …; a table without one is of `ip`. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** `input`, `forward`, …; undefined for a chain that others jump to. */
  readonly hook?: string;
  /** `drop`, or `accept`, which holds where none is named. */
  readonly policy: string;
  /** Its rules, and the number of each one's line, counted from 0. */
  readonly rules: readonly { readonly text: string; readonly line: number }[];
  /** The lines that it begins and ends with. */
  readonly begin: number;
  readonly end: number;
}

/** A whole file. */
export interface NftFile {
  readonly text: string;
  readonly chains: readonly NftChain[];
  /** The lines that name files to be read as well: what they hold is not seen. */
  readonly includes: readonly string[];
}

/** Reads a ruleset. Chains that are not written a statement a line are not found. */
export function parseNft(text: string): NftFile {
  const { lines } = splitLines(text);
  const chains: NftChain[] = [];
  const includes: string[] = [];
  let table: { readonly family: string; readonly name: string } | undefined;
  let chain: NftChain | undefined;
  // The depth of braces that belong to neither: sets, maps, elements over several lines.
  let deeper = 0;
  lines.forEach((raw, line) => {
    const code = withoutComment(raw).trim();
    if (deeper > 0) {
      deeper += balance(code);
      return;
    }
    if (code.startsWith('include ')) includes.push(code);
    const [, family = 'ip', tableName] = /^table\s+(?:(\w+)\s+)?([\w.-]+)\s*\{$/.exec(code) ?? [];
    const chainName = /^chain\s+([\w.-]+)\s*\{$/.exec(code)?.[1];
    if (tableName !== undefined) table = { family, name: tableName };
    else if (table && chainName !== undefined) {
      chain = {
        family: table.family,
        table: table.name,
        name: chainName,
        policy: 'accept',
        rules: [],
        begin: line,
        end: line,
      };
    } else if (code === '}') {
      if (chain) chains.push({ ...chain, end: line });
      else table = undefined;
      chain = undefined;
    } else if (balance(code) !== 0) deeper = Math.max(0, balance(code));
    else if (chain && code !== '') chain = withStatement(chain, code, line);
  });
  return { text, chains, includes };
}

/** The text with rules before a line, indented as the rules of their chain are. */
export function insertNftRules(
  { text }: NftFile,
  chain: NftChain,
  before: number,
  rules: readonly string[],
): string {
  const { lines, endsWithNewline } = splitLines(text);
  const neighbour = chain.rules.at(-1)?.line;
  const indent = /^\s*/.exec(lines[neighbour ?? chain.end] ?? '')?.[0] ?? '';
  const more = neighbour === undefined ? '\t' : '';
  const made = rules.map((rule) => `${indent}${more}${rule}`);
  return joinLines({ lines: lines.toSpliced(before, 0, ...made), endsWithNewline });
}

function withStatement(chain: NftChain, code: string, line: number): NftChain {
  const hook = /^type\s+\w+\s+hook\s+(\w+)/.exec(code)?.[1];
  const policy = /\bpolicy\s+(\w+)/.exec(code)?.[1];
  if (hook === undefined && !/^policy\s/.test(code)) {
    return { ...chain, rules: [...chain.rules, { text: code.replace(/;$/, ''), line }] };
  }
  return { ...chain, ...(hook !== undefined && { hook }), policy: policy ?? chain.policy };
}

function withoutComment(raw: string): string {
  return raw.replace(/"[^"]*"|#.*$/g, (found) => (found.startsWith('#') ? '' : found));
}

/** Opening braces less closing ones, outside of texts. */
function balance(code: string): number {
  const bare = code.replace(/"[^"]*"/g, '');
  return bare.split('{').length - bare.split('}').length;
}
