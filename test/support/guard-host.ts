import type { Clock } from '../../source/engine/clock.js';
import type { Outcome } from '../../source/core/host.js';
import {
  armCommand,
  confirmCommand,
  fireCommand,
  lookCommand,
} from '../../source/engine/run/guard-commands.js';
import type { RunHost } from '../../source/engine/run/runner.js';

/** A clock in which what is waited for comes at once, and the time has passed. */
export class LeapClock implements Clock {
  #now = Date.UTC(2026, 10, 20, 14, 0, 0);
  readonly now = (): number => this.#now;

  readonly after = (ms: number, call: () => void): (() => void) => {
    const timer = setImmediate(() => {
      this.#now += ms;
      call();
    });
    return () => clearImmediate(timer);
  };

  pass(ms: number): void {
    this.#now += ms;
  }
}

const SCRIPTS = new Map(
  [
    ['arm', armCommand('x', ['x'], 60)] as const,
    ['look', lookCommand('x')] as const,
    ['confirm', confirmCommand('x')] as const,
    ['fire', fireCommand('x', 1)] as const,
  ].map(([name, { argv }]) => [argv[2] ?? '', name]),
);

/** A guard as the host has it. */
interface GuardOnHost {
  state: 'armed' | 'confirmed' | 'fired';
  /** Until when it waits. */
  readonly until: number;
  /** How the wall is after it fired. */
  readonly wall: boolean;
}

/**
 * A host with one wall that can be put up by `wall up` and taken down by `wall down`. With `blocks`
 * the wall lets no new connection through; with `needed` only the wall does.
 */
export class GuardHost implements RunHost {
  readonly name = 'box';
  wall = false;
  blocks = false;
  /** Nothing gets through without the wall, as where a network card lost its address. */
  needed = false;
  /** The change takes the connection with it, and its answer never comes. */
  swallows = false;
  /** The command fails: half of the change may have been made. */
  fails = false;
  /** The host cannot be made to arm a guard. */
  unarmable = false;
  lock = '';
  /** How many connections were made, and over which one the guard was confirmed. */
  connections = 1;
  confirmedOver: number | undefined;
  /** Called before and after each command. */
  instant: () => void = () => undefined;
  /** By name: how it stands, and until when it waits. */
  readonly guards = new Map<string, GuardOnHost>();
  #cut = false;

  constructor(readonly clock: Clock) {}

  readonly renew: RunHost['renew'] = (atMost) => {
    this.#passes();
    if (this.wall ? this.blocks : this.needed) {
      return new Promise((resolve) => {
        const what = 'connecting took too long';
        this.clock.after(atMost, () => {
          resolve({ what, where: this.name, means: '', todo: '' });
        });
      });
    }
    this.connections += 1;
    this.#cut = false;
    return Promise.resolve(undefined);
  };

  run: RunHost['run'] = ({ argv, input }) => {
    this.instant();
    this.#passes();
    const outcome = this.#answer(argv, input ?? '');
    this.instant();
    return Promise.resolve(outcome);
  };

  /** What the host does by itself as time passes. */
  #passes(): void {
    for (const guard of this.guards.values()) {
      if (guard.state === 'armed' && this.clock.now() >= guard.until) this.#fire(guard);
    }
  }

  #fire(guard: GuardOnHost): void {
    guard.state = 'fired';
    this.wall = guard.wall;
  }

  #answer(argv: readonly string[], input: string): Outcome {
    if (this.#cut) return { kind: 'unreachable', reason: 'the connection is gone' };
    const [program, action = ''] = argv;
    if (program === 'wall') return this.#wall(action);
    const [, , script = '', , folder = '', seconds = ''] = argv;
    const asked = SCRIPTS.get(script);
    if (asked === undefined) return this.#lockScript(script, folder);
    return this.#guard(asked, folder, Number(seconds), input);
  }

  #wall(action: string): Outcome {
    if (action === 'look') return exited(0, this.wall ? 'up' : 'down');
    this.wall = action === 'up';
    if (this.fails) return exited(1, '', 'half of it');
    if (this.swallows) {
      this.#cut = true;
      return { kind: 'lost', why: 'deadline', reason: 'no answer in 30 s', stdout: '' };
    }
    return exited(0, '');
  }

  #guard(asked: string, folder: string, seconds: number, input: string): Outcome {
    const guard = this.guards.get(folder);
    switch (asked) {
      case 'arm':
        if (this.unarmable || !input.includes('wall down')) return exited(1, '', 'no room');
        this.guards.set(folder, {
          state: 'armed',
          until: this.clock.now() + seconds * 1000,
          wall: input.includes('wall up'),
        });
        return exited(0, 'armed\n');
      case 'confirm':
        if (guard?.state === 'armed') {
          guard.state = 'confirmed';
          this.confirmedOver = this.connections;
        }
        break;
      case 'fire':
        if (guard?.state === 'armed') this.#fire(guard);
        break;
    }
    if (guard?.state === 'fired') return exited(0, 'fired 0\n');
    return exited(0, `${guard?.state ?? 'gone'}\n`);
  }

  #lockScript(script: string, owner: string): Outcome {
    if (script.startsWith('if mkdir')) this.lock ||= owner;
    if (script.startsWith('rm -rf')) this.lock = '';
    return exited(0, this.lock);
  }
}

function exited(code: number, stdout: string, stderr = ''): Outcome {
  return { kind: 'exited', code, stdout, stderr };
}
