import type { Exchange, HostName, Millis, Reader } from '../../../core/host.js';
import { Now, type HostState, type Reading } from '../../../core/probe.js';
import { parseSurvey, surveyCommand } from '../../../core/survey.js';
import {
  configProbe,
  devicesProbe,
  identifiersProbe,
  logProbe,
  namesProbe,
  readIdentifiers,
} from '../probes.js';

const PROBES = [devicesProbe, namesProbe, identifiersProbe, logProbe, configProbe];

/** Asks all hosts everything that the pane knows, now. Never rejects. */
export async function lookAtAll(
  hosts: ReadonlyMap<HostName, Reader>,
  clock: () => Millis,
): Promise<Now> {
  const looked = await Promise.all([...hosts.values()].map((host) => lookAtHost(host, clock)));
  return new Now(
    clock(),
    looked.map(({ state }) => state),
    looked.flatMap(({ readings }) => readings),
  );
}

interface Looked {
  readonly state: HostState;
  readonly readings: readonly Reading<unknown>[];
}

async function lookAtHost(host: Reader, clock: () => Millis): Promise<Looked> {
  const [readings, survey] = await Promise.all([
    Promise.all(PROBES.map((probe) => readOne(probe, host, clock))),
    lookWho(host, clock),
  ]);
  const base = { name: host.name, target: host.name, since: clock(), stacks: ['drbd'] };
  return { readings, state: { ...base, phase: 'up', ...(survey && { survey }) } };
}

async function readOne(
  probe: (typeof PROBES)[number],
  host: Reader,
  clock: () => Millis,
): Promise<Reading<unknown>> {
  const asked: Exchange[] = [];
  const reader = listening(host, asked, clock);
  // The watch asks for a few at a time; whoever mends one resource of many must not miss it.
  const answer =
    probe === identifiersProbe
      ? await readIdentifiers(reader, Number.POSITIVE_INFINITY)
      : await probe.read(reader);
  const base = { probe, host: host.name, at: clock(), asked };
  if (answer.kind !== 'value') return { ...base, ...answer };
  const { value, unread, partial } = answer;
  return { ...base, kind: 'fresh', value, unread, ...(partial && { partial }) };
}

/** What the host calls itself and where it is: by that its peers name it. */
async function lookWho(host: Reader, clock: () => Millis): Promise<HostState['survey']> {
  const sent = clock();
  const outcome = await host.run(surveyCommand([]));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  return parseSurvey(outcome.stdout, { sent, received: clock() });
}

/** A reader whose answers are kept for evidence. */
function listening(host: Reader, asked: Exchange[], clock: () => Millis): Reader {
  return {
    name: host.name,
    run: async (command, signal) => {
      const at = clock();
      const outcome = await host.run(command, signal);
      asked.push({ host: host.name, command, outcome, at, took: clock() - at });
      return outcome;
    },
  };
}
