import type { Finding } from '../../core/finding.js';
import { hostNode, type Fragment, type GraphNode } from '../../core/graph.js';
import type { HostName, Millis } from '../../core/host.js';
import type { HostState, Now, Reading } from '../../core/probe.js';
import { showCommand } from '../../core/quote.js';
import { duration } from '../../core/units.js';

/** A clock further than this from the middle of all clocks is told, in ms. */
const CLOCK_LIMIT: Millis = 2000;

const plain = { evidence: [], remedies: [] } as const;

/**
 * What is wrong with the hosts themselves and with asking them.
 *
 * @param covered probes whose failure a stack tells itself
 * @param everywhere stacks that are on any host, and so are not what a host is there for
 */
export function diagnoseHosts(
  now: Now,
  covered: ReadonlySet<string>,
  everywhere: ReadonlySet<string> = new Set(),
): readonly Finding[] {
  return [
    ...now.hosts.flatMap(hostDown),
    ...clocks(now.hosts),
    ...now.hosts.flatMap((host) => nothingFound(host, everywhere)),
    ...now.readings.flatMap((reading) => (covered.has(reading.probe.id) ? [] : notRead(reading))),
  ];
}

/** The hosts, and the readings that stand on them, so that a dead host mutes what it cannot say. */
export function hostGraph(now: Now): Fragment {
  const hosts = now.hosts.map(({ name }): GraphNode => ({
    id: hostNode(name),
    kind: 'host',
    name,
  }));
  const readings = now.readings.map(({ probe, host }): GraphNode => {
    return { id: readingNode(probe.id, host), kind: 'reading', host, name: probe.title };
  });
  return { nodes: [...hosts, ...readings], edges: [] };
}

function readingNode(probe: string, host: HostName): string {
  return `reading:${host}/${probe}`;
}

function hostDown(host: HostState): readonly Finding[] {
  if (host.phase !== 'down') return [];
  const { what = 'it does not answer', means = '', todo = '' } = host.failure ?? {};
  return [
    {
      ...plain,
      code: 'HOST_DOWN',
      severity: 'alert',
      title: 'host does not answer',
      subject: host.name,
      hosts: [host.name],
      says: `${host.target}: ${what}`,
      means: means || 'What is known of it is old, and what stands on it may be gone.',
      todo: todo || `Look at it by \`holdfast hosts test ${host.name}\`.`,
      about: [hostNode(host.name)],
      explains: true,
    },
  ];
}

/** Clocks are compared with each other, so that a wrong clock here does not blame every host. */
function clocks(hosts: readonly HostState[]): readonly Finding[] {
  const known = hosts.flatMap(({ name, phase, survey }) =>
    survey && phase === 'up' ? [{ name, offset: survey.clockOffset }] : [],
  );
  const sorted = known.map(({ offset }) => offset).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (known.length < 2) return [];
  return known
    .filter(({ offset }) => Math.abs(offset - middle) > CLOCK_LIMIT)
    .map(({ name, offset }): Finding => {
      const off = (offset - middle) / 1000;
      return {
        ...plain,
        code: 'HOST_CLOCK_OFF',
        severity: 'warning',
        title: 'clock differs',
        subject: name,
        hosts: [name],
        says: `Its clock is ${duration(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} the others.`,
        means:
          'Times in its logs cannot be laid beside those of the others; Ceph refuses such monitors.',
        todo: 'Start its time service: `timedatectl`, `chronyc tracking`.',
        about: [hostNode(name)],
      };
    });
}

function nothingFound(host: HostState, everywhere: ReadonlySet<string>): readonly Finding[] {
  if (host.phase !== 'up' || host.survey === undefined || host.told === true) return [];
  if (host.stacks.some((id) => !everywhere.has(id))) return [];
  const bare = host.stacks.length === 0;
  return [
    {
      ...plain,
      code: 'HOST_WITHOUT_STORAGE',
      severity: 'notice',
      title: 'no storage system found',
      subject: host.name,
      hosts: [host.name],
      says: 'None of the programs and folders that Holdfast looks for is there.',
      means: bare
        ? 'It is watched only for being there.'
        : 'It is watched only for being there, and for what every host has.',
      todo: 'Name its systems by `holdfast hosts add … --stack`, if there are any.',
      about: [hostNode(host.name)],
    },
  ];
}

/** A reading that failed is told by itself, unless a stack tells what that means. */
function notRead(reading: Reading<unknown>): readonly Finding[] {
  if (reading.kind !== 'failed' && reading.kind !== 'stale') return [];
  const { probe, host, failure, asked } = reading;
  return [
    {
      ...plain,
      code: 'READING_FAILED',
      severity: 'warning',
      title: `${probe.title} cannot be read`,
      subject: `${host} ${probe.id}`,
      hosts: [host],
      says: failure.what,
      means: failure.means,
      todo: failure.todo,
      evidence: asked.flatMap(({ command, outcome }) => {
        if (outcome.kind === 'exited' && outcome.code === 0) return [];
        const text = outcome.kind === 'exited' ? outcome.stderr || outcome.stdout : outcome.reason;
        const lines = text.split('\n').filter((line) => line.trim() !== '');
        return [{ host, command: showCommand(command.argv), lines: lines.slice(0, 12) }];
      }),
      about: [readingNode(probe.id, host)],
    },
  ];
}
