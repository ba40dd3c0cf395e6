import type { Millis } from '../../core/host.js';
import type { Fleet } from './state.js';

/** A starting state of the fleet. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  /** The fleet that it begins with, at this moment; left out: the calm one. */
  readonly fleet?: (now: Millis) => Fleet;
  readonly begin: (fleet: Fleet) => void;
}
