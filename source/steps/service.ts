import { z } from 'zod';
import type { Command } from '../core/host.js';
import { quoteAll } from '../core/quote.js';
import { defineStep } from '../core/step.js';
import { devicesNamed } from './named-devices.js';
import { shown, showsSchema } from './looks.js';

const paramsSchema = z.strictObject({
  action: z.enum(['start', 'stop', 'restart', 'reload', 'enable']),
  /** The service in words, as the review names it: `lizardfs-chunkserver`. */
  service: z.string().min(1),
  /** What is run: `["systemctl", "reload", "lizardfs-chunkserver.service"]`. */
  argv: z.array(z.string()).min(1),
  /**
   * What the action brings about, as the host shows it. `systemctl` ends with 0 for what never took
   * effect (o2cb, a unit without `[Install]`), so its exit code proves nothing.
   */
  shows: showsSchema,
  /** What takes it back; left out: there is nothing to take back. */
  undo: z.strictObject({ says: z.string(), argv: z.array(z.string()).min(1) }).optional(),
});

/** The parameters of `service.action`. */
export type ServiceAction = z.infer<typeof paramsSchema>;

/** Starts, stops, restarts, reloads a service or has it start at boot, and believes only what the host then shows. */
export const serviceAction = defineStep<ServiceAction>({
  id: 'service.action',
  params: paramsSchema,
  effect: () => 'changes',
  touches: ({ argv, undo }) => devicesNamed(argv, undo?.argv),
  tell: ({ action, service }) => ({
    title: action === 'enable' ? 'have the service start at boot' : `${action} the service`,
    on: service,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(params.argv)] }),
  check: (host, { shows }) => shown(host, shows),
  commands: ({ argv }) => [act(argv)],
  // A daemon takes a signal when it comes to it.
  wait: {
    every: 1000,
    atMost: 60_000,
    progress: () => Promise.resolve({ says: 'waiting for it to show' }),
  },
  undo: ({ undo }) =>
    undo
      ? { kind: 'commands', says: undo.says, commands: [act(undo.argv)], leavesTraces: true }
      : { kind: 'nothing' },
});

function act(argv: readonly string[]): Command<'changes'> {
  return { argv, effect: 'changes', deadline: 120_000 };
}
