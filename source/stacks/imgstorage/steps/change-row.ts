import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { linesOf } from '../../../core/text.js';
import { DATABASE } from '../roll.js';
import {
  changeSql,
  countSql,
  imageName,
  rowSchema,
  SQL_SCRIPT,
  tableName,
  type Row,
} from './row.js';

const paramsSchema = z
  .strictObject({
    /** `release the lock`. */
    title: z.string().min(1),
    table: tableName,
    zvol: imageName,
    /** The row as it was reviewed; null: there is none. */
    before: rowSchema.nullable(),
    /** What it is to be; null: it is taken away. */
    after: rowSchema.nullable(),
  })
  .refine(({ before, after }) => before !== null || after !== null, { message: 'nothing to do' })
  .refine(({ before }) => before === null || Object.keys(before).length > 0, {
    message: 'a row is known by more than its key',
  });

/** The parameters of `imgstorage.change-row`. */
export type ChangeRow = z.infer<typeof paramsSchema>;

/**
 * Changes, adds or takes away one row of the roll's database, that of one image under its own name, and
 * only where it still is what was reviewed. Undo puts the row back as it was.
 */
export const changeRow = defineStep<ChangeRow>({
  id: 'imgstorage.change-row',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ title, table, zvol }) => ({ title, on: `${table} of ${zvol}` }),
  preview: ({ table, zvol, before, after }) => ({
    kind: 'commands',
    lines: linesOf(changeSql(table, zvol, before, after)).map(
      (line) => `sqlite3 ${DATABASE}: ${line}`,
    ),
  }),
  check,
  commands: ({ table, zvol, before, after }) => [change(changeSql(table, zvol, before, after))],
  explain: (outcome) =>
    outcome.kind === 'exited' && /locked|busy/i.test(outcome.stderr)
      ? 'another has the database locked for more than five seconds: `fuser -v` on it shows who'
      : undefined,
  undo: ({ table, zvol, before, after }) => ({
    kind: 'commands',
    says: before === null ? `take the row of ${zvol} away again` : `put the row of ${zvol} back`,
    commands: [change(changeSql(table, zvol, after, before))],
  }),
});

function change(sql: string): Command<'changes'> {
  const argv = ['sh', '-c', SQL_SCRIPT, 'sh', DATABASE, sql];
  return { argv, effect: 'changes', deadline: 30_000 };
}

async function check(host: Reader, { table, zvol, before, after }: ChangeRow): Promise<Verdict> {
  const [first, last] = await Promise.all([
    counted(host, countSql(table, zvol, before)),
    counted(host, countSql(table, zvol, after)),
  ]);
  if (!first.ok) return { kind: 'cannotTell', because: first.because };
  if (!last.ok) return { kind: 'cannotTell', because: last.because };
  if (isSo(last, after)) return { kind: 'done' };
  if (isSo(first, before)) return { kind: 'notYet' };
  const now = last.all === 0 ? 'is gone' : before === null ? 'is there' : 'is another';
  const because = `the row of ${zvol} in ${table} ${now} by now: the roll changed it since the review`;
  return { kind: 'refused', because };
}

interface Counted {
  readonly ok: true;
  /** Rows of the image. */
  readonly all: number;
  /** Those that are the very one. */
  readonly same: number;
}

function isSo({ all, same }: Counted, row: Row | null): boolean {
  return row === null ? all === 0 : same === 1;
}

async function counted(
  host: Reader,
  sql: string,
): Promise<Counted | { readonly ok: false; readonly because: string }> {
  const outcome = await host.run(reads(['sh', '-c', SQL_SCRIPT, 'sh', DATABASE, sql], 20_000));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  const [, all, same] = /^(\d+)\n(\d+)$/.exec(outcome.stdout.trim()) ?? [];
  if (all !== undefined && same !== undefined) {
    return { ok: true, all: Number(all), same: Number(same) };
  }
  const said = linesOf(outcome.stderr)[0]?.trim() ?? `exit code ${outcome.code}`;
  return { ok: false, because: `the roll's database does not answer: ${said}` };
}
