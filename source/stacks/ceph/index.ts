import type { Stack } from '../../core/stack.js';
import { diagnose } from './diagnose.js';
import { graph } from './graph.js';
import { inspectors } from './inspectors.js';
import { pane } from './pane.js';
import { healthDetailProbe, osdTreeProbe, statusProbe } from './probes.js';

/** Ceph, asked by its own command line tool with a key that may read. */
export const ceph: Stack = {
  id: 'ceph',
  title: 'Ceph',
  presence: { programs: ['ceph'], paths: ['/etc/ceph/ceph.conf'] },
  probes: [statusProbe, healthDetailProbe, osdTreeProbe],
  inspectors,
  diagnose,
  graph,
  pane,
};
