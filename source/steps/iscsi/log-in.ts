import { z } from 'zod';
import { reads, type Command, type Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { standing } from '../../tools/iscsi-session.js';
import { iscsiName, portal } from './names.js';
import { lookAtSessions } from './sessions.js';

const paramsSchema = z.strictObject({ target: iscsiName, portal });

/** The parameters of `iscsi.log-in`. */
export type LogIn = z.infer<typeof paramsSchema>;

/** $1 the target, $2 the portal. A session that is there already (15) is as good. */
const LOG_IN =
  'iscsiadm -m discovery -t sendtargets -p "$2" >/dev/null && iscsiadm -m node -T "$1" -p "$2" -l; c=$?; [ $c -eq 0 ] || [ $c -eq 15 ]';

/** Finds a target at a portal and logs in to it. */
export function logInCommand({ target, portal: at }: LogIn): Command<'changes'> {
  const argv = ['sh', '-c', LOG_IN, 'sh', target, at];
  return { argv, effect: 'changes', deadline: 150_000 };
}

/** Where udev puts the disk of a session: the same name whatever letter it gets. */
export function iscsiDiskPath({ target, portal: at }: LogIn, lun = 1): string {
  return `/dev/disk/by-path/ip-${at}-iscsi-${target}-lun-${lun}`;
}

/** Logs in to a target, and waits until its disk is there. */
export const logIn = defineStep<LogIn>({
  id: 'iscsi.log-in',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ target, portal: at }) => ({ title: 'log in', on: `${target} at ${at}` }),
  preview: ({ target, portal: at }) => ({
    kind: 'commands',
    lines: [
      quoteAll(['iscsiadm', '-m', 'discovery', '-t', 'sendtargets', '-p', at]),
      quoteAll(['iscsiadm', '-m', 'node', '-T', target, '-p', at, '-l']),
    ],
  }),
  check,
  commands: (params) => [logInCommand(params)],
  // The kernel brings the disk some moments after the login.
  wait: {
    every: 1000,
    atMost: 60_000,
    progress: () => Promise.resolve({ says: 'waiting for its disk' }),
  },
  undo: ({ target, portal: at }) => ({
    kind: 'commands',
    says: `log out of ${target} again`,
    commands: [
      {
        argv: ['iscsiadm', '-m', 'node', '-T', target, '-p', at, '-u'],
        effect: 'changes',
        deadline: 150_000,
      },
    ],
  }),
});

async function check(host: Reader, params: LogIn): Promise<Verdict> {
  const [look, disk] = await Promise.all([
    lookAtSessions(host, params),
    host.run(reads(['test', '-b', iscsiDiskPath(params)])),
  ]);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  if (disk.kind !== 'exited') return { kind: 'cannotTell', because: disk.reason };
  const up = look.sessions.some((one) => standing(one) === 'up');
  return { kind: up && disk.code === 0 ? 'done' : 'notYet' };
}
