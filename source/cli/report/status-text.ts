import type { HostState, Reading } from '../../core/probe.js';
import { clean, count, listed } from '../../core/text.js';
import { bytes, clockTime, duration, percent } from '../../core/units.js';
import {
  openProblems,
  type Problem,
  type StackView,
  type World,
} from '../../engine/watch/world.js';
import { columns } from '../columns.js';
import { signOf } from '../signs.js';

/** A look at a cluster as plain text, for people and for logs: no colours, no cursor, any width. */
export function statusText(world: World): string {
  const blocks = [
    [headline(world)],
    stackLines([...world.stacks, world.hostsView]),
    problemLines(world),
    silentHosts(world),
    gaps(world),
    runningLines(world),
    oddities(world),
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${text.join('\n\n')}\n`;
}

function headline(world: World): string {
  const open = openProblems(world);
  const alerts = open.filter((problem) => problem.severity === 'alert').length;
  const warnings = open.filter((problem) => problem.severity === 'warning').length;
  const up = world.hosts.filter((host) => host.phase === 'up').length;
  return [
    clean(world.cluster),
    `${new Date(world.at).toISOString().slice(0, 10)} ${clockTime(world.at)}`,
    `${up} of ${count(world.hosts.length, 'host')} ${world.hosts.length === 1 ? 'answers' : 'answer'}`,
    ...(alerts > 0 ? [`${signOf('alert')} ${count(alerts, 'alert')}`] : []),
    ...(warnings > 0 ? [`${signOf('warning')} ${count(warnings, 'warning')}`] : []),
    ...(alerts + warnings === 0 && up > 0 ? ['no alert, no warning'] : []),
  ].join('   ');
}

function stackLines(views: readonly StackView[]): readonly string[] {
  return columns(
    views.map(({ title, summary: { tone, first, second, third } }) => [
      signOf(tone),
      title,
      clean(first.text),
      clean(second.text),
      clean(third.text),
    ]),
  );
}

function problemLines(world: World): readonly string[] {
  if (world.problems.length === 0) return [];
  const shown = world.problems.filter((problem) => problem.causedBy === undefined);
  const byKey = new Map(world.problems.map((problem) => [problem.key, problem]));
  return ['Problems', ...shown.flatMap((problem) => problemBlock(problem, world, byKey))];
}

function problemBlock(
  problem: Problem,
  world: World,
  byKey: ReadonlyMap<string, Problem>,
): readonly string[] {
  const { finding, severity, since, causes } = problem;
  const age = (world.at - since) / 1000;
  const consequences = causes.map((key) => {
    const caused = byKey.get(key)?.finding;
    return caused ? `${caused.title} ${caused.subject}` : key;
  });
  const title = [
    `${signOf(severity)} ${clean(finding.title)}`,
    clean(finding.subject),
    clean(listed(finding.hosts)),
    severity,
    ...(age >= 60 ? [`for ${duration(age)}`] : []),
  ].filter((part) => part !== '');
  // A notice asks for nothing; a report full of them would hide what does.
  if (severity === 'notice') return [`  ${title.join('   ')}`];
  return [
    `  ${title.join('   ')}`,
    ...[finding.says, finding.means]
      .filter((line) => line !== '')
      .map((line) => `      ${clean(line)}`),
    ...(finding.todo === '' ? [] : [`      To do: ${clean(finding.todo)}`]),
    ...(causes.length === 0
      ? []
      : [`      Brings about ${causes.length} more: ${clean(listed(consequences, 6))}.`]),
  ];
}

function silentHosts(world: World): readonly string[] {
  const silent = world.hosts.filter((host) => host.phase !== 'up');
  if (silent.length === 0) return [];
  const told = new Set(
    world.problems.flatMap(({ finding, stack }) => (stack === 'hosts' ? finding.hosts : [])),
  );
  return [
    'Hosts that do not answer',
    ...silent.flatMap((host) => silentHost(host, told.has(host.name))),
  ];
}

/** @param told what it means stands among the problems already */
function silentHost(host: HostState, told: boolean): readonly string[] {
  const sign = signOf('unknown');
  const name = `${clean(host.name)} (${clean(host.target)})`;
  if (!host.failure) return [`  ${sign} ${name}: no answer yet`];
  const { what, means, todo } = host.failure;
  return [
    `  ${sign} ${name}: ${clean(what)}`,
    ...(told ? [] : [means, todo])
      .filter((line) => line !== '')
      .map((line) => `      ${clean(line)}`),
  ];
}

/** What could not be read on hosts that do answer. */
function gaps(world: World): readonly string[] {
  const up = new Set(world.hosts.filter((host) => host.phase === 'up').map((host) => host.name));
  const lines = world.readings
    .filter((reading) => up.has(reading.host))
    .flatMap((reading) => gapLines(reading, world.at));
  return lines.length === 0 ? [] : ['Not known', ...lines];
}

function gapLines(reading: Reading<unknown>, now: number): readonly string[] {
  const failure = 'failure' in reading ? reading.failure : undefined;
  const partial = reading.kind === 'fresh' ? reading.partial : undefined;
  const trouble = failure ?? partial;
  if (!trouble) return [];
  const age = duration((now - reading.at) / 1000);
  const rest =
    reading.kind === 'stale'
      ? ` (the last answer is ${age} old)`
      : partial
        ? ' (only a part is known)'
        : '';
  const where = `${clean(reading.host)}: ${clean(reading.probe.title)}${rest}`;
  return [`  ${signOf('unknown')} ${where}: ${clean(trouble.what)}`];
}

function runningLines(world: World): readonly string[] {
  if (world.running.length === 0) return [];
  const rows = world.running.map((running) => [
    `  ${signOf('working')} ${clean(running.title)}`,
    running.share === undefined ? '' : percent(running.share),
    running.bytesPerSecond === undefined ? '' : `${bytes(running.bytesPerSecond)}/s`,
    running.stalled === true
      ? 'makes no progress'
      : running.secondsLeft === undefined
        ? ''
        : `${duration(running.secondsLeft)} left`,
  ]);
  return ['Running', ...columns(rows)];
}

/** Lines of output that no parser understood are counted here and listed by `--json`. */
function oddities(world: World): readonly string[] {
  const lines = world.readings.flatMap((reading) => {
    const unread = 'unread' in reading ? reading.unread.length : 0;
    if (unread === 0) return [];
    return [`  ${clean(reading.host)}: ${reading.probe.title}: ${count(unread, 'line')}`];
  });
  return lines.length === 0 ? [] : ['Not understood (the lines are in --json)', ...lines];
}
