import type { Millis } from '../../../core/host.js';
import type { Fleet } from '../state.js';
import { guestsPass } from './guests.js';
import { mergesPass } from './storage/merging.js';
import { transfersPass } from './storage/transfers.js';

/** What goes on in a Rocks cluster while time passes: guests write, data moves, the kernel merges. */
export function rocksPasses(fleet: Fleet, ms: Millis): void {
  if (!fleet.rocks) return;
  guestsPass(fleet, ms);
  transfersPass(fleet, ms);
  mergesPass(fleet, ms);
}
