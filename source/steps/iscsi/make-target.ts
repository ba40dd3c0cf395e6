import { z } from 'zod';
import type { Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { listed } from '../../core/text.js';
import { aclAddress, backingDevice, iscsiName } from './names.js';
import { lookAtTarget, makeTargetCommand } from './target.js';

const paramsSchema = z.strictObject({
  target: iscsiName,
  backing: backingDevice,
  /** Who may log in: without anybody tgt lets nobody in. */
  acl: z.array(aclAddress).min(1),
});

/** The parameters of `iscsi.make-target`. */
export type MakeTarget = z.infer<typeof paramsSchema>;

/** Hands a volume out over iSCSI by tgt, to named addresses alone, until the host restarts. */
export const makeTarget = defineStep<MakeTarget>({
  id: 'iscsi.make-target',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ backing }) => [{ kind: 'uses', path: backing }],
  tell: ({ target, backing, acl }) => ({
    title: `hand ${backing} out over iSCSI, to ${listed(acl)}`,
    on: target,
  }),
  preview: ({ target, backing, acl }) => ({
    kind: 'commands',
    lines: [
      `--mode target --op new --tid NEXT --targetname ${target}`,
      `--mode logicalunit --op new --tid NEXT --lun 1 --backing-store ${backing}`,
      ...acl.map((one) => `--mode target --op bind --tid NEXT --initiator-address ${one}`),
    ].map((words) => `tgtadm --lld iscsi ${words}`),
  }),
  check,
  commands: (params) => [makeTargetCommand(params)],
  undo: ({ target }) => ({
    kind: 'commands',
    says: `remove the target ${target}, unless somebody is logged in`,
    commands: [
      {
        argv: ['sh', '-c', REMOVE_IDLE, 'sh', target],
        effect: 'changes',
        deadline: 60_000,
      },
    ],
  }),
});

/** $1 the target. Without `--force` tgt refuses one that is in use. */
const REMOVE_IDLE = [
  'n=$(tgtadm --lld iscsi --mode target --op show | awk -v t="$1" \'$1 == "Target" && $3 == t { sub(":", "", $2); print $2 }\')',
  '[ -z "$n" ] || exec tgtadm --lld iscsi --mode target --op delete --tid "$n"',
].join('\n');

async function check(host: Reader, { target, backing, acl }: MakeTarget): Promise<Verdict> {
  const look = await lookAtTarget(host, target);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  if (!look.runs) {
    const how = quoteAll(['service', 'tgtd', 'start']);
    return { kind: 'refused', because: `tgtd does not run: \`${how}\` first` };
  }
  const found = look.target;
  if (!found || (found.stores.length === 0 && found.initiators.length === 0)) {
    return { kind: 'notYet' };
  }
  if (found.stores.join() !== backing) {
    return { kind: 'refused', because: `${target} is there and hands out ${listed(found.stores)}` };
  }
  const strange = found.allowed.find((one) => !acl.includes(one));
  if (strange !== undefined) {
    return { kind: 'refused', because: `${target} is there and lets ${strange} in as well` };
  }
  return { kind: acl.every((one) => found.allowed.includes(one)) ? 'done' : 'notYet' };
}
