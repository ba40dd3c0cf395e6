import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import type { Parts } from '../../source/cli/parts.js';
import type { Connector } from '../../source/core/connection.js';
import { closed, open, type Choice, type Question } from '../../source/core/form.js';
import type { Host } from '../../source/core/host.js';
import type { Case, Recovery, WayOut } from '../../source/core/recovery.js';
import type { Stack } from '../../source/core/stack.js';
import { defineWizard, sessionOf, type Draft } from '../../source/core/wizard.js';
import { fakeParts, runCli, temporaryFolder, type Ran } from './cli.js';
import { failureOf, fakeStack } from './fleet.js';
import { mark, MarkHost, markPlan } from './mark-host.js';

/** What a wizard or a way out makes of marks; the mark `x` is one whose loss needs a word. */
function draftOf(marks: readonly string[]): Draft {
  const { title, steps, basis, putBack, warnings } = markPlan(marks);
  const lost = marks.filter((text) => text.endsWith('/x'));
  return {
    title,
    steps,
    basis: marks.length > 0 ? basis : [],
    confirmations: lost.map((word) => ({ word, accepts: `everything on ${word} is lost` })),
    loses: lost,
    putBack,
    warnings,
  };
}

/** A wizard that asks which marks to make; what is marked already is not offered. */
const marksWizard = defineWizard<readonly Choice[], { readonly marks: readonly string[] }>({
  id: 'fake.marks',
  title: 'Make marks',
  says: 'Makes marks on hosts.',
  answers: z.strictObject({ marks: z.array(z.string()) }),
  look: async (hosts) => {
    const looks = hosts.map(async (host): Promise<Choice[]> => {
      const outcome = await host.run({ argv: ['marks'], effect: 'reads', deadline: 1000 });
      const there = outcome.kind === 'exited' ? outcome.stdout.split(/\s/) : [];
      return ['a', 'b', 'x'].map((name) => {
        const gate = name === 'b' && there.includes(name) ? closed('it is marked already') : open;
        return { value: `${host.name}/${name}`, cells: [{ text: name }], gate };
      });
    });
    return (await Promise.all(looks)).flat();
  },
  questions: (choices) => [
    {
      key: 'marks',
      ask: 'Which marks?',
      explains: 'Each is made once.',
      kind: 'many',
      columns: [{ title: 'MARK', min: 4 }],
      choices,
      default: [],
    },
  ],
  plan: (_choices, { marks }) => ({ ok: true, draft: draftOf(marks) }),
});

/** A recovery: `sick` can be mended by giving up a host, anything else is a near miss. */
const sickness: Recovery = {
  id: 'fake.sickness',
  title: 'Sickness',
  says: 'Mends what is sick.',
  gather: async (subject, hosts) => {
    const silent: string[] = [];
    for (const host of hosts.values()) {
      const outcome = await host.run({ argv: ['marks'], effect: 'reads', deadline: 1000 });
      if (outcome.kind !== 'exited') silent.push(`${host.name}: ${outcome.reason}`);
    }
    const found = caseOf(subject.replace(' twice', ''), [...hosts.keys()], silent);
    return subject.endsWith(' twice') ? asking(found) : found;
  },
};

/** `sick twice`: it is asked of what it is mended, before it is planned. */
function asking(found: Case): Case {
  const answers = z.strictObject({ mark: z.enum(['a', 'b']) });
  const choices = ['a', 'b'].map((value) => ({ value, cells: [{ text: value }], gate: open }));
  const questions: readonly Question[] = [
    { kind: 'one', key: 'mark', ask: 'Which mark?', explains: 'It is made.', choices },
  ];
  const way: WayOut = {
    value: 'each',
    says: 'it is asked',
    loses: [],
    plan: () => ({ ok: false, faults: [{ key: 'mark', says: 'it is not said which mark' }] }),
    asks: () =>
      sessionOf(
        {
          answers,
          questions: () => questions,
          plan: (_found, { mark: name }) => ({ ok: true, draft: draftOf([`one/${name}`]) }),
        },
        undefined,
      ),
  };
  return { ...found, ways: [...found.ways, way] };
}

function caseOf(subject: string, hosts: readonly string[], silent: readonly string[]): Case {
  const sick = subject === 'sick' && silent.length === 0;
  return {
    verdict: sick ? 'sick' : silent.length > 0 ? 'a side is down' : 'healthy',
    mendable: sick,
    happened: `${subject} was looked at on ${hosts.length} hosts.`,
    todo: sick ? '' : 'Wait.',
    blocks: [
      {
        kind: 'sides',
        sides: hosts,
        rows: [{ label: 'writes', values: hosts.map(() => ({ text: 'some' })) }],
      },
      { kind: 'lines', label: 'silent', lines: silent },
    ],
    ways: sick
      ? hosts.map((value) => ({
          value,
          says: `${value} gives way`,
          loses: [`what ${value} wrote`],
          plan: ({ keepCopy }) =>
            value === 'two'
              ? { ok: false, faults: [{ key: '', says: 'it is mounted on two' }] }
              : { ok: true, draft: draftOf([`${value}/${keepCopy ? 'copy' : 'a'}`]) },
        }))
      : [],
    ...(sick && { recommended: { value: 'one', reasons: ['it wrote less'] } }),
  };
}

/** A storage system whose steps are marks. */
export const markStack: Stack = {
  ...fakeStack([]),
  steps: [mark],
  wizards: [marksWizard],
  recoveries: [sickness],
};

/** The program on two hosts, `one` and `two`, with a configuration and a state folder of its own. */
export class MarkCli {
  one = new MarkHost('one');
  readonly two = new MarkHost('two');
  /** Hosts that cannot be reached. */
  readonly gone = new Set<string>();
  readonly folder: string;

  constructor(
    t: TestContext,
    more: { readonly readOnly?: boolean; readonly neverTouch?: readonly string[] } = {},
  ) {
    this.folder = temporaryFolder(t);
    const hosts = ['one', 'two'].map((name) => ({ name, address: name }));
    const clusters = {
      main: { readOnly: more.readOnly === true, neverTouch: more.neverTouch ?? [], hosts },
    };
    this.write('config.json', JSON.stringify({ version: 1, clusters }));
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.file(name), text, { mode: 0o600 });
    return this.file(name);
  }

  run(argv: readonly string[], terminal?: { readonly typed: string }): Promise<Ran> {
    const env = { LANG: 'C.UTF-8', TERM: 'xterm', HOLDFAST_STATE: this.folder };
    return runCli(['--config', this.file('config.json'), ...argv], this.#parts(), {
      env,
      ...(terminal && { tty: true, stdin: terminal.typed }),
    });
  }

  #parts(): Parts {
    const hosts = new Map<string, Host>([this.one, this.two].map((host) => [host.name, host]));
    const connector: Connector = {
      connect: ({ name }) => {
        const host = this.gone.has(name) ? undefined : hosts.get(name);
        if (host) {
          const connection = { host, onGone: () => undefined, close: () => undefined };
          return Promise.resolve({ ok: true, steps: [], connection });
        }
        const failure = { ...failureOf('connection refused'), where: name };
        return Promise.resolve({ ok: false, failure, steps: [], final: false });
      },
    };
    return { ...fakeParts({ stacks: [markStack] }), connector: () => Promise.resolve(connector) };
  }
}
