import { z } from 'zod';
import type { Answers, Fault, Question } from './form.js';
import type { HostName, Reader } from './host.js';
import type { Json } from './json.js';
import type { Plan } from './plan.js';

export type { Answers } from './form.js';

/** The parts of a plan that what makes it decides; the rest is who, when and where. */
export type Draft = Pick<
  Plan,
  'title' | 'steps' | 'basis' | 'confirmations' | 'secrets' | 'loses' | 'putBack' | 'warnings'
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
  readonly plan: (answers: Json) => Drafted;
}

/** A wizard of whatever kind of findings and answers, as kept in a list with others. */
export interface Wizard {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly begin: (hosts: readonly Reader[], around: Surroundings) => Promise<WizardSession>;
}

/** Makes a wizard fit for a list: answers are validated before the wizard sees them. */
export function defineWizard<F, A>(spec: WizardSpec<F, A>): Wizard {
  const { id, title, says, answers: schema } = spec;
  return {
    id,
    title,
    says,
    begin: async (hosts, around) => {
      const found = await spec.look(hosts, around);
      return {
        schema: z.json().parse(z.toJSONSchema(schema, { io: 'input' })),
        questions: (answers) => spec.questions(found, answers),
        plan: (json) => {
          const read = schema.safeParse(json);
          if (read.success) return spec.plan(found, read.data);
          const faults = read.error.issues.map(({ path, message }): Fault => ({
            key: path.map(String).join('.'),
            says: message,
          }));
          return { ok: false, faults };
        },
      };
    },
  };
}
