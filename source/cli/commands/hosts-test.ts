import type { Connected, ConnectionStep, Connector } from '../../core/connection.js';
import type { Failure } from '../../core/failure.js';
import { targetOf, type HostEntry } from '../../core/fleet.js';
import type { Survey } from '../../core/probe.js';
import type { Stack } from '../../core/stack.js';
import { parseSurvey, stacksOn, surveyCommand } from '../../core/survey.js';
import { clean } from '../../core/text.js';
import { duration } from '../../core/units.js';
import { pad } from '../columns.js';
import { configuredCluster, note, say, type Context } from '../context.js';
import { reasonOf } from '../errors.js';
import { EXIT, usage, type ExitCode } from '../exit.js';
import { didYouMean } from '../near.js';
import { printJson } from '../report/plain.js';
import { signOf } from '../signs.js';
import { untilInterrupted, wayTo } from './status.js';
import { askerFor } from '../terminal-asker.js';

/** A clock that is off by more than this, in ms, is told. */
const CLOCK_LIMIT = 2000;

/** How one host stood the test. */
export interface Tested {
  readonly entry: HostEntry;
  readonly steps: readonly ConnectionStep[];
  readonly tookMs: number;
  readonly failure?: Failure;
  readonly survey?: Survey;
  /** Ids of the storage systems found on it, or told to be. */
  readonly stacks: readonly string[];
}

/** `holdfast hosts test`: tries the way to hosts, all at once, a line each as they finish. */
export async function hostsTest(
  context: Context,
  names: readonly string[],
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const { cluster } = await configuredCluster(context);
  const hosts = chosenHosts(cluster.hosts, names);
  const stacks = await context.parts.stacks();
  const asker = askerFor(context.io);
  const connector = await context.parts.connector(wayTo(context, asker));
  const abort = new AbortController();
  const print = linePrinter(hosts, stacks);
  const tests = hosts.map(async (entry) => {
    const tested = await testHost(entry, connector, stacks, abort.signal);
    if (options.json !== true && !abort.signal.aborted) say(context, print(tested));
    return tested;
  });
  const results = await untilInterrupted(Promise.all(tests), () => abort.abort());
  if (options.json === true) context.io.out(printJson(results.map(testedJson)));
  for (const line of asker.unanswered()) note(context, line);
  return exitForTests(results);
}

function chosenHosts(hosts: readonly HostEntry[], names: readonly string[]): readonly HostEntry[] {
  if (names.length === 0) return hosts;
  return [...new Set(names)].map((name) => {
    const found = hosts.find((host) => host.name === name);
    if (found) return found;
    throw usage(
      `There is no host named ${JSON.stringify(name)}.`,
      ...didYouMean(
        name,
        hosts.map((host) => host.name),
      ),
    );
  });
}

/** Connects to a host, asks who it is, and closes again. Never rejects for what a host does. */
export async function testHost(
  entry: HostEntry,
  connector: Connector,
  stacks: readonly Stack[],
  signal: AbortSignal,
): Promise<Tested> {
  const started = Date.now();
  const told = { entry, stacks: entry.stacks ?? [] };
  const connected = await connector.connect(entry, signal).catch(failed(entry));
  const { steps } = connected;
  if (!connected.ok) {
    return { ...told, steps, tookMs: Date.now() - started, failure: connected.failure };
  }
  const { host, close } = connected.connection;
  const sent = Date.now();
  const outcome = await host.run(surveyCommand(stacks), signal);
  const received = Date.now();
  close();
  const tookMs = received - started;
  if (outcome.kind !== 'exited') {
    const failure = {
      what: `it takes the connection but answers no command (${outcome.reason})`,
      where: entry.name,
      means: 'The host may be out of memory or processes, or its disks may hang.',
      todo: 'Look at its console.',
    };
    return { ...told, steps, tookMs, failure };
  }
  const survey = parseSurvey(outcome.stdout, { sent, received });
  return { entry, steps, tookMs, survey, stacks: stacksOn(survey, stacks, entry.stacks) };
}

/** A connector that rejects is a mistake of ours; the other hosts are tested all the same. */
function failed(entry: HostEntry): (error: unknown) => Connected {
  return (error) => {
    const failure = {
      what: 'connecting failed',
      where: entry.name,
      means: reasonOf(error),
      todo: '',
    };
    return { ok: false, failure, steps: [], final: false };
  };
}

/** 2 when a host cannot be reached, 1 when one is not root or its clock is off, else 0. */
export function exitForTests(results: readonly Tested[]): ExitCode {
  if (results.some((tested) => tested.failure !== undefined)) return EXIT.alert;
  return results.some((tested) => doubts(tested).length > 0) ? EXIT.warning : EXIT.fine;
}

/** What is not as it should be on a host that can be reached. */
function doubts({ entry, survey }: Tested): readonly string[] {
  if (!survey) return [];
  const off = Math.abs(survey.clockOffset);
  return [
    ...(survey.root
      ? []
      : [`Commands do not run as root, so much cannot be read. ${rootHint(entry)}`]),
    ...(off > CLOCK_LIMIT
      ? [
          `Its clock is ${duration(off / 1000)} ${survey.clockOffset > 0 ? 'ahead of' : 'behind'} this machine's.`,
        ]
      : []),
  ];
}

function rootHint(entry: HostEntry): string {
  if (entry.via === 'local') return 'Run Holdfast as root.';
  if (entry.become !== 'none') return 'See why with `sudo -v` on the host.';
  return 'Add it as root@…, or with --become sudo.';
}

/** Prints hosts as they finish, aligned although the rest is not known yet. */
export function linePrinter(
  hosts: readonly HostEntry[],
  stacks: readonly Stack[],
): (tested: Tested) => string {
  const name = Math.max(0, ...hosts.map((host) => host.name.length));
  const target = Math.max(0, ...hosts.map((host) => targetOf(host).length));
  const titles = new Map(stacks.map((stack) => [stack.id, stack.title]));
  return (tested) => {
    const { entry, failure, survey, tookMs, steps } = tested;
    const worries = doubts(tested);
    const tone = failure ? 'alert' : worries.length > 0 ? 'warning' : 'good';
    const found = tested.stacks.map((id) => titles.get(id) ?? id).join(', ');
    const facts = failure
      ? [clean(failure.what)]
      : [
          pad(survey?.root === true ? 'root' : 'not root', 8),
          pad(`clock ${signedMillis(survey?.clockOffset ?? 0)}`, 14),
          found === '' ? 'no storage system found' : found,
        ];
    const took = `${(tookMs / 1000).toFixed(2)} s`.padStart(7);
    const head = [signOf(tone), pad(entry.name, name), pad(targetOf(entry), target), took];
    const more = failure
      ? [
          ...steps.map(({ step, says }) => `${step}: ${says}`),
          ...[failure.means, failure.todo].filter((line) => line !== ''),
        ]
      : worries;
    const lines = [[...head, ...facts].join('  '), ...more.map((line) => `    ${clean(line)}`)];
    return lines.map((line) => `${line.trimEnd()}\n`).join('');
  };
}

/** `+12 ms`, `-3.4 s`. */
function signedMillis(offset: number): string {
  const size = Math.abs(offset);
  const text = size < 1000 ? `${size} ms` : duration(size / 1000);
  return `${offset < 0 ? '-' : '+'}${text}`;
}

function testedJson(tested: Tested): object {
  const { entry, failure, survey, stacks, steps, tookMs } = tested;
  return {
    name: entry.name,
    target: targetOf(entry),
    ok: failure === undefined,
    tookMs,
    steps,
    hostname: survey?.hostname ?? null,
    os: survey?.os ?? null,
    kernel: survey?.kernel ?? null,
    root: survey?.root ?? null,
    clockOffsetMs: survey?.clockOffset ?? null,
    stacks,
    failure,
  };
}
