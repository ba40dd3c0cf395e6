import type { Command, Outcome } from '../../source/core/host.js';
import type { Failure } from '../../source/core/failure.js';
import { printRecord, type Field } from '../../source/demo/programs/xapi/records.js';
import type { RunHost } from '../../source/engine/run/runner.js';
import { LeapClock } from './guard-host.js';

/** The repository of the pool, and where it lies on each host. */
export const SR = 'e8c4a1b2-6f0d-4d53-9c11-000000000001';
export const LOCATION = '/mnt/lizardfs/sr';

/** After how many ms of a reboot a host is gone, is back, and has attached what it had. */
const [GONE, BACK, ATTACHED] = [2000, 14_000, 22_000];

/** A pool of two hosts whose reboots take their time. */
export class RebootPool {
  readonly clock = new LeapClock();
  readonly hosts = [new PoolHost(this, 'xs-1', 1), new PoolHost(this, 'xs-2', 2)] as const;
  /** Two hosts were away at once. */
  bothAway = false;
  /** Called before and after each command. */
  instant: () => void = () => undefined;

  passes(): void {
    for (const host of this.hosts) host.passes();
    if (this.hosts.every(({ isUp }) => !isUp)) this.bothAway = true;
  }
}

/** A host of the pool, with one connection that is made anew by itself. */
export class PoolHost implements RunHost {
  readonly uuid: string;
  boots = 1;
  isUp = true;
  attached = true;
  /** Whether its boot hook mounts; else nothing is mounted after a reboot. */
  hooked = true;
  /** Nothing is attached after a reboot. */
  bare = false;
  /** Somebody mounts and attaches by hand after a reboot. */
  byHand = false;
  /** It does not come back. */
  stays = false;
  /** Only a person can let the console in after a reboot. */
  barred: Failure | undefined;
  guests: readonly string[] = [];
  lock = '';
  #mounted = true;
  #note = '';
  #enabled = true;
  /** When it was told to reboot, and in which boot. */
  #told: number | undefined;
  #from = '';

  constructor(
    private readonly pool: RebootPool,
    readonly name: string,
    nth: number,
  ) {
    this.uuid = `b0a11c5e-52aa-4f0e-8d3c-00000000001${nth}`;
  }

  get bootId(): string {
    return `${String(this.boots).padStart(8, '0')}-52aa-4f0e-8d3c-000000000001`;
  }

  readonly renew = () => Promise.resolve(undefined);

  run: RunHost['run'] = (command) => {
    this.pool.instant();
    this.pool.passes();
    const outcome = this.#answer(command);
    this.pool.instant();
    return Promise.resolve(outcome);
  };

  /** What happens by itself as time goes by; it may have leapt over all of it. */
  passes(): void {
    if (this.#told === undefined) return;
    const since = this.pool.clock.now() - this.#told;
    if (since >= GONE && this.bootId === this.#from) this.#goDown();
    if (since >= BACK && !this.isUp && !this.stays) this.#comeBack();
    if (since >= ATTACHED && this.isUp) this.#attach();
  }

  #goDown(): void {
    this.isUp = false;
    this.attached = false;
    this.#mounted = false;
    this.#note = '';
    this.lock = '';
  }

  #comeBack(): void {
    this.boots += 1;
    this.isUp = true;
  }

  #attach(): void {
    this.#told = undefined;
    this.#mounted = this.hooked || this.byHand;
    this.#note = this.hooked ? 'mounted' : '';
    this.attached = !this.bare;
    this.#enabled = true;
  }

  #answer({ argv }: Command): Outcome {
    if (!this.isUp) return { kind: 'unreachable', reason: 'no answer from 10.0.0.1' };
    if (this.boots > 1 && this.barred) {
      return { kind: 'unreachable', reason: this.barred.what, final: this.barred };
    }
    const [program, ...args] = argv;
    if (program === 'xe') return this.#xe(args);
    if (program === 'sh') return this.#script(args);
    const path = args.at(-1) ?? '';
    if (path.endsWith('boot_id')) return exited(`${this.bootId}\n`);
    if (path.endsWith('mountinfo')) return exited(this.#mounts());
    if (path.startsWith('/run/')) {
      return this.#note === '' ? exited('', 1) : exited(`${this.#note}\n`);
    }
    throw new Error(`nobody asks for ${argv.join(' ')}`);
  }

  #mounts(): string {
    const fuse = '30 1 0:41 / /mnt/lizardfs rw - fuse mfs#mfsmaster:9421 rw';
    const bound = this.#mounted
      ? `31 1 0:41 /sr /run/sr-mount/${SR} rw - fuse mfs#mfsmaster:9421 rw`
      : `31 1 8:1 ${LOCATION} /run/sr-mount/${SR} rw - ext3 /dev/sda1 rw`;
    const root = '1 0 8:1 / / rw - ext3 /dev/sda1 rw';
    return [root, ...(this.#mounted ? [fuse] : []), ...(this.attached ? [bound] : []), ''].join(
      '\n',
    );
  }

  #xe([command = '', ...words]: readonly string[]): Outcome {
    switch (command) {
      case 'vm-list':
        return exited(this.guests.length === 0 ? '' : `${this.guests.join(',')}\n`);
      case 'host-list':
        if (words.includes('--minimal')) return exited(`${this.#enabled}\n`);
        return exited(this.pool.hosts.map((host) => printRecord(host.#asMember())).join(''));
      case 'pbd-list': {
        const which = words.find((word) => word.startsWith('host-uuid='))?.slice(10);
        const hosts = this.pool.hosts.filter(({ uuid }) => which === undefined || uuid === which);
        return exited(hosts.map((host) => printRecord(host.#asPlug())).join(''));
      }
      default:
        throw new Error(`nobody asks xe for ${command}`);
    }
  }

  #asMember(): readonly Field[] {
    return [
      ro('uuid', this.uuid),
      ro('name-label', this.name),
      ro('enabled', String(this.#enabled)),
      ro('host-metrics-live', String(this.isUp)),
    ];
  }

  #asPlug(): readonly Field[] {
    return [
      ro('uuid', this.uuid.replace('b0a1', '4c7b')),
      ro('host-uuid', this.uuid),
      ro('sr-uuid', SR),
      { name: 'device-config', access: 'MRO', value: new Map([['location', LOCATION]]) },
      ro('currently-attached', String(this.attached)),
    ];
  }

  #script([, script = '', , owner = '']: readonly string[]): Outcome {
    if (script.includes('host-disable')) {
      if (script.includes(this.bootId)) this.#enabled = false;
      return exited('');
    }
    if (script.includes('systemctl reboot')) {
      if (!script.includes(this.bootId)) return exited('');
      this.#told ??= this.pool.clock.now();
      this.#from = this.bootId;
      return exited('');
    }
    if (script.startsWith('if mkdir')) this.lock ||= owner;
    if (script.startsWith('rm -rf')) this.lock = '';
    return exited(this.lock);
  }
}

function ro(name: string, value: string): Field {
  return { name, access: 'RO', value };
}

function exited(stdout: string, code = 0): Outcome {
  return { kind: 'exited', code, stdout, stderr: '' };
}
