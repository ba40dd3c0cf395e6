import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { lookAtDevice } from '../../../tools/device.js';
import { inUse } from '../../../tools/disk-gate.js';

const paramsSchema = z.strictObject({
  device: z.string().regex(/^\/dev\/[\w./:@+=,#-]+$/, 'no path of a device'),
  /** Of the file system that was looked at. */
  uuid: z.string().min(1),
  /** When it was checked last, as debugfs.ocfs2 says it; another time then: this step is done. */
  lastCheck: z.string(),
});

/** The parameters of `ocfs2.check`. */
export type CheckOcfs2 = z.infer<typeof paramsSchema>;

/** The time of the last check, from the superblock. */
export function lastCheckCommand(device: string): Command<'reads'> {
  return reads(['debugfs.ocfs2', '-R', 'stats', device], 20_000);
}

/** Reads `debugfs.ocfs2 -R stats`; undefined: it says no time. */
export function lastCheckOf(stdout: string): string | undefined {
  return /Last Check:\s*(\S.*?)\s*$/m.exec(stdout)?.[1];
}

/** Checks and mends a file system that nobody has mounted. What it mends cannot be taken back. */
export const checkOcfs2 = defineStep<CheckOcfs2>({
  id: 'ocfs2.check',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ device }) => [{ kind: 'overwrites', path: device }],
  tell: ({ device }) => ({ title: 'check and mend', on: device }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(fsck(params).argv)] }),
  check,
  commands: (params) => [fsck(params)],
  explain,
  undo: () => ({ kind: 'nothing' }),
});

async function check(
  host: Reader,
  { device: path, uuid, lastCheck }: CheckOcfs2,
): Promise<Verdict> {
  const look = await lookAtDevice(host, path);
  if (!look.ok) return { kind: 'refused', because: look.because };
  const { device, tree } = look;
  if (device.uuid !== uuid) {
    const because = `${path} holds another file system (UUID ${device.uuid || 'none'})`;
    return { kind: 'refused', because };
  }
  const outcome = await host.run(lastCheckCommand(path));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const last = lastCheckOf(outcome.stdout);
  if (last === undefined) return { kind: 'cannotTell', because: 'debugfs.ocfs2 cannot read it' };
  if (last !== lastCheck) return { kind: 'done' };
  const used = inUse(tree, device);
  return used === undefined ? { kind: 'notYet' } : { kind: 'refused', because: used };
}

/** fsck.ocfs2(8): 1 means that errors were mended; 4 and more that some are left, or it did not run. */
function explain(outcome: Outcome, { device }: CheckOcfs2): string | undefined {
  if (outcome.kind !== 'exited' || outcome.code < 4) return undefined;
  return outcome.code === 4
    ? `errors are left on ${device}: run fsck.ocfs2 by hand and read what it says`
    : undefined;
}

/** `-f` though it looks clean, `-y` without questions; 1, errors mended, is well. */
function fsck({ device }: CheckOcfs2): Command<'changes'> {
  const script = 'fsck.ocfs2 -fy "$1"; c=$?; [ "$c" -le 1 ] || exit "$c"';
  return { argv: ['sh', '-c', script, 'sh', device], effect: 'changes', deadline: 14_400_000 };
}
