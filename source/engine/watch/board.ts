import type { HostName, Millis } from '../../core/host.js';
import type { Failure } from '../../core/failure.js';
import type { Probe, Reading } from '../../core/probe.js';

/** The newest reading of every probe and host. */
export class Board {
  readonly #readings = new Map<string, Reading<unknown>>();

  /**
   * Puts new readings up.
   *
   * @param instead the hosts for whom they speak: what those brought before is taken down
   */
  put(
    probe: Probe<unknown>,
    readings: readonly Reading<unknown>[],
    instead: (host: HostName) => boolean,
  ): void {
    for (const [slot, reading] of this.#readings) {
      if (reading.probe === probe && instead(reading.host)) this.#readings.delete(slot);
    }
    for (const reading of readings) {
      this.#readings.set(`${probe.id}@${reading.host}`, reading);
    }
  }

  /** A host cannot be asked any more: what it said last is not the present any longer. */
  outdate(host: HostName, failure: Failure, at: Millis): void {
    for (const [slot, reading] of this.#readings) {
      if (reading.host !== host || reading.kind !== 'fresh') continue;
      const { partial: _partial, ...rest } = reading;
      this.#readings.set(slot, { ...rest, kind: 'stale', failure, failedAt: at });
    }
  }

  all(): readonly Reading<unknown>[] {
    return [...this.#readings.values()];
  }
}
