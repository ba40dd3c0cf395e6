import { z } from 'zod';
import { reads, type Command, type Reader } from '../../core/host.js';
import { quoteAll } from '../../core/quote.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { linesOf, listed } from '../../core/text.js';
import { parseTargets, type IscsiTarget } from '../../tools/tgt-targets.js';
import { iscsiName } from './names.js';

/** What `tgtadm` exits with where no tgtd runs (captured); its targets live in it and are gone then. */
const NO_TGTD = 107;

const SHOW = ['tgtadm', '--lld', 'iscsi', '--mode', 'target', '--op', 'show'];

const address = z.string().regex(/^(?:[0-9A-Fa-f.:]+(?:\/\d+)?|ALL)$/, 'no address');

const paramsSchema = z.strictObject({
  target: iscsiName,
  /** What its disk stands on, as it was reviewed; null: it has none. */
  backing: z
    .string()
    .regex(/^\/dev\/[\w./:@+=,-]+$/)
    .nullable(),
  /** Who may log in to it, for undo. */
  acl: z.array(address),
  /**
   * Addresses of initiators that are thrown out with it: whoever uses the disk there loses it while in
   * use, so that each was typed. Empty: nobody may be logged in.
   */
  throwsOut: z.array(address).default([]),
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

/** $1 the target, $2 what its disk stands on or nothing, then who may log in. */
const MAKE = [
  't=$1 b=$2; shift 2',
  's=$(tgtadm --lld iscsi --mode target --op show) || exit',
  'if printf "%s\\n" "$s" | awk -v t="$t" \'$1 == "Target" && $3 == t { f = 1 } END { exit !f }\'; then exit 0; fi',
  'n=$(printf "%s\\n" "$s" | awk \'$1 == "Target" { sub(":", "", $2); if ($2 + 0 > m) m = $2 + 0 } END { print m + 1 }\')',
  'tgtadm --lld iscsi --mode target --op new --tid "$n" --targetname "$t" || exit',
  'if [ -n "$b" ]; then tgtadm --lld iscsi --mode logicalunit --op new --tid "$n" --lun 1 --backing-store "$b" || exit; fi',
  'for a do tgtadm --lld iscsi --mode target --op bind --tid "$n" --initiator-address "$a" || exit; done',
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
    commands: [
      {
        argv: ['sh', '-c', MAKE, 'sh', target, backing ?? '', ...acl],
        effect: 'changes',
        deadline: 60_000,
      },
    ],
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
  const outcome = await host.run(reads(SHOW));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  if (outcome.code === NO_TGTD) {
    return { kind: 'done', says: 'tgtd does not run, and its targets are gone with it' };
  }
  const read = parseTargets(outcome.stdout);
  if (outcome.code !== 0 || !read.ok) {
    const said = linesOf(outcome.stderr)[0] ?? `exit code ${outcome.code}`;
    return { kind: 'cannotTell', because: `tgtadm does not tell its targets: ${said}` };
  }
  const found = read.value.find(({ name }) => name === params.target);
  return found ? mayGo(found, params) : { kind: 'done' };
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
