import type { Host } from '../../source/core/host.js';
import type { RunHost } from '../../source/engine/run/runner.js';

/** A host for a run in which nothing is guarded: its connection is never made anew. */
export function lasting(host: Host): RunHost {
  const { name, run } = host;
  return { name, run, renew: () => Promise.resolve(undefined) };
}
