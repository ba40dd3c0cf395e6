import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { mayAdjust } from './adjust.js';
import { parseShow } from '../read/configuration.js';
import { showHidden } from '../read/hidden.js';
import { devicesOf, drbdadm, lookAtSide, sideSchema, type SideParams } from './side.js';

const paramsSchema = sideSchema.extend({
  /** What its file says by then of the peer: `192.168.3.8:7790`. */
  address: z.string().regex(/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/),
  /** As people know it. */
  called: z.string(),
});

/** The parameters of `drbd.take-peer`. */
export type TakePeer = z.infer<typeof paramsSchema>;

const command = ({ resource }: SideParams) => drbdadm('changes', 'adjust', resource);

/** Besides what is harmless anyway: the connection to the old peer is let go of, which nobody answers. */
const LETS_GO = ['disconnect', 'forget-peer'];

/**
 * Lets the side that lives wait for another peer than before, as its file says by then: `disconnect` and
 * `connect` come of it, and it stays Primary (seen with DRBD 8.4.11). What it has open goes on. Refused while it is connected to anybody, and where `adjust` would move a disk.
 */
export const takePeer = defineStep<TakePeer>({
  id: 'drbd.take-peer',
  params: paramsSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: ({ resource, called, address }) => ({
    title: `let it wait for ${called} at ${address}`,
    on: resource,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(command(params).argv)] }),
  check,
  commands: (params) => [command(params)],
  undo: ({ resource, called }) => ({
    kind: 'impossible',
    because: `it goes on waiting for ${called} until its old file is brought into effect: \`drbdadm adjust ${resource}\``,
  }),
});

async function check(host: Reader, params: TakePeer): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const outcome = await host.run(showHidden(params.resource));
  if (outcome.kind !== 'exited' || outcome.code !== 0) {
    return { kind: 'cannotTell', because: `drbdsetup does not show ${params.resource}` };
  }
  const shown = parseShow(outcome.stdout);
  const known = shown.ok ? shown.value.find(({ name }) => name === params.resource) : undefined;
  const waits = known?.others.some(({ address }) => address === params.address) === true;
  if (waits && look.side.link !== 'standalone') return { kind: 'done' };
  if (look.side.touches) {
    const because = `${params.resource} is ${look.side.connection} to its old peer: that one is not gone`;
    return { kind: 'refused', because };
  }
  return mayAdjust(host, params, LETS_GO);
}
