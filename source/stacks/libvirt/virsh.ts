import type { Command } from '../../core/host.js';

/** The guests of KVM that belong to the host, not to a user. */
const URI = ['-c', 'qemu:///system'];

/** virsh for looking: a connection that cannot change anything. */
export const VIRSH_READS: readonly string[] = ['virsh', '-r', ...URI];

/** A command of virsh that changes something; libvirt may wait for storage. */
export function virsh(words: readonly string[], input?: string): Command<'changes'> {
  return {
    argv: ['virsh', ...URI, ...words],
    effect: 'changes',
    deadline: 120_000,
    ...(input !== undefined && { input }),
  };
}
