import { z } from 'zod';
import { reads, type Command, type Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { linesOf } from '../../core/text.js';
import { lookAtDevice } from '../../tools/device.js';
import { inUse } from '../../tools/disk-gate.js';
import { logInCommand } from './log-in.js';
import { iscsiName, portal } from './names.js';
import { lookAtSessions } from './sessions.js';

const paramsSchema = z.strictObject({ target: iscsiName, portal });

/** The parameters of `iscsi.log-out`. */
export type LogOut = z.infer<typeof paramsSchema>;

/**
 * $1 the target, $2 the portal. `iscsiadm` ends with 21 both where there is no session any more and
 * where its record is gone: then the session is found by its number, and only after it the record.
 */
const LOG_OUT = [
  'iscsiadm -m node -T "$1" -p "$2" -u; c=$?',
  'if [ $c -ne 0 ]; then [ $c -eq 21 ] || exit $c',
  's=$(iscsiadm -m session 2>/dev/null | awk -v t="$1" -v p="$2" \'{ split($3, a, ","); if (a[1] == p && $4 == t) { gsub(/[^0-9]/, "", $2); print $2 } }\')',
  'if [ -n "$s" ]; then iscsiadm -m session -r "$s" -u || exit; fi; fi',
  'iscsiadm -m node -T "$1" -p "$2" -o delete; c=$?; [ $c -eq 0 ] || [ $c -eq 21 ]',
].join('\n');

/** Ends a host's session with a target and forgets its record, so that it is not made again at boot. */
export const logOut = defineStep<LogOut>({
  id: 'iscsi.log-out',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ target, portal: at }) => ({
    title: 'log out and forget the target',
    on: `${target} at ${at}`,
  }),
  preview: ({ target, portal: at }) => ({
    kind: 'commands',
    lines: [
      quoteAll(['iscsiadm', '-m', 'node', '-T', target, '-p', at, '-u']),
      quoteAll(['iscsiadm', '-m', 'node', '-T', target, '-p', at, '-o', 'delete']),
    ],
  }),
  check,
  commands: (params) => [script(LOG_OUT, params)],
  undo: (params) => ({
    kind: 'commands',
    says: `find ${params.target} at ${params.portal} again and log in`,
    commands: [logInCommand(params)],
  }),
});

/** A portal that does not answer is waited for: a session that is being made again takes its time. */
function script(text: string, { target, portal: at }: LogOut): Command<'changes'> {
  return { argv: ['sh', '-c', text, 'sh', target, at], effect: 'changes', deadline: 150_000 };
}

async function check(host: Reader, params: LogOut): Promise<Verdict> {
  const { target, portal: at } = params;
  const [look, records] = await Promise.all([
    lookAtSessions(host, params),
    host.run(reads(['iscsiadm', '-m', 'node'])),
  ]);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  if (records.kind !== 'exited') return { kind: 'cannotTell', because: records.reason };
  const own = look.sessions;
  for (const { device } of own.flatMap(({ disks }) => disks)) {
    const used = await usedBy(host, device);
    if (used !== undefined) return { kind: 'refused', because: `its disk ${device}: ${used}` };
  }
  const recorded = linesOf(records.stdout).some((line) => {
    const [where = '', name] = line.trim().split(' ');
    return name === target && where.startsWith(`${at},`);
  });
  return { kind: own.length === 0 && !recorded ? 'done' : 'notYet' };
}

/** A disk that went meanwhile holds nobody. */
async function usedBy(host: Reader, device: string): Promise<string | undefined> {
  if (!/^[A-Za-z0-9]+$/.test(device)) return 'its name is none of a disk';
  const look = await lookAtDevice(host, `/dev/${device}`);
  if (look.ok) return inUse(look.tree, look.device);
  return look.because.includes('is not a block device') ? undefined : look.because;
}
