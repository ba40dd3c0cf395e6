import type { AnyStepKind } from '../../../core/step.js';
import { introduceSr } from './introduce-sr.js';
import { keepAside } from './keep-aside.js';
import { createPbd, plugPbd, unplugPbd } from './pbd.js';
import { rebootTest } from './reboot-test.js';

/** The steps of pools and their repositories. */
export const steps: readonly AnyStepKind[] = [
  introduceSr,
  createPbd,
  plugPbd,
  unplugPbd,
  keepAside,
  rebootTest,
];
