import type { AnyStepKind } from '../../../core/step.js';
import { checkOcfs2 } from './check.js';
import { makeOcfs2 } from './make-file-system.js';

/** What the wizards and recoveries of OCFS2 are made of, beyond the general steps. */
export const steps: readonly AnyStepKind[] = [makeOcfs2, checkOcfs2];
