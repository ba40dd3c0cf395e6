import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { count, linesOf } from '../../../core/text.js';
import { parseActive, satisfies, type ActiveExport } from '../read/etab.js';

const word = z.string().regex(/^[^\s()"\\]+$/);

const paramsSchema = z.strictObject({
  /** What the file asks for; `fresh`: that client did not have the path before, so undo withdraws it. */
  rows: z.array(
    z.strictObject({
      path: z.string().startsWith('/'),
      client: word,
      options: z.array(z.string()),
      fresh: z.boolean(),
    }),
  ),
  withdrawn: z.array(z.strictObject({ path: z.string().startsWith('/'), client: word })),
});

/** The parameters of `nfs.apply-exports`. */
export type ApplyExports = z.infer<typeof paramsSchema>;

/**
 * Makes hold what the files say. `exportfs -r` would also withdraw what was exported by hand, so only
 * what was taken out of the file is withdrawn, one by one; `-a` adds, and changes options. Its exit code
 * is 1 for one bad line though the good ones hold, and 0 for what nobody meant: what holds is looked at.
 */
export const applyExports = defineStep<ApplyExports>({
  id: 'nfs.apply-exports',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ rows, withdrawn }) => ({
    title: 'make the exports hold',
    on: `${count(rows.length, 'export')}${withdrawn.length > 0 ? `, ${withdrawn.length} withdrawn` : ''}`,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: commands(params).map(({ argv }) => quoteAll(argv)),
  }),
  check,
  commands,
  explain,
  undo: ({ rows }) => {
    const fresh = rows.filter((row) => row.fresh);
    return fresh.length === 0
      ? { kind: 'nothing' }
      : {
          kind: 'commands',
          says: `withdraw ${count(fresh.length, 'new export')}`,
          commands: fresh.map(withdrawal),
          // What lost or changed its options holds again only once the file is put back.
          leavesTraces: true,
        };
  },
});

async function check(host: Reader, { rows, withdrawn }: ApplyExports): Promise<Verdict> {
  const outcome = await host.run(reads(['cat', '--', '/var/lib/nfs/etab']));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const active = parseActive(outcome.stdout);
  if (!active.ok) return { kind: 'cannotTell', because: `expected ${active.expected}` };
  const holds = (one: { readonly path: string; readonly client: string }) =>
    active.value.find(
      ({ path, client }: ActiveExport) => path === one.path && client === one.client,
    );
  const lacking = rows.some((row) => {
    const found = holds(row);
    return !found || !satisfies(found, row.options);
  });
  return { kind: lacking || withdrawn.some((one) => holds(one)) ? 'notYet' : 'done' };
}

function commands({ withdrawn }: ApplyExports): readonly Command<'changes'>[] {
  return [
    ...withdrawn.map(withdrawal),
    { argv: ['exportfs', '-a'], effect: 'changes', deadline: 60_000 },
  ];
}

/** An IPv6 address stands in brackets, since a colon parts it from the path (exportfs(8)). */
function withdrawal({
  path,
  client,
}: {
  readonly path: string;
  readonly client: string;
}): Command<'changes'> {
  const who = client.includes(':') ? `[${client}]` : client;
  // What is gone already is told as an error, and is what is wanted: the check looks at what holds.
  const script = 'exportfs -u "$1" || ! grep -qF -- "$2" /var/lib/nfs/etab';
  return {
    argv: ['sh', '-c', script, 'sh', `${who}:${path}`, `${path}\t${client}(`],
    effect: 'changes',
    deadline: 60_000,
  };
}

/** exportfs's own words by line (nfs-utils 1.0 to 2.6); its advice about subtree checks is none. */
function explain(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  const said = linesOf(outcome.stderr).flatMap((line) => {
    const [, file, number, what] = /^exportfs: (\/\S+?):(\d+): (.+)$/.exec(line) ?? [];
    if (file !== undefined) return [`line ${number ?? ''} of ${file}: ${what ?? ''}`];
    const failed = /^exportfs: ((?:Failed to|\S+ (?:does not support|requires)).+)$/.exec(
      line,
    )?.[1];
    return failed === undefined ? [] : [failed];
  });
  return said.length > 0 ? [...new Set(said)].join('; ') : undefined;
}
