import { failed, printed, type Ran } from '../../program.js';
import type { NodeCall } from './zfs.js';

/** `zfs allow POOL`, and `zfs allow [-u] USER PERMISSIONS POOL`. */
export function allow({ args, node }: NodeCall): Ran {
  const words = args.filter((arg) => arg !== '-u');
  const name = words.at(-1) ?? '';
  const pool = node.pools.find((one) => one.name === name);
  if (!pool) return failed(1, `cannot open '${name}': dataset does not exist\n`);
  const [user, permissions] = words;
  if (words.length === 3 && user !== undefined && permissions !== undefined) {
    const before = pool.allowed.get(user) ?? new Set<string>();
    pool.allowed.set(user, new Set([...before, ...permissions.split(',')]));
    return printed('');
  }
  if (pool.allowed.size === 0) return printed('');
  const head = `---- Permissions on ${name} `.padEnd(71, '-');
  const users = [...pool.allowed].map(
    ([who, what]) => `\tuser ${who} ${[...what].sort().join(',')}\n`,
  );
  return printed(`${head}\nLocal+Descendent permissions:\n${users.join('')}`);
}
