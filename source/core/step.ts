import { z } from 'zod';
import type { Command, Effect, Millis, Outcome, Reader } from './host.js';
import type { Json } from './json.js';
import type { Step } from './plan.js';
import { showCommand } from './quote.js';
import type { Touch } from './touch.js';
import { duration } from './units.js';

/** How a step stands, as the host itself shows it. */
export type Verdict =
  /** `says`: what the host showed, for the journal. */
  | { readonly kind: 'done'; readonly says?: string }
  /** `says`: what the host showed instead. */
  | { readonly kind: 'notYet'; readonly says?: string }
  /** It must not be done: what it was reviewed for is no longer so, or something is in use. */
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'cannotTell'; readonly because: string };

/** How far a step is that takes a while. */
export interface Progress {
  /** 0 to 1, where known. */
  readonly share?: number;
  /** `Writing inode tables: 412/1863`. */
  readonly says: string;
  readonly secondsLeft?: number;
}

/** What a step will do, for the review. */
export interface Telling {
  /** `make ext4`. */
  readonly title: string;
  /** On what: `/dev/disk/by-id/ata-…`. */
  readonly on: string;
  /** What is lost for good by it, if anything is. */
  readonly loses?: string;
}

/** What a step changes, laid open. */
export type Preview =
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  /** A unified diff of a file. */
  | { readonly kind: 'diff'; readonly file: string; readonly lines: readonly string[] }
  /** It changes nothing: it looks, or it waits. */
  | { readonly kind: 'looks'; readonly lines: readonly string[] };

/** How a step is taken back. */
export type Undo =
  | {
      readonly kind: 'commands';
      readonly says: string;
      readonly commands: readonly Command[];
      /** What the check looks at may stay behind (a daemon leaves its lock file): it proves nothing. */
      readonly leavesTraces?: boolean;
    }
  /** There is nothing to take back. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'impossible'; readonly because: string };

/**
 * How a change that could cut the console off is taken back by the host itself. It is armed before
 * the commands run, and only a connection made after them disarms it: an old one may live on where
 * no new one gets through. To take it back may cut the console off as well, so that goes the same
 * way. What the host runs alone needs nobody, and is right whether or not the change took effect,
 * twice as well as once.
 */
export interface Guard {
  /** Takes the change back. */
  readonly putBack: readonly string[];
  /** Makes the change again, where it was taken back and that cut the console off. */
  readonly doAgain: readonly string[];
  /** How long the console has to come back, in s. */
  readonly seconds: number;
}

/** What a guard will do, for the review of a change or of its undo. */
export function guardSays({ putBack, doAgain, seconds }: Guard, turn: 'change' | 'undo'): string {
  const runs = showCommand(turn === 'change' ? putBack : doAgain);
  return `unless a new connection confirms it within ${duration(seconds)}, the host itself runs: ${runs}`;
}

/**
 * A kind of step. What it tells, what it runs and how it is checked stand in one place, so that the
 * review can never show anything else than what is done.
 */
export interface StepKind<P> {
  /** `<stack>.<verb-thing>`. */
  readonly id: string;
  readonly params: z.ZodType<P>;
  readonly effect: (params: P) => Effect;
  /**
   * The storage that it or its undo writes on or takes into use; empty: none. The runner has it
   * judged on the hosts before it does either, whoever wrote the plan.
   */
  readonly touches: (params: P) => readonly Touch[];
  readonly tell: (params: P) => Telling;
  readonly preview: (params: P) => Preview;
  /**
   * Looks at the host: asked before the step (done already: skipped) and after it (the state, not
   * the exit code). Never changes anything.
   */
  readonly check: (host: Reader, params: P) => Promise<Verdict>;
  /** What is run, in this order; the first that fails ends the step. */
  readonly commands: (params: P) => readonly Command[];
  /** For a change that could cut the console off from the host. */
  readonly guard?: (params: P) => Guard;
  /** What a failed command means, where the tool's words are known. */
  readonly explain?: (outcome: Outcome, params: P) => string | undefined;
  /** For a step that waits: how often it is checked, how long at the most, and how far it is. */
  readonly wait?: {
    readonly every: Millis;
    readonly atMost: Millis;
    readonly progress: (host: Reader, params: P) => Promise<Progress | undefined>;
    /** What it means that it has not come about in that time; left out: in general words. */
    readonly tooLate?: (params: P, last: Progress | undefined) => string;
  };
  /** The host restarts in it: what the run holds there, such as its lock, is taken again. */
  readonly restarts?: true;
  readonly undo: (params: P) => Undo;
}

/** A step kind with its parameters given: all that the review and the runner need of it. */
export interface BoundStep {
  readonly effect: Effect;
  readonly touches: readonly Touch[];
  readonly telling: Telling;
  readonly preview: Preview;
  readonly commands: readonly Command[];
  readonly undo: Undo;
  readonly guard?: Guard;
  readonly check: (host: Reader) => Promise<Verdict>;
  readonly explain: (outcome: Outcome) => string | undefined;
  readonly wait?: {
    readonly every: Millis;
    readonly atMost: Millis;
    readonly progress: (host: Reader) => Promise<Progress | undefined>;
    readonly tooLate?: (last: Progress | undefined) => string;
  };
  readonly restarts?: true;
}

/** Parameters that fit a kind, or why they do not. */
export type Bound =
  | { readonly ok: true; readonly step: BoundStep }
  | { readonly ok: false; readonly because: string };

/** A step kind of whatever parameters, as kept in a list with others. */
export interface AnyStepKind {
  readonly id: string;
  readonly bind: (params: Json) => Bound;
}

/** Makes a kind fit for a list: its parameters are validated when it is bound. */
export function defineStep<P>(kind: StepKind<P>): AnyStepKind {
  return {
    id: kind.id,
    bind: (json) => {
      const read = kind.params.safeParse(json);
      if (!read.success) return { ok: false, because: z.prettifyError(read.error) };
      return { ok: true, step: bindTo(kind, read.data) };
    },
  };
}

function bindTo<P>(kind: StepKind<P>, params: P): BoundStep {
  const { wait } = kind;
  const tooLate = wait?.tooLate;
  return {
    effect: kind.effect(params),
    touches: kind.touches(params),
    telling: kind.tell(params),
    preview: kind.preview(params),
    commands: kind.commands(params),
    undo: kind.undo(params),
    ...(kind.guard && { guard: kind.guard(params) }),
    ...(kind.restarts && { restarts: kind.restarts }),
    check: (host) => kind.check(host, params),
    explain: (outcome) => kind.explain?.(outcome, params),
    ...(wait && {
      wait: {
        every: wait.every,
        atMost: wait.atMost,
        progress: (host) => wait.progress(host, params),
        ...(tooLate && { tooLate: (last: Progress | undefined) => tooLate(params, last) }),
      },
    }),
  };
}

/** The step kinds that are known, by id. */
export class StepKinds {
  readonly #kinds: ReadonlyMap<string, AnyStepKind>;

  constructor(kinds: Iterable<AnyStepKind>) {
    this.#kinds = new Map([...kinds].map((kind) => [kind.id, kind]));
  }

  /** The kind of a step, with the step's parameters; a kind that is not known is refused. */
  bind(step: Pick<Step, 'kind' | 'params'>): Bound {
    const kind = this.#kinds.get(step.kind);
    if (!kind) return { ok: false, because: `there is no kind of step called ${step.kind}` };
    return kind.bind(step.params);
  }
}
