import { reads, type Command } from '../../../core/host.js';

/** Asks for what is to be mounted at the start. */
export function fstabCommand(): Command<'reads'> {
  return reads(['cat', '/etc/fstab']);
}
