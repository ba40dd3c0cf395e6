import { failed, printed, type Ran } from '../../program.js';
import type { NodeCall } from './node-call.js';

/** Whom `zfs allow` knows on these hosts; it asks the host's own list of users. */
const USERS = /^(?:root|daemon|sshd|img-storage)$/;

/** `zfs allow POOL`, and `zfs allow [-u] USER PERMISSIONS POOL`; faults as OpenZFS 2.1 tells them. */
export function allow({ args, node }: NodeCall): Ran {
  const words = args.filter((arg) => arg !== '-u');
  const name = words.at(-1) ?? '';
  const pool = node.pools.find((one) => one.name === name);
  if (!pool) {
    return failed(
      255,
      `cannot open '${name}': dataset does not exist\nFailed to open dataset: ${name}\n`,
    );
  }
  const [user, permissions] = words;
  if (words.length === 3 && user !== undefined && permissions !== undefined) {
    if (!USERS.test(user)) {
      const stderr = `Usage: \tallow <filesystem|volume>\n\nzfs: error: invalid user/group ${user}\n`;
      return { stdout: '', stderr, exit: 0 };
    }
    const before = pool.allowed.get(user) ?? new Set<string>();
    pool.allowed.set(user, new Set([...before, ...permissions.split(',')]));
    return printed('');
  }
  if (pool.allowed.size === 0) return printed('');
  const head = `---- Permissions on ${name} `.padEnd(70, '-');
  const users = [...pool.allowed].map(
    ([who, what]) => `\tuser ${who} ${[...what].sort().join(',')}\n`,
  );
  return printed(`${head}\nLocal+Descendent permissions:\n${users.join('')}`);
}
