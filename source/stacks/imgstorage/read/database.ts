import { z } from 'zod';
import { parsed, type Parsed } from '../../../core/parsed.js';
import { parseSqlDump, type SqlDump, type SqlRow } from './sql-dump.js';

/*
 * The daemons of the roll keep their state in /opt/rocks/var/img_storage.db. Source of tables, columns
 * and their meaning: imgstoragenas.py and imgstoragevm.py of the roll. Times are seconds since 1970.
 */

/** A row of `zvols` on a NAS: an image and where it is mapped. */
export interface NasRow {
  readonly zvol: string;
  /** Null after the clean-up of the roll's own script, which forgets it. */
  readonly zpool: string | null;
  /** Null: not exported; of a mapped image: the container works on its own copy. */
  readonly target: string | null;
  /** Null: not mapped. */
  readonly remoteHost: string | null;
  readonly remotePool: string | null;
  /** Copied to the container; else used over iSCSI for good. */
  readonly sync: boolean;
}

/** A row of `sync_queue` on a NAS: a copy that is under way, or waits for its turn. */
export interface NasJob {
  readonly zvol: string;
  readonly zpool: string;
  readonly remoteHost: string | null;
  readonly remotePool: string | null;
  /** `NAS->VM` and `NAS<-VM` in `rocks list host storagemap`. */
  readonly way: 'to-container' | 'to-nas';
  /** Of `to-nas`: the last copy, after which the container's volume is destroyed; else a scheduled one. */
  readonly last: boolean;
  readonly since: number;
}

/** A row of `zvol_calls`: a call is being answered, and no other for this image is taken. */
export interface Lock {
  readonly zvol: string;
  /** The message queue of whoever waits for the answer; gone with it. */
  readonly replyTo: string;
  readonly since: number;
}

/** When the scheduled copy of an image to the NAS is due. */
export interface Schedule {
  readonly zvol: string;
  /** Seconds from one to the next; null: as set for all. */
  readonly frequency: number | null;
  readonly next: number | null;
}

/** What the daemon of a NAS remembers. */
export interface NasTables {
  readonly rows: readonly NasRow[];
  readonly jobs: readonly NasJob[];
  readonly locks: readonly Lock[];
  readonly schedules: readonly Schedule[];
  /** What holds for all images: `frequency`, `uploadspeed`, `network`, … */
  readonly globals: ReadonlyMap<string, string>;
}

/** A row of `zvols` on a container. It stays when the image is unmapped, so it proves nothing by itself. */
export interface ContainerRow {
  readonly zvol: string;
  readonly zpool: string | null;
  /** The NAS as the container reaches it: `nas-0-0.ibnet`. */
  readonly nas: string | null;
  readonly target: string | null;
  readonly sync: boolean;
}

/** A row of `sync_queue` on a container: a merge that is under way, or waits for its turn. */
export interface MergeJob {
  readonly zvol: string;
  readonly target: string | null;
  /** The size of the device in sectors of 512 bytes. */
  readonly sectors: number | null;
  readonly started: boolean;
  readonly since: number;
}

/** What the daemon of a container remembers. */
export interface ContainerTables {
  readonly rows: readonly ContainerRow[];
  readonly merges: readonly MergeJob[];
}

/** The roll's database on one host. A host that is both has both kinds of rows in mixed tables. */
export interface RollDatabase {
  /** The host's own clock when it was read, seconds since 1970; null: it did not say. */
  readonly at: number | null;
  /** Undefined: there are no tables of a NAS in it. */
  readonly nas?: NasTables;
  /** Undefined: there are no tables of a container in it. */
  readonly container?: ContainerTables;
}

const text = z.union([z.string(), z.number().transform(String)]);
const textOrNull = text.nullish().transform((value) => (value === '' ? null : (value ?? null)));
const flag = z.union([z.number(), z.string(), z.null()]).optional().transform(isSet);
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null);

function isSet(value: string | number | null | undefined): boolean {
  return value !== null && value !== undefined && !/^(?:0|false|)$/i.test(String(value));
}

const nasRow = z
  .object({
    zvol: text,
    zpool: textOrNull,
    iscsi_target: textOrNull,
    remotehost: textOrNull,
    remotepool: textOrNull,
    sync: flag,
  })
  .transform((row): NasRow => ({
    zvol: row.zvol,
    zpool: row.zpool,
    target: row.iscsi_target,
    remoteHost: row.remotehost,
    remotePool: row.remotepool,
    sync: row.sync,
  }));

const nasJob = z
  .object({
    zvol: text,
    zpool: text,
    remotehost: textOrNull,
    remotepool: textOrNull,
    is_sending: flag,
    is_delete_remote: flag,
    time: z.number(),
  })
  .transform((row): NasJob => ({
    zvol: row.zvol,
    zpool: row.zpool,
    remoteHost: row.remotehost,
    remotePool: row.remotepool,
    way: row.is_sending ? 'to-container' : 'to-nas',
    last: row.is_delete_remote,
    since: row.time,
  }));

const lock = z
  .object({ zvol: text, reply_to: text, time: z.number() })
  .transform((row): Lock => ({ zvol: row.zvol, replyTo: row.reply_to, since: row.time }));

const schedule = z
  .object({ zvol: text, frequency: number, nextsync: number })
  .transform((row): Schedule => ({
    zvol: row.zvol,
    frequency: row.frequency,
    next: row.nextsync,
  }));

const containerRow = z
  .object({ zvol: text, zpool: textOrNull, nas: textOrNull, iscsi_target: textOrNull, sync: flag })
  .transform((row): ContainerRow => ({
    zvol: row.zvol,
    zpool: row.zpool,
    nas: row.nas,
    target: row.iscsi_target,
    sync: row.sync,
  }));

const mergeJob = z
  .object({
    zvol: text,
    iscsi_target: textOrNull,
    devsize: z.union([z.number(), z.string().transform(Number)]).nullish(),
    started: flag,
    time: z.number(),
  })
  .transform((row): MergeJob => ({
    zvol: row.zvol,
    target: row.iscsi_target,
    sectors: Number.isFinite(row.devsize) ? (row.devsize ?? null) : null,
    started: row.started,
    since: row.time,
  }));

const globalRow = z.object({ attr: text, value: textOrNull });

/** Reads a dump of the roll's database; rows of no known shape are unread. */
export function parseDatabase(dumped: string): Parsed<RollDatabase> {
  const dump = parseSqlDump(dumped);
  if (!dump.ok) return dump;
  const unread = [...dump.unread];
  const read = reader(dump.value, unread);
  const [, now] = /^now (\d+)/m.exec(dump.value.comments.join('\n')) ?? [];
  const has = (table: string, column: string): boolean =>
    dump.value.columns.get(table)?.includes(column) === true;
  const value: RollDatabase = {
    at: now === undefined ? null : Number(now),
    ...((has('zvols', 'remotehost') || has('zvol_calls', 'reply_to')) && {
      nas: {
        rows: has('zvols', 'remotehost') ? read('zvols', nasRow) : [],
        jobs: has('sync_queue', 'is_sending') ? read('sync_queue', nasJob) : [],
        locks: read('zvol_calls', lock),
        schedules: read('zvolattrs', schedule),
        globals: new Map(
          read('globals', globalRow).flatMap(({ attr, value: of }) =>
            of === null ? [] : [[attr, of]],
          ),
        ),
      },
    }),
    ...((has('zvols', 'nas') || has('sync_queue', 'started')) && {
      container: {
        rows: has('zvols', 'nas') ? read('zvols', containerRow) : [],
        merges: has('sync_queue', 'started') ? read('sync_queue', mergeJob) : [],
      },
    }),
  };
  return parsed(value, unread);
}

/** Reads the rows of a table by a schema; what does not fit is put with the unread. */
function reader(dump: SqlDump, unread: string[]) {
  return <T>(table: string, schema: z.ZodType<T>): readonly T[] =>
    (dump.tables.get(table) ?? []).flatMap((row) => {
      const result = schema.safeParse(row);
      if (result.success) return [result.data];
      unread.push(`${table}: ${rowText(row)}`);
      return [];
    });
}

function rowText(row: SqlRow): string {
  return Object.values(row)
    .map((value) => String(value))
    .join('|');
}
