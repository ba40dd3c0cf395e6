import { loadNft, nftFrom, nftOf, type NftChain, type NftRules } from '../../fleet/nft.js';
import { failed, printed, type Call, type Ran } from '../program.js';

const MISSING = 'Error: No such file or directory\n';

/** `nft [-s] [-a] list ruleset|chain`, `nft [-c] -f FILE|-`, and `delete rule … handle N`. */
export async function nft(call: Call): Promise<Ran> {
  const { args, machine, input, files } = call;
  const flags = new Set(args.filter((arg) => /^-[acns]$/.test(arg)));
  const words = args.filter((arg) => !/^-[acns]$/.test(arg));
  const [verb = '', what = '', ...place] = words;
  const rules = nftOf(machine);
  if (verb === 'list' && what === 'ruleset') return printed(ruleset(rules, flags.has('-a')));
  if (verb === 'list' && what === 'chain') {
    const chain = chainAt(rules, place);
    return chain ? printed(inTable([chain], flags.has('-a'), false)) : failed(1, MISSING);
  }
  if (verb === 'delete' && what === 'rule') return remove(rules, place);
  if (verb !== '-f') return failed(1, `Error: syntax error, unexpected ${verb}\n`);
  const text = what === '-' ? input : await files?.read(what);
  if (text === undefined) return failed(1, `Error: Could not open file "${what}": ${MISSING}`);
  const after = read(rules, text);
  if (typeof after === 'string') return failed(1, after);
  if (!flags.has('-c')) loadNft(machine, after);
  return printed('');
}

/** What a file makes of the rules: all of it, or nothing and why. */
function read(before: NftRules, text: string): NftRules | string {
  if (/^flush ruleset$/m.test(text)) return nftFrom(text);
  const after: NftRules = {
    next: before.next,
    chains: before.chains.map((chain) => ({ ...chain, rules: [...chain.rules] })),
  };
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, verb = '', place = '', position, rule = ''] =
      /^(add|insert) rule (\w+ \w+ \w+)(?: position (\d+))? (.*)$/.exec(line) ?? [];
    const chain = chainAt(after, place.split(' '));
    if (!chain) return `/dev/stdin:1:1-${line.length}: ${MISSING}${line}\n`;
    const at = chain.rules.findIndex(({ handle }) => `${handle}` === position);
    if (position !== undefined && at < 0)
      return `/dev/stdin:1:1-${line.length}: ${MISSING}${line}\n`;
    const place2 = verb === 'add' ? chain.rules.length : Math.max(0, at);
    chain.rules.splice(place2, 0, { handle: after.next, text: rule });
    after.next += 1;
  }
  return after;
}

function remove(rules: NftRules, [family, table, name, , handle = '']: readonly string[]): Ran {
  const chain = chainAt(rules, [family ?? '', table ?? '', name ?? '']);
  const at = chain?.rules.findIndex((rule) => `${rule.handle}` === handle) ?? -1;
  if (!chain || at < 0) return failed(1, MISSING);
  chain.rules.splice(at, 1);
  return printed('');
}

function chainAt({ chains }: NftRules, [family, table, name]: readonly string[]) {
  return chains.find((one) => one.family === family && one.table === table && one.name === name);
}

function ruleset({ chains }: NftRules, handles: boolean): string {
  const tables = [...new Set(chains.map(({ family, table }) => `${family} ${table}`))];
  return tables
    .map((table) => {
      const own = chains.filter((chain) => `${chain.family} ${chain.table}` === table);
      return inTable(own, handles, handles);
    })
    .join('');
}

/** Chains of one table; a chain that is asked for alone has no handle of its table. */
function inTable(chains: readonly NftChain[], handles: boolean, tableHandle: boolean): string {
  const [first] = chains;
  const note = (handle: number): string => (handles ? ` # handle ${handle}` : '');
  const blocks = chains.map(({ name, handle, head, rules }) =>
    [
      `\tchain ${name} {${note(handle)}`,
      ...(head === '' ? [] : [`\t\t${head.replace('priority 0;', 'priority filter;')}`]),
      ...rules.map((rule) => `\t\t${rule.text}${note(rule.handle)}`),
      '\t}',
    ].join('\n'),
  );
  const title = `table ${first?.family ?? ''} ${first?.table ?? ''} {${tableHandle ? ' # handle 1' : ''}`;
  return `${title}\n${blocks.join('\n\n')}\n}\n`;
}
