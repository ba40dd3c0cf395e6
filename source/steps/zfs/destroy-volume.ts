import { z } from 'zod';
import type { Command, Outcome, Reader } from '../../core/host.js';
import { defineStep, type Verdict } from '../../core/step.js';
import { count } from '../../core/text.js';
import { bonds } from './bonds.js';
import { guid, snapshotName, volumeName, zvolPath } from './names.js';
import { lookAtVolume, snapshotOf, UNUSED, whoUses } from './volume.js';

const paramsSchema = z.strictObject({
  volume: volumeName,
  /** Its own number: a volume that was made anew under the same name is another. */
  guid,
  /** All its snapshots, which go with it, as the review shows them; there may be fewer by then, never more. */
  snapshots: z.array(snapshotName),
  /** What is lost with it, as the review says it. */
  loses: z.string().min(1),
});

/** The parameters of `zfs.destroy-volume`. */
export type DestroyVolume = z.infer<typeof paramsSchema>;

/**
 * $1 the volume, $2 its guid, then its snapshots by full names. Looks once more right before it, and
 * never uses `-r`: what was not shown makes ZFS itself refuse. Its snapshots go before it is known whether
 * ZFS lets the volume go, so whatever would hold it is looked for first.
 */
const DESTROY = [
  UNUSED,
  'v=$1 g=$2; shift 2',
  'case $v in */*) ;; *) echo "$v is a pool" >&2; exit 1;; esac',
  '[ "$(zfs get -H -p -o value guid "$v")" = "$g" ] || { echo "$v is another volume by now" >&2; exit 1; }',
  'l=$(zfs list -H -t all -r -o name "$v") || exit',
  'o=$(printf "%s\\n" "$l" | while IFS= read -r n; do k=; for m in "$v" "$@"; do [ "$n" = "$m" ] && k=1; done; [ -n "$k" ] || echo "$n"; done)',
  '[ -z "$o" ] || { echo "$o was not shown in the review" >&2; exit 1; }',
  'unused "$v"',
  'for s do printf "%s\\n" "$l" | grep -Fqx -- "$s" || continue; b=$(zfs get -H -p -o value clones,userrefs "$s" | grep -Evx -- "-|0|") && { echo "$s is bound: $b" >&2; exit 1; }; done',
  'for s do printf "%s\\n" "$l" | grep -Fqx -- "$s" || continue; zfs destroy "$s" || exit; done',
  'exec zfs destroy "$v"',
].join('\n');

/** Destroys one volume and those of its snapshots that were shown. There is no way back. */
export const destroyVolume = defineStep<DestroyVolume>({
  id: 'zfs.destroy-volume',
  params: paramsSchema,
  effect: () => 'destroys',
  touches: ({ volume }) => [{ kind: 'overwrites', path: zvolPath(volume) }],
  tell: ({ volume, snapshots, loses }) => ({
    title: `destroy the volume${snapshots.length > 0 ? ` and ${count(snapshots.length, 'snapshot')} of it` : ''}`,
    on: volume,
    loses,
  }),
  preview: (params) => ({
    kind: 'commands',
    lines: [...full(params), params.volume].map((name) => `zfs destroy ${name}`),
  }),
  check,
  commands: (params) => [destroy(params)],
  explain,
  undo: ({ volume }) => ({ kind: 'impossible', because: `${volume} was destroyed` }),
});

function full({ volume, snapshots }: DestroyVolume): readonly string[] {
  return snapshots.map((name) => `${volume}@${name}`);
}

function destroy(params: DestroyVolume): Command<'destroys'> {
  const argv = ['sh', '-c', DESTROY, 'sh', params.volume, params.guid, ...full(params)];
  // A large volume is freed while zfs waits on ZFS before feature async_destroy.
  return { argv, effect: 'destroys', deadline: 600_000 };
}

async function check(host: Reader, params: DestroyVolume): Promise<Verdict> {
  const { volume: name, snapshots } = params;
  const look = await lookAtVolume(host, name);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const { volume, beneath } = look;
  if (!volume) return { kind: 'done' };
  if (volume.type !== 'volume') return { kind: 'refused', because: `${name} is no volume` };
  if (volume.guid !== params.guid) {
    return { kind: 'refused', because: `${name} is another volume by now: it was made anew` };
  }
  const strange = beneath.find((one) => {
    const snapshot = snapshotOf(name, one);
    return snapshot === undefined || !snapshots.includes(snapshot);
  });
  if (strange) {
    return { kind: 'refused', because: `${strange.name} is there, which the review did not show` };
  }
  return (await whoUses(host, volume)) ?? (await bonds(host, beneath)) ?? { kind: 'notYet' };
}

function explain(outcome: Outcome, { volume }: DestroyVolume): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  if (outcome.stderr.includes('dataset is busy')) {
    return `${volume} is in use, or one of its snapshots is held: \`zfs holds\` shows by whom`;
  }
  return outcome.stderr.includes('has dependent clones')
    ? `a clone stands on a snapshot of ${volume}: \`zfs get clones\` names it`
    : undefined;
}
