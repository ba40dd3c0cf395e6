import type { Surroundings } from '../../source/core/wizard.js';

/** A cluster whose hosts are all looked at, and that protects no disk. */
export const wholeCluster: Surroundings = { neverTouch: [], notAsked: [] };
