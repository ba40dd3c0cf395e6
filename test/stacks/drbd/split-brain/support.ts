import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Reader } from '../../../../source/core/host.js';
import type { Case } from '../../../../source/core/recovery.js';
import { splitBrainRecovery } from '../../../../source/stacks/drbd/split-brain/recovery.js';
import { recordedHost } from '../../../../source/transport/recorded.js';
import { fixturesFolder, RECORDED_AT } from '../../../support/recordings.js';

/** What a host says to the questions that only the recovery asks. */
export interface Closer {
  /** Lines about who uses the devices. */
  readonly users?: readonly string[];
  /** `lvs`' line; left out: no logical volume. */
  readonly lvs?: string;
  readonly minor?: string;
  /** Words replaced in everything it says. */
  readonly altered?: (text: string) => string;
  /** It does not answer at all. */
  readonly dead?: boolean;
}

/** A recorded situation, with answers to the recovery's own questions laid over it. */
export async function hostsOf(
  situation: string,
  closer: Readonly<Record<string, Closer>> = {},
): Promise<ReadonlyMap<string, Reader>> {
  const folder = join(fixturesFolder, 'drbd', situation);
  const hosts = new Map<string, Reader>();
  for (const name of readdirSync(folder).sort()) {
    const recorded = await recordedHost(name, join(folder, name));
    const own = closer[name] ?? {};
    hosts.set(name, {
      name,
      run: async (command) => {
        if (own.dead) return { kind: 'unreachable', reason: 'no route to host' };
        const outcome = answer(command.argv, own) ?? (await recorded.run(command));
        if (outcome.kind !== 'exited' || !own.altered) return outcome;
        return { ...outcome, stdout: own.altered(outcome.stdout) };
      },
    });
  }
  return hosts;
}

function answer(argv: readonly string[], own: Closer): Outcome | undefined {
  const line = argv.join(' ');
  if (line.includes('mountinfo'))
    return exited(0, [...(own.users ?? []), 'root 0', 'end', ''].join('\n'));
  if (argv[0] === 'lvs') return own.lvs === undefined ? exited(5, '') : exited(0, `  ${own.lvs}\n`);
  if (argv[1] === 'sh-minor') return exited(0, `${own.minor ?? '0'}\n`);
  return undefined;
}

function exited(code: number, stdout: string): Outcome {
  return { kind: 'exited', code, stdout, stderr: '' };
}

/** Asks the recovery about a recorded situation. */
export async function caseOf(
  situation: string,
  closer: Readonly<Record<string, Closer>> = {},
  subject = 'r0',
): Promise<Case> {
  return splitBrainRecovery(() => RECORDED_AT).gather(subject, await hostsOf(situation, closer));
}

/** Asks it about a situation in which all that the recovery itself asks was recorded too. */
export async function caseOfRecorded(situation: string, subject: string): Promise<Case> {
  const folder = join(fixturesFolder, 'drbd', situation);
  const names = readdirSync(folder).sort();
  const hosts = names.map(
    async (name) => [name, await recordedHost(name, join(folder, name))] as const,
  );
  return splitBrainRecovery(() => RECORDED_AT).gather(subject, new Map(await Promise.all(hosts)));
}
