import type { Exchange, HostName, Millis, Reader } from './host.js';
import { Now, type Answer, type HostState, type Probe, type Reading } from './probe.js';
import { parseSurvey, surveyCommand } from './survey.js';

/** Who is asked what, for a recovery that must know how things are at this moment. */
export interface LookNow {
  /** The stack whose probes these are. */
  readonly stack: string;
  readonly probes: readonly Probe<unknown>[];
  readonly clock: () => Millis;
  /** Asks more than the watch does, where that asks a few at a time; left out: as the watch does. */
  readonly ask?: (probe: Probe<unknown>, host: Reader) => Promise<Answer<unknown>>;
}

/** Asks all hosts everything that the pane knows, now. Never rejects. */
export async function lookNow(hosts: ReadonlyMap<HostName, Reader>, about: LookNow): Promise<Now> {
  const looked = await Promise.all([...hosts.values()].map((host) => lookAtHost(host, about)));
  return new Now(
    about.clock(),
    looked.map(({ state }) => state),
    looked.flatMap(({ readings }) => readings),
  );
}

interface Looked {
  readonly state: HostState;
  readonly readings: readonly Reading<unknown>[];
}

async function lookAtHost(host: Reader, about: LookNow): Promise<Looked> {
  const { clock, probes, stack } = about;
  const [readings, survey] = await Promise.all([
    Promise.all(probes.map((probe) => readOne(probe, host, about))),
    lookWho(host, clock),
  ]);
  const base = { name: host.name, target: host.name, since: clock(), stacks: [stack] };
  return { readings, state: { ...base, phase: 'up', ...(survey && { survey }) } };
}

async function readOne(
  probe: Probe<unknown>,
  host: Reader,
  { clock, ask }: LookNow,
): Promise<Reading<unknown>> {
  const asked: Exchange[] = [];
  const reader = listening(host, asked, clock);
  const answer = await (ask ? ask(probe, reader) : probe.read(reader));
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
