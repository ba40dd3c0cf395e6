/** A value in SQLite. */
export type Value = string | number | null;

export type Row = Record<string, Value>;

/** A table whose first column is its key. */
export interface Table<R extends Row = Row> {
  /** As it was made: name and declaration of each column. */
  readonly columns: readonly (readonly [name: string, declared: string])[];
  readonly rows: R[];
}

/** `zvols` of a NAS. */
export interface NasRow extends Row {
  zvol: string;
  zpool: string | null;
  iscsi_target: string | null;
  remotehost: string | null;
  remotepool: string | null;
  sync: number;
}

/** `sync_queue` of a NAS. */
export interface NasJob extends Row {
  zvol: string;
  zpool: string;
  remotehost: string | null;
  remotepool: string | null;
  is_sending: number;
  is_delete_remote: number;
  time: number;
}

/** `zvol_calls`: who waits for the end of something that keeps an image busy. */
export interface Call extends Row {
  zvol: string;
  reply_to: string;
  time: number;
}

/** `zvolattrs`. */
export interface Attributes extends Row {
  zvol: string;
  frequency: number | null;
  nextsync: number | null;
  downloadspeed: number | null;
  uploadspeed: number | null;
}

/** `globals`. */
export interface Global extends Row {
  attr: string;
  value: string | null;
}

/** `zvols` of a container. */
export interface ContainerRow extends Row {
  zvol: string;
  zpool: string | null;
  nas: string | null;
  iscsi_target: string | null;
  sync: number;
}

/** `sync_queue` of a container. */
export interface ContainerJob extends Row {
  zvol: string;
  iscsi_target: string | null;
  devsize: number;
  reply_to: string | null;
  correlation_id: string | null;
  started: number;
  time: number;
}

/** The database of a NAS's daemon. */
export interface NasTables {
  readonly zvol_calls: Table<Call>;
  readonly zvols: Table<NasRow>;
  readonly zvolattrs: Table<Attributes>;
  readonly sync_queue: Table<NasJob>;
  readonly globals: Table<Global>;
}

/** The database of a container's daemon. */
export interface ContainerTables {
  readonly zvols: Table<ContainerRow>;
  readonly sync_queue: Table<ContainerJob>;
}

const KEY = 'TEXT PRIMARY KEY NOT NULL';

/** The tables of a NAS, empty, as its daemon makes them. */
export function nasTables(): NasTables {
  return {
    zvol_calls: {
      columns: [
        ['zvol', KEY],
        ['reply_to', 'TEXT NOT NULL'],
        ['time', 'INT NOT NULL'],
      ],
      rows: [],
    },
    zvols: {
      columns: [
        ['zvol', KEY],
        ['zpool', 'TEXT'],
        ['iscsi_target', 'TEXT UNIQUE'],
        ['remotehost', 'TEXT'],
        ['remotepool', 'TEXT'],
        ['sync', 'BOOLEAN'],
      ],
      rows: [],
    },
    zvolattrs: {
      columns: [
        ['zvol', KEY],
        ['frequency', 'INT DEFAULT NULL'],
        ['nextsync', 'INT DEFAULT NULL'],
        ['downloadspeed', 'INT DEFAULT NULL'],
        ['uploadspeed', 'INT DEFAULT NULL'],
      ],
      rows: [],
    },
    sync_queue: {
      columns: [
        ['zvol', KEY],
        ['zpool', 'TEXT NOT NULL'],
        ['remotehost', 'TEXT'],
        ['remotepool', 'TEXT'],
        ['is_sending', 'BOOLEAN'],
        ['is_delete_remote', 'BOOLEAN'],
        ['time', 'INT'],
      ],
      rows: [],
    },
    globals: {
      columns: [
        ['attr', KEY],
        ['value', 'TEXT'],
      ],
      rows: [],
    },
  };
}

/** The tables of a container, empty, as its daemon makes them. */
export function containerTables(): ContainerTables {
  return {
    zvols: {
      columns: [
        ['zvol', KEY],
        ['zpool', 'TEXT'],
        ['nas', 'TEXT'],
        ['iscsi_target', 'TEXT UNIQUE'],
        ['sync', 'BOOLEAN'],
      ],
      rows: [],
    },
    sync_queue: {
      columns: [
        ['zvol', KEY],
        ['iscsi_target', 'TEXT UNIQUE'],
        ['devsize', 'INT'],
        ['reply_to', 'TEXT'],
        ['correlation_id', 'TEXT'],
        ['started', 'BOOLEAN default 0'],
        ['time', 'INT'],
      ],
      rows: [],
    },
  };
}

/** The row of that key. */
export function rowOf<R extends Row>({ rows, columns }: Table<R>, key: string): R | undefined {
  const name = columns[0]?.[0] ?? '';
  return rows.find((row) => row[name] === key);
}

/** INSERT OR REPLACE: a replaced row goes to the end, as its rowid does. */
export function put<R extends Row>(table: Table<R>, row: R): void {
  const name = table.columns[0]?.[0] ?? '';
  drop(table, String(row[name]));
  table.rows.push(row);
}

/** Deletes the row of that key, if it is there. */
export function drop<R extends Row>(table: Table<R>, key: string): void {
  const row = rowOf(table, key);
  if (row) table.rows.splice(table.rows.indexOf(row), 1);
}
