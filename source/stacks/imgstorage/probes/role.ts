import type { Reader } from '../../../core/host.js';
import { reads, type Command } from '../../../core/host.js';
import type { Answer } from '../../../core/probe.js';
import type { Role } from '../read/local.js';
import { ROCKS } from '../roll.js';

/**
 * What shows each role. Every node of a Rocks cluster has `rocks`, only the frontend RabbitMQ; the
 * daemons of NAS and container come with their packages, and the roll itself looks for them so.
 */
export const ROLE_TESTS: Readonly<Record<Role, readonly string[]>> = {
  frontend: ['-x', ROCKS, '-a', '-e', '/usr/sbin/rabbitmqctl'],
  nas: ['-e', '/etc/init.d/img-storage-nas', '-o', '-e', '/opt/rocks/bin/img-storage-nas'],
  container: ['-e', '/etc/init.d/img-storage-vm', '-o', '-e', '/opt/rocks/bin/img-storage-vm'],
};

const WORDS: Readonly<Record<Role, string>> = {
  frontend: 'no Rocks frontend',
  nas: 'no NAS of img-storage',
  container: 'no VM container of img-storage',
};

/** Whether a host has one of these roles. */
export function roleCommand(...roles: readonly Role[]): Command<'reads'> {
  const tests = roles.flatMap((role, index) => [
    ...(index > 0 ? ['-o'] : []),
    ...['(', ...ROLE_TESTS[role], ')'],
  ]);
  return reads(['test', ...tests]);
}

/**
 * What a host says, where it has one of these roles. The question for the role travels with the others;
 * on any other host their answers are not heard, since a tool may be there for something else.
 */
export async function whereRole<T>(
  host: Reader,
  roles: readonly Role[],
  answer: Promise<Answer<T>>,
): Promise<Answer<T>> {
  const [role, said] = await Promise.all([host.run(roleCommand(...roles)), answer]);
  if (role.kind !== 'exited' || role.code !== 1) return said;
  return { kind: 'absent', because: `this is ${roles.map((one) => WORDS[one]).join(' and ')}` };
}
