import type { Fleet } from '../../source/demo/index.js';
import type { Clock } from '../../source/engine/clock.js';

/** A clock that is the fleet's own: who waits lets the fleet's time pass, as fast as it goes. */
export class FleetClock implements Clock {
  constructor(private readonly fleet: Fleet) {}

  readonly now = (): number => this.fleet.clock.now;

  readonly after = (ms: number, call: () => void): (() => void) => {
    let left = ms;
    let timer = setImmediate(pass.bind(undefined, this.fleet));
    function pass(fleet: Fleet): void {
      const piece = Math.min(left, 1000);
      fleet.advance(piece);
      left -= piece;
      timer = setImmediate(left > 0 ? pass.bind(undefined, fleet) : call);
    }
    return () => clearImmediate(timer);
  };
}
