import type { HostName, Outcome, Reader } from '../../../source/core/host.js';
import type { Case } from '../../../source/core/recovery.js';
import { stuckMapRecovery } from '../../../source/stacks/imgstorage/recovery/recovery.js';
import { printed, type Said } from './printed.js';
import { AT, type World } from './world.js';

/** What a closer look at an image tells, beyond what the pane knows. */
export interface Closer {
  /** What lies in a `-temp-write`: `memory 1 6799360 all`. */
  readonly memory?: string;
  /** The status of all devices some seconds later; left out: nothing moved. */
  readonly later?: string;
  /** The guest's state; left out: libvirt knows none. */
  readonly guest?: string;
  /** Hosts whose daemon does not run. */
  readonly still?: readonly string[];
  /** Hosts that do not answer. */
  readonly down?: readonly string[];
  /** Hosts that are not among ours. */
  readonly without?: readonly string[];
}

/** The hosts of a world, as far as a recovery asks them. */
export function readersOf(world: World, closer: Closer = {}): ReadonlyMap<HostName, Reader> {
  const { down = [], without = [] } = closer;
  return new Map(
    [...printed(world)].flatMap(([name, all]): [HostName, Reader][] =>
      without.includes(name)
        ? []
        : [[name, down.includes(name) ? deaf(name) : reader(name, all, closer)]],
    ),
  );
}

function deaf(name: string): Reader {
  return { name, run: () => Promise.resolve({ kind: 'unreachable', reason: 'no route to host' }) };
}

function reader(name: string, all: readonly Said[], closer: Closer): Reader {
  const known = new Map(all.map((one) => [JSON.stringify(one.command.argv), one]));
  return {
    name,
    run: ({ argv }): Promise<Outcome> => {
      const said = known.get(JSON.stringify(argv));
      if (said) return answer(said.stdout, said.exit, said.stderr);
      return more(name, argv, known, closer);
    },
  };
}

function answer(stdout: string, code = 0, stderr = ''): Promise<Outcome> {
  return Promise.resolve({ kind: 'exited', code, stdout, stderr });
}

function more(
  name: string,
  argv: readonly string[],
  known: ReadonlyMap<string, Said>,
  { memory, later, guest, still = [] }: Closer,
): Promise<Outcome> {
  const [program = '', , script = ''] = argv;
  if (program === 'getent') {
    return answer(name.startsWith('nas') ? '10.1.255.250 it\n' : '10.1.255.254 it\n');
  }
  if (program === 'virsh') return guest === undefined ? answer('', 1) : answer(`${guest}\n`);
  if (script.startsWith('p=$(cat "/var/run')) return answer(still.includes(name) ? '' : '4321\n');
  if (script.startsWith('d=$1\n[ -b')) return answer(memory ?? 'no device\n');
  if (script.startsWith('sleep 3')) {
    return answer(later ?? known.get('["dmsetup","status"]')?.stdout ?? '');
  }
  return answer('', 1, 'not simulated\n');
}

/** What the guide finds of an image. */
export function asked(world: World, subject: string, closer?: Closer): Promise<Case> {
  return stuckMapRecovery(() => AT * 1000).gather(subject, readersOf(world, closer));
}
