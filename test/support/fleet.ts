import type { Connected, Connector } from '../../source/core/connection.js';
import type { Failure } from '../../source/core/failure.js';
import type { Finding } from '../../source/core/finding.js';
import type { HostEntry } from '../../source/core/fleet.js';
import type { Command, Outcome } from '../../source/core/host.js';
import type { Probe } from '../../source/core/probe.js';
import type { Stack } from '../../source/core/stack.js';

/** Something that is over when it is said so. */
export function gate(): { readonly over: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { over, open };
}

/** A host made by hand: what it answers, and ways to break it. */
export class FakeHost {
  reachable = true;
  /** Takes connections and never answers. */
  hangs = false;
  /** Connecting takes until this is over. */
  connects: Promise<void> = Promise.resolve();
  answers: Record<string, string> = {};
  readonly asked: string[] = [];
  #gone: ((failure: Failure) => void)[] = [];

  /** Cuts all connections, as a host that dies does. */
  die(): void {
    this.reachable = false;
    const listeners = this.#gone;
    this.#gone = [];
    for (const listener of listeners) listener(failureOf('the connection was lost'));
  }

  connect(name: string): Connected {
    if (!this.reachable) {
      return { ok: false, failure: failureOf('connection refused'), steps: [], final: false };
    }
    const host = { name, run: (command: Command) => this.#run(command) };
    const onGone = (listener: (failure: Failure) => void) => this.#gone.push(listener);
    return { ok: true, steps: [], connection: { host, onGone, close: () => (this.#gone = []) } };
  }

  #run({ argv }: Command): Promise<Outcome> {
    if (this.hangs) return new Promise(() => undefined);
    const [program = ''] = argv;
    this.asked.push(program);
    if (program === 'sh') return exited(0, 'hostname box\nroot 0\npresent fake\nboot 1\n');
    const answer = this.answers[program];
    return answer === undefined ? exited(1, '') : exited(0, answer);
  }
}

function exited(code: number, stdout: string): Promise<Outcome> {
  return Promise.resolve({ kind: 'exited', code, stdout, stderr: '' });
}

/** A failure with nothing but what happened. */
export function failureOf(what: string): Failure {
  return { what, where: 'box', means: '', todo: '' };
}

/** Reaches fake hosts by name. */
export function fakeConnector(hosts: Readonly<Record<string, FakeHost>>): Connector {
  return {
    connect: ({ name }) => {
      const host = hosts[name];
      if (host) return host.connects.then(() => host.connect(name));
      return new Promise(() => undefined);
    },
  };
}

/** An entry that a fake connector understands. */
export function entry(name: string): HostEntry {
  return { name, address: name, become: 'none', via: 'ssh' };
}

/** A probe whose value is what a program of that name prints. */
export function fakeProbe(id: string, scope: 'host' | 'cluster'): Probe<string> {
  return {
    id,
    title: id,
    every: 2000,
    scope,
    read: async (host) => {
      const outcome = await host.run({ argv: [id], effect: 'reads', deadline: 1000 });
      if (outcome.kind === 'exited' && outcome.code === 0) {
        return { kind: 'value', value: outcome.stdout, unread: [] };
      }
      return { kind: 'failed', failure: failureOf(`${id} failed`) };
    },
  };
}

/** A finding with what matters here, and the rest empty. */
export function fakeFinding(code: string, more: Partial<Finding> = {}): Finding {
  return {
    code,
    severity: 'warning',
    title: code,
    subject: 'it',
    hosts: [],
    says: '',
    means: '',
    todo: '',
    evidence: [],
    remedies: [],
    about: [],
    ...more,
  };
}

/** A stack with these probes and whatever else is given. */
export function fakeStack(
  probes: readonly Probe<unknown>[],
  diagnose: Stack['diagnose'] = () => [],
): Stack {
  const cell = { text: '' };
  return {
    id: 'fake',
    title: 'Fake',
    presence: { programs: ['fake'], paths: [] },
    probes,
    inspectors: [],
    diagnose,
    graph: () => ({ nodes: [], edges: [] }),
    pane: {
      summary: () => ({ tone: 'good', first: cell, second: cell, third: cell }),
      draw: () => ({ columns: [], rows: [], empty: 'nothing' }),
      running: () => [],
      metrics: () => [],
    },
  };
}
