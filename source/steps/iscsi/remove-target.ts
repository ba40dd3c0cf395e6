import { z } from 'zod';
import type { Command, Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { listed } from '../../core/text.js';
import { aclAddress, backingDevice, iscsiName } from './names.js';
import { lookAtTarget, makeTargetCommand, type IscsiTarget } from './target.js';

const paramsSchema = z.strictObject({
  target: iscsiName,
  /** What its disk stands on, as it was reviewed; null: it has none. */
  backing: backingDevice.nullable(),
  /** Who may log in to it, for undo. */
  acl: z.array(aclAddress),
  /**
   * Addresses of initiators that are thrown out with it: whoever uses the disk there loses it while in
   * use, so that each was typed. Empty: nobody may be logged in.
   */
  throwsOut: z.array(aclAddress).default([]),
});

/** The parameters of `iscsi.remove-target`. */
export type RemoveTarget = z.infer<typeof paramsSchema>;

/**
 * $1 the target, then the words that force it. Its number is looked up as it is removed: numbers are
 * given anew whenever tgtd starts.
 */
const REMOVE = [
  't=$1; shift',
  'n=$(tgtadm --lld iscsi --mode target --op show | awk -v t="$t" \'$1 == "Target" && $3 == t { sub(":", "", $2); print $2 }\')',
  '[ -n "$n" ] || { echo "there is no target $t" >&2; exit 22; }',
  'exec tgtadm --lld iscsi --mode target --op delete --tid "$n" "$@"',
].join('\n');

/** Removes a target of tgt to which nobody is logged in. What its disk stands on stays as it is. */
export const removeTarget = defineStep<RemoveTarget>({
  id: 'iscsi.remove-target',
  params: paramsSchema,
  effect: ({ throwsOut }) => (throwsOut.length > 0 ? 'destroys' : 'changes'),
  touches: () => [],
  tell: ({ target, throwsOut }) => ({
    title: 'remove the iSCSI target; its volume stays',
    on: target,
    ...(throwsOut.length > 0 && {
      loses: `what ${listed(throwsOut)} had not written to it yet; whoever uses the disk there gets errors`,
    }),
  }),
  preview: (params) => ({ kind: 'commands', lines: [preview(params)] }),
  check,
  commands: (params) => [remove(params)],
  explain: (outcome, { target }) =>
    outcome.kind === 'exited' && /active|in use/i.test(outcome.stderr)
      ? `somebody logged in to ${target} just now: \`tgtadm --lld iscsi --mode target --op show\` shows who`
      : undefined,
  undo: ({ target, backing, acl }) => ({
    kind: 'commands',
    says: `make the target ${target} again, of ${backing ?? 'nothing'}, for ${listed(acl)}`,
    commands: [makeTargetCommand({ target, backing, acl })],
  }),
});

function force({ throwsOut }: RemoveTarget): readonly string[] {
  return throwsOut.length > 0 ? ['--force'] : [];
}

function preview(params: RemoveTarget): string {
  const words = ['tgtadm', '--lld', 'iscsi', '--mode', 'target', '--op', 'delete', '--tid'];
  return `${quoteAll(words)} (of ${params.target})${force(params).length > 0 ? ' --force' : ''}`;
}

function remove(params: RemoveTarget): Command {
  const argv = ['sh', '-c', REMOVE, 'sh', params.target, ...force(params)];
  const effect = params.throwsOut.length > 0 ? 'destroys' : 'changes';
  return { argv, effect, deadline: 60_000 };
}

async function check(host: Reader, params: RemoveTarget): Promise<Verdict> {
  const look = await lookAtTarget(host, params.target);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  if (look.target) return mayGo(look.target, params);
  const says = 'tgtd does not run, and its targets are gone with it';
  return look.runs ? { kind: 'done' } : { kind: 'done', says };
}

function mayGo(
  { initiators, stores }: IscsiTarget,
  { target, backing, throwsOut }: RemoveTarget,
): Verdict {
  const disk = stores.length > 0 ? listed(stores) : null;
  if (disk !== backing) {
    const because = `${target} stands on ${disk ?? 'nothing'} by now, not on ${backing ?? 'nothing'} as reviewed`;
    return { kind: 'refused', because };
  }
  const strange = initiators.find(
    ({ addresses }) => addresses.length === 0 || addresses.some((one) => !throwsOut.includes(one)),
  );
  if (!strange) return { kind: 'notYet' };
  const who = `${strange.name} (${listed(strange.addresses)})`;
  return { kind: 'refused', because: `${who} is logged in to ${target}: it must log out first` };
}
