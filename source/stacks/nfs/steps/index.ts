import type { AnyStepKind } from '../../../core/step.js';
import { applyExports } from './apply-exports.js';

/** What the wizard of NFS is made of, beyond the general steps. */
export const steps: readonly AnyStepKind[] = [applyExports];
