import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { listed } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import { checkMaking, stays } from '../../../steps/make-file-system.js';
import { clusterStatusCommand } from '../read/cluster-status.js';

const paramsSchema = z.strictObject({
  device: z.string().regex(/^\/dev\/[\w./:@+=,#-]+$/, 'no path of a device'),
  /** Given to the new file system, so that it can be told from any other. */
  uuid: z.uuid(),
  label: z.string().regex(/^[A-Za-z0-9_.-]{1,63}$/),
  slots: z.number().int().min(1).max(255),
  use: z.enum(['any', 'mail', 'datafiles', 'vmstore']),
  features: z.enum(['default', 'max-features', 'max-compat']),
  /** The cluster, which must be online: mkfs asks it whether another node uses the device. */
  cluster: z.string().regex(/^[A-Za-z0-9]{1,16}$/),
  sizeBytes: z.number().positive(),
  /** The signatures whose loss was accepted by name; empty: the device was blank. */
  accepted: z.array(z.string()),
});

/** The parameters of `ocfs2.make-file-system`. */
export type MakeOcfs2 = z.infer<typeof paramsSchema>;

/**
 * Makes an OCFS2 file system on one node. `-x` answers the question that mkfs.ocfs2 asks over an older
 * one; `-F` is never given, since it leaves out the look at the cluster and writes over what is mounted
 * (seen with ocfs2-tools 1.8.7). What another node does with the device its own step has seen.
 */
export const makeOcfs2 = defineStep<MakeOcfs2>({
  id: 'ocfs2.make-file-system',
  params: paramsSchema,
  effect: () => 'destroys',
  touches: ({ device }) => [{ kind: 'overwrites', path: device }],
  tell: ({ device, accepted, sizeBytes, slots, label }) => ({
    title: 'make ocfs2',
    on: `${device}  ${bytes(sizeBytes)}, ${slots} slots, called ${label}`,
    ...(accepted.length > 0 && { loses: `${listed(accepted)} on ${device}` }),
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(mkfs(params).argv)] }),
  check,
  commands: (params) => [mkfs(params)],
  explain,
  undo: stays,
});

async function check(host: Reader, params: MakeOcfs2): Promise<Verdict> {
  const making = { ...params, type: 'ocfs2' };
  const verdict = await checkMaking(host, making, {
    other: ({ sizeBytes }) =>
      sizeBytes === params.sizeBytes
        ? undefined
        : `it is of another size than reviewed: ${bytes(sizeBytes)} (${sizeBytes}), it was ${params.sizeBytes}`,
    isFinished: () => isFinished(host, params.device),
  });
  return verdict.kind === 'notYet' ? isOnline(host, params) : verdict;
}

/** mkfs.ocfs2 writes the superblock in the middle and lost+found last: that is there where it ended. */
async function isFinished(host: Reader, device: string): Promise<boolean> {
  const outcome = await host.run(
    reads(['debugfs.ocfs2', '-R', 'stat /lost+found', device], 20_000),
  );
  return outcome.kind === 'exited' && /Type:\s*Directory/i.test(outcome.stdout);
}

async function isOnline(host: Reader, { cluster }: MakeOcfs2): Promise<Verdict> {
  const outcome = await host.run(clusterStatusCommand(cluster));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  return outcome.code === 0
    ? { kind: 'notYet' }
    : {
        kind: 'refused',
        because: `the cluster ${cluster} is not online, so nobody would tell whether another node uses it`,
      };
}

/** The words of mkfs.ocfs2 1.8.7. */
function explain(outcome: Outcome, { device, cluster }: MakeOcfs2): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  const { stderr } = outcome;
  if (stderr.includes('Read-only file system')) {
    return `${device} cannot be written on this node: a DRBD device must be Primary`;
  }
  if (stderr.includes('Unable to access cluster service')) {
    return `the cluster ${cluster} does not answer; nothing was written`;
  }
  return /mounted on another node|is mounted/.test(stderr)
    ? `${device} is mounted by a node of the cluster; nothing was written`
    : undefined;
}

function mkfs(params: MakeOcfs2): Command<'destroys'> {
  const { device, uuid, label, slots, use, features } = params;
  const argv = [
    ...['mkfs.ocfs2', '-x', '-U', uuid, '-L', label, '-N', `${slots}`],
    ...(use === 'any' ? [] : ['-T', use]),
    ...(features === 'default' ? [] : [`--fs-feature-level=${features}`]),
    device,
  ];
  return { argv, effect: 'destroys', deadline: 3_600_000 };
}
