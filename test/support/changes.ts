import type { Case } from '../../source/core/recovery.js';
import { StepKinds } from '../../source/core/step.js';
import type { Plan } from '../../source/core/plan.js';
import type { RunEvent } from '../../source/engine/runner.js';
import type { Changes, Made, RunRequest, RunResult } from '../../source/ui/changes.js';
import { mark, markPlan } from './mark-host.js';

/** A run that goes on only as far as the test lets it. */
export interface HeldRun {
  readonly request: RunRequest;
  readonly signal: AbortSignal;
  readonly tell: (event: RunEvent) => void;
  readonly end: (result: RunResult) => void;
}

/** Changes that are told by a test what to find and how a run ends. */
export interface FakeChanges extends Changes {
  readonly asked: string[];
  readonly saved: Plan[];
  readonly runs: HeldRun[];
  /** Lets the look that waits find something. */
  readonly find: (found: Made<Case>) => void;
  readonly progress: (says: string) => void;
}

/** Changes of marks: one recovery, `mirror.mend`. */
export function fakeChanges(): FakeChanges {
  const asked: string[] = [];
  const saved: Plan[] = [];
  const runs: HeldRun[] = [];
  let find: (found: Made<Case>) => void = () => undefined;
  let progress: (says: string) => void = () => undefined;
  return {
    asked,
    saved,
    runs,
    find: (found) => find(found),
    progress: (says) => progress(says),
    kinds: new StepKinds([mark]),
    recoveries: [{ id: 'mirror.mend', title: 'Mend a mirror', says: 'Joins both sides again.' }],
    gather: ({ cluster, recovery, subject }, tell) => {
      asked.push(`${recovery} ${subject} of ${cluster}`);
      progress = tell;
      return new Promise((resolve) => (find = resolve));
    },
    plan: (draft, { cluster, origin }) => {
      const made = { ...markPlan([]), ...draft, cluster, origin };
      return { ok: true, made };
    },
    save: (plan) => {
      saved.push(plan);
      return Promise.resolve({ ok: true, made: 'plan.json' });
    },
    wizards: [],
    look: () => new Promise(() => undefined),
    saveAnswers: () => Promise.resolve({ ok: true, made: 'answers.yaml' }),
    pastRuns: () => Promise.resolve([]),
    newRun: () => 'run-1',
    carryOut: (request, tell, signal) =>
      new Promise((end) => runs.push({ request, tell, signal, end })),
    leaving: (run) => `Leaving is safe: resume ${run} goes on.`,
  };
}

/** A mirror whose sides both wrote: `left` may give way, `right` must not. */
export function aCase(more: Partial<Case> = {}): Case {
  const { title, steps, basis, warnings } = markPlan(['left/a', 'left/x', 'right/b']);
  return {
    verdict: 'both sides wrote',
    mendable: true,
    happened: 'The link was lost, and both sides wrote.',
    todo: '',
    blocks: [
      {
        kind: 'sides',
        sides: ['left', 'right'],
        rows: [{ label: 'wrote', values: [{ text: '12 MiB' }, { text: '3 GiB' }] }],
      },
    ],
    ways: [
      {
        value: 'left',
        says: 'left gives way',
        loses: ['12 MiB that left wrote since 13:50'],
        plan: ({ keepCopy }) => ({
          ok: true,
          draft: {
            title,
            steps,
            basis,
            confirmations: [{ word: 'left', accepts: 'what left wrote is lost' }],
            loses: ['12 MiB that left wrote'],
            putBack: 'nothing of what is lost',
            warnings: keepCopy ? [...warnings, 'the copy takes 40 GiB'] : warnings,
          },
        }),
      },
      {
        value: 'right',
        says: 'right gives way',
        loses: ['3 GiB that right wrote'],
        plan: () => ({ ok: false, faults: [{ key: '', says: 'it is mounted there' }] }),
      },
    ],
    recommended: { value: 'left', reasons: ['it wrote less'] },
    ...more,
  };
}
