import type { AnyStepKind } from '../../../core/step.js';
import { autostart } from './autostart.js';
import { defineNetwork } from './define-network.js';
import { definePool } from './define-pool.js';
import { forget } from './forget.js';
import { start } from './start.js';

/** What libvirt's wizards are made of, beyond the general steps. */
export const steps: readonly AnyStepKind[] = [definePool, defineNetwork, start, autostart, forget];
