import type { Stack } from '../core/stack.js';
import { ceph } from './ceph/index.js';

/** Every storage system that Holdfast knows, in the order of its panes: the only such list. */
export const stacks: readonly Stack[] = [ceph];
