import type { Incident } from '../../../core/incident.js';
import type { Fleet } from '../state.js';
import { setCut } from './changes.js';

/** Of the three nodes, the one that it happens to. */
const NODE = 'kvm-3';

/** What can happen to three nodes of DRBD 9. */
export function nineIncidents(fleet: Fleet): readonly Incident[] {
  return [
    {
      id: 'node-cut',
      title: `cut ${NODE} off the others`,
      says: 'The others go on without it, where they have quorum.',
      run: () => setCut(fleet, NODE, true),
    },
    {
      id: 'node-heal',
      title: `put the links of ${NODE} back`,
      says: 'They meet again: a resync where one side wrote, a split brain where both did.',
      run: () => setCut(fleet, NODE, false),
    },
  ];
}
