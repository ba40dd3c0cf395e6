import { bySeverity, findingKey, graver, type Finding, type Severity } from '../../core/finding.js';
import type { StorageGraph } from '../../core/graph.js';
import type { Millis } from '../../core/host.js';
import { judge, type Judged } from '../../core/mute.js';
import type { Acknowledgement, Problem } from './world.js';

/** A problem that is gone and comes back within this time, in ms, is still the same one. */
const FLAPPING: Millis = 30_000;

/** A finding with the stack that found it. */
export interface Found {
  readonly stack: string;
  readonly finding: Finding;
}

interface Memory {
  readonly since: Millis;
  readonly seen: Millis;
  readonly acknowledged?: Acknowledgement & { readonly severity: Severity };
}

/** Keeps problems from round to round: since when they are, and who has seen them. */
export class Problems {
  readonly #memories = new Map<string, Memory>();

  /** The problems of a round, worst first, oldest first among equals. */
  update(found: readonly Found[], graph: StorageGraph, at: Millis): readonly Problem[] {
    this.#forget(at);
    const due = found.filter(({ finding }) => this.#isDue(finding, at));
    const stackOf = new Map(due.map(({ stack, finding }) => [findingKey(finding), stack]));
    return judge(
      due.map(({ finding }) => finding),
      graph,
    )
      .map((judged) => ({
        ...this.#toProblem(judged, stackOf.get(judged.key) ?? '', at),
        ...guestsOf(judged.finding, graph),
      }))
      .sort(
        (a, b) =>
          bySeverity(a.severity, b.severity) || a.since - b.since || a.key.localeCompare(b.key),
      );
  }

  /** Quiets a problem until it worsens or the time is over; a second time takes it back. */
  acknowledge(problem: Problem, at: Millis, forMillis: Millis): void {
    const memory = this.#memories.get(problem.key);
    if (!memory) return;
    const { acknowledged, ...rest } = memory;
    const { severity } = problem;
    this.#memories.set(
      problem.key,
      acknowledged ? rest : { ...rest, acknowledged: { at, until: at + forMillis, severity } },
    );
  }

  #isDue(finding: Finding, at: Millis): boolean {
    const key = findingKey(finding);
    const memory = this.#memories.get(key);
    this.#memories.set(key, { since: at, ...memory, seen: at });
    return at - (memory?.since ?? at) >= (finding.onlyAfter ?? 0);
  }

  #toProblem(judged: Judged, stack: string, at: Millis): Problem {
    const memory = this.#memories.get(judged.key) ?? { since: at, seen: at };
    const { acknowledged } = memory;
    const worse =
      acknowledged && graver(acknowledged.severity, judged.severity) !== acknowledged.severity;
    if (acknowledged === undefined || worse === true || at >= acknowledged.until) {
      this.#memories.set(judged.key, { since: memory.since, seen: memory.seen });
      return { ...judged, stack, since: memory.since };
    }
    return { ...judged, stack, since: memory.since, acknowledged };
  }

  #forget(at: Millis): void {
    for (const [key, memory] of this.#memories) {
      if (at - memory.seen > FLAPPING) this.#memories.delete(key);
    }
  }
}

function guestsOf({ about }: Finding, graph: StorageGraph): Pick<Problem, 'guests'> {
  const guests = graph.guestsOn(about);
  return guests.length > 0 ? { guests } : {};
}
