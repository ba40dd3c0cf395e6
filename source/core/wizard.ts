import { z } from 'zod';
import type { Answers, Fault, Question } from './form.js';
import type { HostName, Reader } from './host.js';
import type { Json } from './json.js';
import type { Plan } from './plan.js';

export type { Answers } from './form.js';

/** The parts of a plan that what makes it decides; the rest is who, when and where. */
export type Draft = Pick<
  Plan,
  | 'title'
  | 'steps'
  | 'basis'
  | 'confirmations'
  | 'secrets'
  | 'loses'
  | 'putBack'
  | 'warnings'
  | 'next'
>;

/** A plan, or what stands against it. */
export type Drafted =
  | { readonly ok: true; readonly draft: Draft }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What a look at hosts must know of their cluster that they do not tell. */
export interface Surroundings {
  /** Ids of disks that no plan may touch; see `Cluster`. */
  readonly neverTouch: readonly string[];
  /** Hosts of the cluster that are not looked at, and why. */
  readonly notAsked: readonly { readonly host: HostName; readonly because: string }[];
}

/** A wizard as a stack writes it: looks (F: what it found), asks, and makes a plan (A: the answers). */
export interface WizardSpec<F, A> {
  /** `<stack>.<thing>`: `lizardfs.chunk-disks`. */
  readonly id: string;
  readonly title: string;
  /** What it is for, in one sentence. */
  readonly says: string;
  /** What is usually set up after it, in one sentence. */
  readonly next?: string;
  readonly answers: z.ZodType<A>;
  /** Looks at the hosts. Never rejects: what cannot be looked at is part of what it found. */
  readonly look: (hosts: readonly Reader[], around: Surroundings) => Promise<F>;
  /**
   * The questions in their order; later ones may hang on answers to earlier ones, which are not
   * validated yet: what does not fit counts as not answered.
   */
  readonly questions: (found: F, answers: Answers) => readonly Question[];
  readonly plan: (found: F, answers: A) => Drafted;
}

/** A wizard that has looked at the hosts. */
export interface WizardSession {
  readonly questions: (answers: Answers) => readonly Question[];
  /** JSON schema of the answers. */
  readonly schema: Json;
  /** What stands against the answers by their shape alone: it can be said as soon as one is given. */
  readonly check: (answers: Json) => readonly Fault[];
  readonly plan: (answers: Json) => Drafted;
}

/** A wizard of whatever kind of findings and answers, as kept in a list with others. */
export interface Wizard {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly next?: string;
  readonly begin: (hosts: readonly Reader[], around: Surroundings) => Promise<WizardSession>;
}

/** Makes a wizard fit for a list: answers are validated before the wizard sees them. */
export function defineWizard<F, A>(spec: WizardSpec<F, A>): Wizard {
  const { id, title, says, next } = spec;
  return {
    id,
    title,
    says,
    ...(next !== undefined && { next }),
    begin: async (hosts, around) => sessionOf(spec, await spec.look(hosts, around)),
  };
}

/** What asks and plans from what was found: answers are validated before the plan sees them. */
export function sessionOf<F, A>(
  spec: Pick<WizardSpec<F, A>, 'answers' | 'questions' | 'plan'>,
  found: F,
): WizardSession {
  const { answers: schema } = spec;
  return {
    schema: z.json().parse(z.toJSONSchema(schema, { io: 'input' })),
    questions: (answers) => spec.questions(found, answers),
    check: (json) => faultsOf(schema.safeParse(json)),
    plan: (json) => {
      const read = schema.safeParse(json);
      return read.success ? spec.plan(found, read.data) : { ok: false, faults: faultsOf(read) };
    },
  };
}

function faultsOf(read: z.ZodSafeParseResult<unknown>): readonly Fault[] {
  return (read.error?.issues ?? []).map(({ path, message }) => ({
    key: path.map(String).join('.'),
    says: message,
  }));
}
