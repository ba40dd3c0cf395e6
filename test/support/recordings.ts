import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exchange, Host, Reader } from '../../source/core/host.js';
import { Now, type HostState, type Probe, type Reading } from '../../source/core/probe.js';
import type { Stack } from '../../source/core/stack.js';
import { parseSurvey, surveyCommand } from '../../source/core/survey.js';
import { recordedHost } from '../../source/transport/recorded.js';

/** Compiled tests run from build/test/support. */
export const fixturesFolder = fileURLToPath(new URL('../../../fixtures/', import.meta.url));

/** A moment at which all recorded hosts were read; ages in tests count from here. */
export const RECORDED_AT = Date.UTC(2026, 10, 20, 14, 2, 11);

/** The text of a fixture: `fixture('drbd/split-brain/fiori/proc-drbd.txt')`. */
export function fixture(path: string): string {
  return readFileSync(join(fixturesFolder, path), 'utf8');
}

/** The situations recorded for a stack: the folders in `fixtures/<stack>/`. */
export function situations(stack: string): readonly string[] {
  return readdirSync(join(fixturesFolder, stack), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/**
 * All that a stack's probes read from the hosts of one recorded situation. A probe of cluster
 * scope is asked of one host after the other until one brings a value, as the engine does.
 *
 * @param altered what the hosts say instead of what they said: for damaged or hostile outputs
 */
export async function recordedNow(
  stack: Stack,
  situation: string,
  altered: (output: string) => string = (output) => output,
): Promise<Now> {
  const folder = join(fixturesFolder, stack.id, situation);
  const names = readdirSync(folder).sort();
  const states = await Promise.all(
    names.map(async (name) =>
      recordedState(await recordedHost(name, join(folder, name)), stack.id),
    ),
  );
  const readings: Reading<unknown>[] = [];
  for (const probe of stack.probes) {
    const answered = new Set<string>();
    for (const name of names) {
      const cluster = clusterOf(probe, new Now(RECORDED_AT, states, readings), name);
      if (cluster !== undefined && answered.has(cluster)) continue;
      if (cluster === undefined && probe.clusterOf) continue;
      const asked: Exchange[] = [];
      const host = listening(await recordedHost(name, join(folder, name)), asked, altered);
      const answer = await probe.read(host);
      const base = { probe, host: name, asked, at: RECORDED_AT };
      if (answer.kind === 'value') {
        const { value, unread, partial } = answer;
        readings.push({ ...base, kind: 'fresh', value, unread, ...(partial && { partial }) });
        if (cluster !== undefined) answered.add(cluster);
      } else {
        readings.push({ ...base, ...answer });
      }
    }
  }
  return new Now(RECORDED_AT, states, readings);
}

/** The cluster for which a host answers; undefined: for itself alone, or it is of none. */
function clusterOf(probe: Probe<unknown>, now: Now, host: string): string | undefined {
  if (probe.scope === 'host') return undefined;
  return probe.clusterOf ? probe.clusterOf(now, host) : '';
}

/** A host whose answers are kept, as the engine keeps them for evidence. */
function listening(host: Host, asked: Exchange[], altered: (output: string) => string): Reader {
  return {
    name: host.name,
    run: async (command, signal) => {
      const said = await host.run(command, signal);
      const outcome = 'stdout' in said ? { ...said, stdout: altered(said.stdout) } : said;
      asked.push({ host: host.name, command, outcome, at: RECORDED_AT, took: 1 });
      return outcome;
    },
  };
}

/** A host that is up; who it is, where its recording tells. */
async function recordedState(host: Host, stack: string): Promise<HostState> {
  const { name } = host;
  const since = RECORDED_AT - 60_000;
  const outcome = await host.run(surveyCommand([]));
  const between = { sent: RECORDED_AT, received: RECORDED_AT };
  const survey =
    outcome.kind === 'exited' && outcome.code === 0
      ? parseSurvey(outcome.stdout, between)
      : undefined;
  const base = { name, target: `root@${name}`, phase: 'up', since, stacks: [stack] } as const;
  return { ...base, ...(survey && { survey }) };
}
