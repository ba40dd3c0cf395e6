import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Host, Outcome } from '../../source/core/host.js';
import type { JournalLine } from '../../source/core/journal.js';
import type { Plan } from '../../source/core/plan.js';
import { defineStep, StepKinds } from '../../source/core/step.js';
import type { Protection } from '../../source/core/touch.js';
import type { Journal } from '../../source/engine/run/journal-file.js';
import { runState } from '../../source/engine/run/run-state.js';
import { runPlan } from '../../source/engine/run/runner.js';
import type { RunDeps, RunEnd, RunEvent, RunHost } from '../../source/engine/run/runner.js';
import { undoRun } from '../../source/engine/run/undo.js';
import { StepClock } from './clock.js';

/** The console dies here: nothing after this instant happens. */
export class Killed extends Error {}

/** A host whose whole state is a list of marks; making a mark twice would be seen. */
export class MarkHost implements RunHost {
  marks: string[] = [];
  lock = '';
  serial = 'S1';
  /** Marks whose command fails, and those whose command takes no effect, whatever it ends with. */
  fails = new Set<string>();
  lies = new Set<string>();
  /** Marks whose command says that there is no such thing, whatever it ends with. */
  unknown = new Set<string>();
  /** Marks at whose command the link is cut, once. */
  cuts = new Set<string>();
  /** Marks that cannot even be begun because the link is down, once. */
  down = new Set<string>();
  /** Marks that another hand has changed. */
  foreign = new Set<string>();
  /** Marks that nothing may touch: on the host's never-touch list, as it were. */
  reserved = new Set<string>();
  /** Its lock cannot be taken away. */
  keepsLock = false;
  /** Called before and after each changing command. */
  instant: () => void = () => undefined;

  constructor(readonly name = 'box') {}

  readonly run: Host['run'] = ({ argv, effect }) => {
    if (effect !== 'reads') this.instant();
    const outcome = this.#answer(argv);
    if (effect !== 'reads') this.instant();
    return Promise.resolve(outcome);
  };

  readonly renew: RunHost['renew'] = () => Promise.resolve(undefined);

  #answer(argv: readonly string[]): Outcome {
    const [program, mark = '', script = ''] = argv;
    switch (program) {
      case 'serial':
        return exited(0, this.serial);
      case 'sh':
        return script.startsWith('lsblk') ? exited(0, devicesOf(argv.slice(4))) : this.#lock(argv);
      case 'marks':
        return exited(0, `${this.marks.join(' ')}\n${[...this.foreign].join(' ')}`);
      case 'mark':
        return this.#mark(mark);
      case 'unmark':
        this.marks = this.marks.filter((other) => other !== mark);
        return exited(0, '');
      default:
        return exited(127, '', `${program ?? ''}: not found\n`);
    }
  }

  #mark(mark: string): Outcome {
    if (this.down.delete(mark)) return { kind: 'unreachable', reason: 'the link is down' };
    if (!this.lies.has(mark)) this.marks.push(mark);
    if (this.cuts.delete(mark)) {
      return { kind: 'lost', why: 'connection', reason: 'the link was cut', stdout: '' };
    }
    if (this.fails.has(mark)) return exited(1, '', 'no room\n');
    return exited(0, this.unknown.has(mark) ? `nothing is called ${mark}` : '');
  }

  #lock([, , script = '', , owner = '']: readonly string[]): Outcome {
    if (script.startsWith('if mkdir')) this.lock ||= owner;
    if (script.startsWith('rm -rf') && !this.keepsLock) this.lock = '';
    return exited(0, this.lock);
  }
}

/** Each mark is a disk of its own; `a` has the serial number `serial-a`. */
function devicesOf(marks: readonly string[]): string {
  const fields = 'PKNAME="" TYPE="disk" RO="0" SIZE="1000" WWN="" MODEL=""';
  const lines = marks.flatMap((mark) => [
    `asked disk-${mark} ${mark}`,
    `device NAME="disk-${mark}" KNAME="disk-${mark}" SERIAL="serial-${mark}" ${fields}`,
  ]);
  return lines.join('\n');
}

function exited(code: number, stdout: string, stderr = ''): Outcome {
  return { kind: 'exited', code, stdout, stderr };
}

/** A step that makes a mark on its host. */
export const mark = defineStep<{ readonly mark: string }>({
  id: 'test.mark',
  params: z.strictObject({ mark: z.string() }),
  effect: () => 'changes',
  touches: (p) => [{ kind: 'uses', path: p.mark }],
  tell: (p) => ({ title: 'mark', on: p.mark }),
  preview: (p) => ({ kind: 'commands', lines: [`mark ${p.mark}`] }),
  check: async (host, p) => {
    const outcome = await host.run({ argv: ['marks'], effect: 'reads', deadline: 1000 });
    const [marks = '', foreign = ''] = outcome.kind === 'exited' ? outcome.stdout.split('\n') : [];
    if (foreign.split(' ').includes(p.mark)) {
      return { kind: 'refused', because: `${p.mark} was changed by another hand` };
    }
    return { kind: marks.split(' ').includes(p.mark) ? 'done' : 'notYet' };
  },
  explain: (outcome) =>
    outcome.kind === 'exited' && outcome.stdout !== '' ? outcome.stdout : undefined,
  commands: (p) => [{ argv: ['mark', p.mark], effect: 'changes', deadline: 1000 }],
  undo: (p) => ({
    kind: 'commands',
    says: `unmark ${p.mark}`,
    commands: [{ argv: ['unmark', p.mark], effect: 'changes', deadline: 1000 }],
  }),
});

/** A plan that makes marks: `host/mark`, in this order, each needing the one before it. */
export function markPlan(marks: readonly string[]): Plan {
  const steps = marks.map((text, index) => {
    const [host = '', name = ''] = text.split('/');
    const before = marks[index - 1];
    const needs = before === undefined ? [] : [before];
    return { id: text, kind: 'test.mark', host, params: { mark: name }, needs };
  });
  return {
    schema: 1,
    id: 'p1',
    title: 'marks',
    cluster: 'main',
    origin: { kind: 'wizard', id: 'test.marks', answers: null },
    madeAt: '2026-11-20T14:00:00Z',
    madeBy: 'me@here',
    steps,
    basis: [{ host: steps[0]?.host ?? '', says: 'its serial', argv: ['serial'], expect: 'S1' }],
    confirmations: [],
    loses: [],
    putBack: '',
    warnings: [],
  };
}

/** The first line of a run's journal. */
export function begin(plan: Plan, run = 'r1'): JournalLine[] {
  return [{ at: '2026-11-20T14:00:01Z', kind: 'begun', run, plan, by: 'me@here' }];
}

/** Protects the marks that are reserved on the host of a step. */
export function markProtection(hosts: readonly Host[]): Protection {
  return (touches, on) => {
    const host = hosts.find(({ name }) => name === on);
    const reserved = host instanceof MarkHost ? host.reserved : new Set<string>();
    const touch = touches.find((one) => one.kind === 'uses' && reserved.has(one.path));
    return Promise.resolve(touch && { touch, because: 'it is not to be touched' });
  };
}

/** A console with a journal in memory, which may be killed at any instant. */
export function markConsole(
  hosts: readonly RunHost[],
  lines: JournalLine[],
  instant: () => void = () => undefined,
) {
  const journal: Journal = {
    write: (line) => {
      instant();
      lines.push(line);
      instant();
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  const abort = new AbortController();
  const events: RunEvent[] = [];
  const none = { what: 'it cannot be reached', where: '', means: '', todo: '' };
  const deps: RunDeps = {
    kinds: new StepKinds([mark]),
    protection: markProtection(hosts),
    host: (name) => Promise.resolve(hosts.find((host) => host.name === name) ?? none),
    journal,
    clock: new StepClock(),
    by: 'me@here',
    signal: abort.signal,
    tell: (event) => events.push(event),
  };
  const state = () => {
    const known = runState(lines);
    assert.ok(known);
    return known;
  };
  return {
    run: (): Promise<RunEnd> => runPlan(state(), deps),
    undo: (): Promise<RunEnd> => undoRun(state(), deps),
    state,
    events,
    abort,
  };
}
