import { isAlive } from '../../fleet/state.js';
import { poolOn } from '../../fleet/xapi.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { CHANGES } from './changes.js';
import { printMinimal, printRecord, textOf, type Field } from './records.js';
import { TABLES } from './tables.js';

/** HOST_HAS_NO_MASTER in xapi's words. */
const LOST = 'The host failed to contact its master; the pool may be without one.\n';

/** The client finds nobody on this host to talk to. */
const AWAY = 'Error: Connection refused (calling connect )\n';

/** Words of a list that are no conditions. */
const OPTIONS = new Set(['params', 'database']);

/**
 * Simulates xe. Any member answers for the whole pool, as xapi hands everything on to the master;
 * without the master nobody answers.
 */
export function xe(call: Call): Ran | Promise<Ran> {
  const { args, fleet, machine } = call;
  const [command = '', ...rest] = args;
  const pool = poolOn(fleet, machine.name);
  if (pool && machine.services.get('xapi') !== true) return failed(1, AWAY);
  const master = pool?.hosts.find(({ uuid }) => uuid === pool.master);
  if (!pool || !master || !isAlive(fleet, master.machine)) {
    return failed(1, LOST);
  }
  const given = new Map(rest.filter((arg) => arg.includes('=')).map(split));
  const change = CHANGES[command];
  if (change) return change({ ...call, pool, given });
  const table = TABLES[command];
  if (!table) return failed(1, `Unknown command: ${command}\n`);
  const conditions = [...given].filter(([key]) => !OPTIONS.has(key));
  const records = table
    .records(fleet, pool)
    .filter((record) => conditions.every(([key, value]) => holds(record, key, value)));
  const wanted = given.get('params')?.split(',') ?? table.shown;
  const all = wanted.includes('all');
  const shown = records.map((record) => record.filter(({ name }) => all || wanted.includes(name)));
  if (rest.includes('--minimal')) return printed(printMinimal(shown));
  return printed(shown.map(printRecord).join(''));
}

function holds(record: readonly Field[], key: string, value: string): boolean {
  const [name, inner] = key.split(':');
  const field = record.find((one) => one.name === name);
  if (!field) return false;
  if (inner === undefined || typeof field.value === 'string') return textOf(field) === value;
  return field.value.get(inner) === value;
}

function split(arg: string): [string, string] {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}
