import type { Command } from '../../../core/host.js';

/**
 * libvirt counts in the definition how many interfaces of running guests are on a network
 * (formatnetwork: `connections`), and stops it all the same: they would be cut off.
 */
const STOP_UNUSED = [
  'v() { virsh -c qemu:///system "$@"; }',
  'if v net-dumpxml "$1" | grep -q "^<network.* connections="; then echo "error: guests are on the network $1" >&2; exit 75; fi',
  'v net-destroy "$1"',
].join('\n');

/** Stops a network that no guest is on. */
export function stopUnused(name: string): Command<'changes'> {
  return { argv: ['sh', '-c', STOP_UNUSED, 'sh', name], effect: 'changes', deadline: 60_000 };
}
