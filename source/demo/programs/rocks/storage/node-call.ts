import type { StorageNode } from '../../../fleet/rocks/state.js';
import type { Refused } from '../../../fleet/rocks/storage/zfs.js';
import { failed, printed, type Call, type Ran } from '../../program.js';

/** A call of a program on a host with storage. */
export interface NodeCall extends Call {
  readonly node: StorageNode;
}

/** What a command that prints nothing came to. */
export function ended(refused: Refused): Ran {
  return refused === undefined ? printed('') : failed(1, refused);
}
