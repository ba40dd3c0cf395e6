import { reads, type Command, type Reader } from '../../core/host.js';
import { linesOf } from '../../core/text.js';
import { parseTargets, type IscsiTarget } from '../../tools/tgt-targets.js';

export type { IscsiTarget };

/** What `tgtadm` exits with where no tgtd runs (captured); its targets live in it and are gone then. */
const NO_TGTD = 107;

/** What tgtd says of a target; undefined within: it has none of that name. */
export type TargetLook =
  | {
      readonly ok: true;
      readonly target: IscsiTarget | undefined;
      /** Whether tgtd runs at all. */
      readonly runs: boolean;
    }
  | { readonly ok: false; readonly because: string };

/** Looks at one target of tgt by its name. Never rejects. */
export async function lookAtTarget(host: Reader, name: string): Promise<TargetLook> {
  const argv = ['tgtadm', '--lld', 'iscsi', '--mode', 'target', '--op', 'show'];
  const outcome = await host.run(reads(argv));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  if (outcome.code === NO_TGTD) return { ok: true, target: undefined, runs: false };
  const read = parseTargets(outcome.stdout);
  if (outcome.code !== 0 || !read.ok) {
    const said = linesOf(outcome.stderr)[0] ?? `exit code ${outcome.code}`;
    return { ok: false, because: `tgtadm does not tell its targets: ${said}` };
  }
  return { ok: true, target: read.value.find((one) => one.name === name), runs: true };
}

/** A target as it is made. */
export interface TargetToMake {
  readonly target: string;
  /** What its disk stands on; null: it has none. */
  readonly backing: string | null;
  /** Who may log in. */
  readonly acl: readonly string[];
}

/**
 * $1 the target, $2 what its disk stands on or nothing, then who may log in. One that was half made is
 * made whole: what is there already is not made again.
 */
const MAKE = [
  't=$1 b=$2; shift 2',
  'show() { tgtadm --lld iscsi --mode target --op show; }',
  's=$(show) || exit',
  'n=$(printf "%s\\n" "$s" | awk -v t="$t" \'$1 == "Target" && $3 == t { sub(":", "", $2); print $2 }\')',
  'if [ -z "$n" ]; then n=$(printf "%s\\n" "$s" | awk \'$1 == "Target" { sub(":", "", $2); if ($2 + 0 > m) m = $2 + 0 } END { print m + 1 }\')',
  'tgtadm --lld iscsi --mode target --op new --tid "$n" --targetname "$t" || exit; fi',
  'own=$(show | awk -v t="$t" \'$1 == "Target" { f = ($3 == t) } f\')',
  'if [ -n "$b" ] && ! printf "%s\\n" "$own" | grep -q "LUN: 1$"; then tgtadm --lld iscsi --mode logicalunit --op new --tid "$n" --lun 1 --backing-store "$b" || exit; fi',
  'for a do printf "%s\\n" "$own" | grep -Eq "^ +$a$" || tgtadm --lld iscsi --mode target --op bind --tid "$n" --initiator-address "$a" || exit; done',
].join('\n');

/** Makes a target of tgt under the next free number. */
export function makeTargetCommand({ target, backing, acl }: TargetToMake): Command<'changes'> {
  const argv = ['sh', '-c', MAKE, 'sh', target, backing ?? '', ...acl];
  return { argv, effect: 'changes', deadline: 60_000 };
}
