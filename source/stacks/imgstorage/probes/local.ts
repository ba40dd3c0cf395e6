import { reads, type Command } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import type { Probe } from '../../../core/probe.js';
import { ask } from '../../../core/tool.js';
import { parseLocal, type LocalFacts, type Role } from '../read/local.js';
import { CONFIG } from '../roll.js';
import { ROLE_TESTS } from './role.js';

/** The services of each role; the frontend's queue is asked by itself. */
export const SERVICES: Readonly<Record<Role, readonly string[]>> = {
  frontend: [],
  nas: ['img-storage-nas', 'tgtd'],
  container: ['img-storage-vm', 'iscsid'],
};

const roles: readonly Role[] = ['frontend', 'nas', 'container'];

/** `service NAME status` is there with SysV's scripts and with systemd. */
const SCRIPT = [
  's() { service "$1" status >/dev/null 2>&1; echo "service $1 $?"; }',
  ...roles.map((role) => {
    const services = SERVICES[role].map((name) => `; s ${name}`).join('');
    return `if test ${quoteAll(ROLE_TESTS[role])}; then echo "role ${role}"${services}; fi`;
  }),
  `sed 's/^/config /' ${CONFIG} 2>/dev/null`,
  'true',
].join('\n');

/** Asks a host what it is, and whether its daemons run. */
export function localCommand(): Command<'reads'> {
  return reads(['sh', '-c', SCRIPT]);
}

/** What a host is for the roll, how its daemons are set up, and whether they run. */
export const localProbe: Probe<LocalFacts> = {
  id: 'imgstorage.local',
  title: 'img-storage on this host',
  every: 10_000,
  scope: 'host',
  read: async (host) => {
    const answer = await ask(host, {
      command: localCommand,
      parse: parseLocal,
    });
    if (answer.kind !== 'value' || answer.value.roles.size > 0) return answer;
    return { kind: 'absent', because: 'neither frontend, NAS nor container of img-storage' };
  },
};
