import type { Millis } from '../../core/host.js';
import type { Tone } from '../../core/pane.js';
import type { Event, Problem } from './world.js';

/** How many events are remembered. */
const LENGTH = 1000;

/** The diary: what began, worsened and ended, by comparing one round with the next. */
export class Events {
  #events: readonly Event[] = [];
  #lastId = 0;
  #known: ReadonlyMap<string, Problem> = new Map();

  get all(): readonly Event[] {
    return this.#events;
  }

  /** Writes an event down. */
  add(at: Millis, tone: Tone, subject: string, says: string, problem?: string): void {
    this.#lastId += 1;
    const event = { id: this.#lastId, at, tone, subject, says };
    this.#events = [
      ...this.#events.slice(-(LENGTH - 1)),
      problem === undefined ? event : { ...event, problem },
    ];
  }

  /** Writes down how the problems differ from those of the round before. */
  compare(problems: readonly Problem[], at: Millis): void {
    const now = new Map(problems.map((problem) => [problem.key, problem]));
    for (const [key, problem] of now) this.#comparePair(key, this.#known.get(key), problem, at);
    for (const [key, { finding }] of this.#known) {
      if (!now.has(key)) this.add(at, 'good', finding.subject, `${finding.title}: over`, key);
    }
    this.#known = now;
  }

  #comparePair(key: string, before: Problem | undefined, problem: Problem, at: Millis): void {
    const { finding, severity } = problem;
    if (before === undefined) {
      const tone: Tone = problem.causedBy === undefined ? severity : 'muted';
      this.add(at, tone, finding.subject, `${finding.title}: ${finding.says}`, key);
    } else if (before.severity !== severity) {
      this.add(at, severity, finding.subject, `${finding.title}: now ${severity}`, key);
    }
  }
}
