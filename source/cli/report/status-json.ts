import type { HostState, Reading } from '../../core/probe.js';
import type { Problem, StackView, World } from '../../engine/watch/world.js';
import type { ExitCode } from '../exit.js';

/** The version of the shape below; it grows by one when a key goes or changes its meaning. */
export const STATUS_SCHEMA = 1;

/** `holdfast status --json`, as documented in docs/status-json.md. Times are ISO 8601, UTC. */
export function statusJson(world: World, exit: ExitCode, version: string): object {
  return {
    holdfast: { version, schema: STATUS_SCHEMA },
    cluster: world.cluster,
    at: iso(world.at),
    exit,
    complete: world.complete,
    hosts: world.hosts.map(hostJson),
    stacks: world.stacks.map(stackJson),
    problems: world.problems.map(problemJson),
    running: world.running,
    readings: world.readings.map(readingJson),
  };
}

function hostJson(host: HostState): object {
  const { name, target, phase, since, took, failure, survey, stacks } = host;
  return {
    name,
    target,
    state: phase,
    since: iso(since),
    tookMs: took ?? null,
    hostname: survey?.hostname ?? null,
    os: survey?.os ?? null,
    kernel: survey?.kernel ?? null,
    root: survey?.root ?? null,
    clockOffsetMs: survey?.clockOffset ?? null,
    stacks,
    failure,
  };
}

function stackJson({ id, title, summary }: StackView): object {
  const { tone, first, second, third } = summary;
  return { id, title, state: tone, summary: [first.text, second.text, third.text] };
}

function problemJson(problem: Problem): object {
  const { key, severity, finding, stack, since, causedBy, causes } = problem;
  const { code, title, subject, hosts, says, means, todo, evidence } = finding;
  return {
    key,
    code,
    severity,
    title,
    subject,
    stack,
    hosts,
    says,
    means,
    todo,
    since: iso(since),
    causedBy,
    causes,
    evidence: evidence.map(({ host, command, lines }) => ({ host, command, lines })),
  };
}

function readingJson(reading: Reading<unknown>): object {
  const { probe, host, kind, at } = reading;
  const base = { probe: probe.id, host, state: kind, at: iso(at) };
  switch (reading.kind) {
    case 'fresh':
      return { ...base, value: reading.value, failure: reading.partial, unread: reading.unread };
    case 'stale':
      return { ...base, value: reading.value, failure: reading.failure, unread: reading.unread };
    case 'absent':
      return { ...base, because: reading.because, unread: [] };
    case 'failed':
      return { ...base, failure: reading.failure, unread: [] };
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
