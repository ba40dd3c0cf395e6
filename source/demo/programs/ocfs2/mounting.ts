import { clusterOn } from '../../fleet/ocfs2.js';
import type { Signature } from '../../fleet/state.js';
import { failed, type Call, type Ran } from '../program.js';

/** Why mount.ocfs2 does not mount; undefined: it does. */
export function ocfs2Refusal(
  { machine }: Call,
  signature: Signature,
  target: string,
): Ran | undefined {
  if (clusterOn(machine)) return undefined;
  return failed(
    32,
    `mount.ocfs2: Unable to access cluster service while trying initialize cluster\nmount: ${target}: ${signature.uuid} cannot be mounted.\n`,
  );
}
