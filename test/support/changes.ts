import type { Answers } from '../../source/core/form.js';
import type { WizardSession } from '../../source/core/wizard.js';
import type { RunLook } from '../../source/engine/run/run-look.js';
import type { Case } from '../../source/core/recovery.js';
import { StepKinds } from '../../source/core/step.js';
import type { Plan } from '../../source/core/plan.js';
import type { RunEvent } from '../../source/engine/run/runner.js';
import type {
  Changes,
  Made,
  Making,
  RunRequest,
  RunResult,
  WizardLook,
} from '../../source/ui/changes.js';
import { mark, markPlan } from './mark-host.js';

/** A run that goes on only as far as the test lets it. */
export interface HeldRun {
  readonly request: RunRequest;
  readonly signal: AbortSignal;
  readonly tell: (event: RunEvent) => void;
  readonly end: (result: RunResult) => void;
}

/** A look that finds something when the test says so. */
export interface HeldLook {
  readonly look: WizardLook;
  readonly signal: AbortSignal;
  readonly tell: (says: string) => void;
  readonly find: (found: Made<WizardSession>) => void;
}

/** Changes that are told by a test what to find and how a run ends. */
export interface FakeChanges extends Changes {
  readonly asked: string[];
  /** The looks of wizards, with what they were to look at and whether anybody still waits. */
  readonly looks: HeldLook[];
  /** The answers that were kept in a file. */
  readonly kept: Answers[];
  /** What plans were made from. */
  readonly made: Making[];
  /** What was carried out before. */
  readonly past: RunLook[];
  readonly saved: Plan[];
  readonly runs: HeldRun[];
  /** Lets the look that waits find something. */
  readonly find: (found: Made<Case>) => void;
  readonly progress: (says: string) => void;
}

/** Changes of marks: one recovery, `mirror.mend`. */
export function fakeChanges(): FakeChanges {
  const asked: string[] = [];
  const looks: HeldLook[] = [];
  const kept: Answers[] = [];
  const made: Making[] = [];
  const past: RunLook[] = [];
  const saved: Plan[] = [];
  const runs: HeldRun[] = [];
  let find: (found: Made<Case>) => void = () => undefined;
  let progress: (says: string) => void = () => undefined;
  return {
    asked,
    looks,
    kept,
    made,
    past,
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
    plan: (draft, about) => {
      made.push(about);
      const { cluster, origin } = about;
      return { ok: true, made: { ...markPlan([]), ...draft, cluster, origin } };
    },
    save: (plan) => {
      saved.push(plan);
      return Promise.resolve({ ok: true, made: 'plan.json' });
    },
    wizards: [
      {
        id: 'mirror.make',
        title: 'Make a mirror',
        says: 'Joins two disks to a mirror.',
        next: 'a share of it.',
      },
      { id: 'mirror.share', title: 'Share a mirror', says: 'Lets others use it.' },
    ],
    look: (look, tell, signal) =>
      new Promise((found) => looks.push({ look, tell, signal, find: found })),
    saveAnswers: (_wizard, answers) => {
      kept.push(answers);
      return Promise.resolve({ ok: true, made: 'answers.yaml' });
    },
    pastRuns: () => Promise.resolve([...past]),
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
    choosing: 'who gives way',
    copies: true,
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
