import { z } from 'zod';
import type { Command, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import {
  connectionOf,
  devicesOf,
  drbdadm,
  lookAtSide,
  sideSchema,
  type SideParams,
} from './side.js';
import { sidesSeen } from './wait.js';

const discardSchema = sideSchema.extend({
  /** What is lost, as the review says it. */
  loses: z.string(),
});

/** The parameters of `drbd.connect-discarding`. */
export type ConnectDiscarding = z.infer<typeof discardSchema>;

/**
 * Connects a side that gives up what it wrote. Refused while it is Primary, as by DRBD itself (exit
 * 10). The kernel does not show that the data will be discarded; whoever else connected it without
 * that ends in StandAlone again, and nothing is lost.
 */
export const connectDiscarding = defineStep<ConnectDiscarding>({
  id: 'drbd.connect-discarding',
  params: discardSchema,
  effect: () => 'destroys',
  touches: devicesOf,
  tell: ({ loses, ...side }) => ({
    title: 'connect it, its own changes discarded',
    on: connectionOf(side),
    loses,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(discard(params).argv)] }),
  check: async (host, params) => {
    const look = await lookAtSide(host, params);
    if (look.ok && look.side.link === 'standalone' && look.side.role !== 'Secondary') {
      return { kind: 'refused', because: `it is ${look.side.role} again` };
    }
    return isConnecting(host, params);
  },
  commands: (params) => [discard(params)],
  undo: ({ resource }) => ({
    kind: 'impossible',
    because: `what this side wrote to ${resource} was overwritten as soon as the sides met; only a copy made before has it`,
  }),
});

/** `drbdadm -- --discard-my-data connect` before 8.4; tools of 9 drop what they do not know there. */
function discard(params: SideParams): Command<'destroys'> {
  return params.driver === '8.3'
    ? drbdadm('destroys', '--', '--discard-my-data', 'connect', params.resource)
    : drbdadm('destroys', 'connect', '--discard-my-data', connectionOf(params));
}

const plain = (params: SideParams) => drbdadm('changes', 'connect', connectionOf(params));

/** Connects the side that keeps its data. */
export const connect = defineStep<SideParams>({
  id: 'drbd.connect',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: (params) => ({
    title: params.peer === undefined ? 'connect the side that keeps its data' : 'connect it',
    on: connectionOf(params),
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(plain(params).argv)] }),
  check: isConnecting,
  commands: (params) => [plain(params)],
  undo: () => ({
    kind: 'impossible',
    because: 'the sides stay connected: to part them again would put nothing back',
  }),
});

/**
 * Connects the side that keeps its data, and waits until the two talk. Among several nodes this side was once
 * seen alone again right after (DRBD 9.2.9, on slow machines; why was not caught), while the victim went on
 * waiting with what it gives up still given up. Tried again, this step connects once more.
 */
export const connectAndMeet = defineStep<SideParams>({
  id: 'drbd.connect-and-meet',
  params: sideSchema,
  effect: () => 'changes',
  touches: devicesOf,
  tell: (params) => ({
    title: 'connect the side that keeps its data, until both talk',
    on: connectionOf(params),
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(plain(params).argv)] }),
  check: async (host, params) => {
    const verdict = await isConnecting(host, params);
    if (verdict.kind !== 'done') return verdict;
    const look = await lookAtSide(host, params);
    return { kind: look.ok && look.side.link === 'in touch' ? 'done' : 'notYet' };
  },
  commands: (params) => [plain(params)],
  wait: {
    every: 1000,
    atMost: 120_000,
    progress: async (host, params) => {
      const look = await lookAtSide(host, params);
      return look.ok ? { says: sidesSeen(host.name, look.side) } : undefined;
    },
    tooLate: (_, last) =>
      `the sides did not come together within 2 min; last seen: ${last?.says ?? 'nothing'}. \`resume\` connects once more`,
  },
  undo: () => ({
    kind: 'impossible',
    because: 'the sides stay connected: to part them again would put nothing back',
  }),
});

async function isConnecting(host: Reader, params: SideParams): Promise<Verdict> {
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  switch (look.side.link) {
    case 'standalone':
      return { kind: 'notYet' };
    case 'in touch':
    case 'waiting':
    case 'broken':
      return { kind: 'done' };
    case 'unconfigured':
    case 'unknown':
      return {
        kind: 'cannotTell',
        because: `its connection is ${look.side.connection}, which is not known here`,
      };
  }
}
