import type { Stack } from '../../core/stack.js';
import { diagnose } from './diagnose.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { pane } from './pane/pane.js';
import { libvirtProbe } from './probe.js';
import { steps } from './steps/index.js';
import { networks } from './wizards/networks/index.js';
import { pools } from './wizards/pools/index.js';
import { sshKeys } from './wizards/ssh-keys/index.js';

/** KVM hosts with libvirt: storage pools, virtual networks, and the guests on them. */
export const libvirt: Stack = {
  id: 'libvirt',
  title: 'libvirt',
  presence: { programs: ['virsh'], paths: [] },
  probes: [libvirtProbe],
  inspectors,
  diagnose,
  graph,
  pane,
  steps,
  wizards: [pools, networks, sshKeys],
};
