import { z } from 'zod';
import type { HostName } from './host.js';
import { jsonSchema, type Json } from './json.js';
import { planSecretSchema, type PlanSecret } from './secret.js';

/** One small thing to be done on one host. What it means is known to its step kind. */
export interface Step {
  /** Unique in its plan; stays the same from the review to the journal: `s3`. */
  readonly id: string;
  /** The id of a step kind: `base.make-file-system`. */
  readonly kind: string;
  readonly host: HostName;
  /** What the kind needs to know; validated by the kind's own schema. */
  readonly params: Json;
  /** Ids of steps that must be done before it. */
  readonly needs: readonly string[];
}

/** A fact that a plan was made from. If it no longer holds at apply, the plan is stale. */
export interface Basis {
  readonly host: HostName;
  /** In words: `serial of /dev/disk/by-id/…`. */
  readonly says: string;
  /** The reading command that tells it. */
  readonly argv: readonly string[];
  /** What it said, of stdout, with white space at the ends taken off. */
  readonly expect: string;
}

/** A word that a person types before the plan is applied: the name of what is lost. */
export interface Confirmation {
  readonly word: string;
  /** What typing it accepts: `everything on sdi (ata-CT250…) is lost`. */
  readonly accepts: string;
}

/** Something to be done, as data: it can be saved, compared, reviewed by another, applied later. */
export interface Plan {
  readonly schema: 1;
  readonly id: string;
  readonly title: string;
  readonly cluster: string;
  /** What made it, and from which answers, so that it can be made again. */
  readonly origin: {
    readonly kind: 'wizard' | 'recovery';
    readonly id: string;
    readonly answers: Json;
  };
  /** ISO 8601. */
  readonly madeAt: string;
  /** `user@machine`. */
  readonly madeBy: string;
  readonly steps: readonly Step[];
  readonly basis: readonly Basis[];
  readonly confirmations: readonly Confirmation[];
  /** What must be given or made when it is carried out; never a value. Left out: none. */
  readonly secrets?: readonly PlanSecret[] | undefined;
  /** What is lost for good, a sentence each; empty: nothing. */
  readonly loses: readonly string[];
  /** What undo puts back, in words. */
  readonly putBack: string;
  readonly warnings: readonly string[];
  /** What is done once it has been carried out, in words; left out: nothing, or what its wizard says. */
  readonly next?: string | undefined;
}

const stepSchema = z.strictObject({
  id: z.string().min(1),
  kind: z.string().min(1),
  host: z.string().min(1),
  params: jsonSchema,
  needs: z.array(z.string()),
});

/** Reads a plan from JSON; what does not fit is named by its path. */
export const planSchema: z.ZodType<Plan> = z.strictObject({
  schema: z.literal(1),
  id: z.string().min(1),
  title: z.string(),
  cluster: z.string(),
  origin: z.strictObject({
    kind: z.enum(['wizard', 'recovery']),
    id: z.string(),
    answers: jsonSchema,
  }),
  madeAt: z.iso.datetime(),
  madeBy: z.string(),
  steps: z.array(stepSchema),
  basis: z.array(
    z.strictObject({
      host: z.string(),
      says: z.string(),
      argv: z.array(z.string()).min(1),
      expect: z.string(),
    }),
  ),
  confirmations: z.array(z.strictObject({ word: z.string().min(1), accepts: z.string() })),
  secrets: z.array(planSecretSchema).optional(),
  loses: z.array(z.string()),
  putBack: z.string(),
  warnings: z.array(z.string()),
  next: z.string().optional(),
});
