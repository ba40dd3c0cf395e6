import type { Command, Outcome, Reader } from '../../../core/host.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { drbdadm, devicesOf, lookAtSide, sideSchema, type SideParams } from './side.js';

/**
 * What an `up` that failed or was killed left behind (Unconfigured, or a disk without a connection) is
 * taken down first: over it `up` ends with 1. `down` of what is not up ends with 0.
 */
function up({ resource }: SideParams): readonly Command<'changes'>[] {
  return [drbdadm('changes', 'down', resource), drbdadm('changes', 'up', resource)];
}

/** `secondary` is refused while somebody has the device open; `down` alone is not always. */
function down({ resource }: SideParams): readonly Command<'changes'>[] {
  return [drbdadm('changes', 'secondary', resource), drbdadm('changes', 'down', resource)];
}

/** Brings a resource up as the configuration has it: its disk attached, waiting for its peer. */
export const bringUp = defineStep<SideParams>({
  id: 'drbd.up',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource }) => ({ title: 'bring it up', on: resource }),
  preview: (params) => ({
    kind: 'commands',
    lines: up(params).map(({ argv }) => argv.join(' ')),
  }),
  check,
  commands: up,
  explain,
  undo: (params) => ({
    kind: 'commands',
    says: `take ${params.resource} down, unless it is in use`,
    commands: down(params),
  }),
});

async function check(host: Reader, params: SideParams): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) {
    return look.isDown ? { kind: 'notYet' } : { kind: 'cannotTell', because: look.because };
  }
  const { volumes, link } = look.side;
  const lost = volumes.find(({ disk }) => disk === 'Diskless' || disk === 'Failed');
  if (lost) return { kind: 'refused', because: `${params.resource} is up without its disk` };
  return link === 'standalone'
    ? { kind: 'refused', because: `${params.resource} is up and stands alone` }
    : { kind: 'done' };
}

function explain(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  if (outcome.code === 10 && outcome.stderr.includes('not available')) {
    return 'its address is not one of this host';
  }
  return outcome.code === 20 && /modprobe|module/i.test(outcome.stderr)
    ? 'the kernel has no module drbd'
    : undefined;
}
