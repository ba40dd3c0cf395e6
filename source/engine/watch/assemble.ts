import type { Finding } from '../../core/finding.js';
import { emptyFragment, StorageGraph, type Fragment } from '../../core/graph.js';
import type { Metric, Running } from '../../core/pane.js';
import type { Now } from '../../core/probe.js';
import type { Stack } from '../../core/stack.js';
import { diagnoseHosts, hostGraph } from './host-findings.js';
import { hostsView } from './hosts-view.js';
import type { Found, Problems } from './problems.js';
import { withGuests } from './with-guests.js';
import type { StackView, World } from './world.js';

/** What a moment looks like to all stacks together. */
export interface Picture extends Pick<World, 'hostsView' | 'stacks' | 'problems' | 'running'> {
  readonly metrics: readonly Metric[];
}

/** Lets every stack that is on a host look at the moment, and joins what they see. */
export function assemble(now: Now, stacks: readonly Stack[], problems: Problems): Picture {
  const present = new Set(now.hosts.flatMap((host) => host.stacks));
  const looks = stacks.filter(({ id }) => present.has(id)).map((stack) => look(stack, now));
  const found = looks.flatMap(({ view, findings }) => {
    return findings.map((finding): Found => ({ stack: view.id, finding }));
  });
  const covered = new Set(found.flatMap(({ finding }) => finding.covers ?? []));
  const everywhere = new Set(stacks.filter((one) => one.everywhere).map(({ id }) => id));
  const ofHosts = diagnoseHosts(now, covered, everywhere).map((finding): Found => {
    return { stack: 'hosts', finding };
  });
  const graph = new StorageGraph([hostGraph(now), ...looks.map((one) => one.fragment)]);
  return {
    hostsView: hostsView(now, stacks),
    stacks: looks.map(({ view }) => withGuests(view, graph)),
    problems: problems.update([...ofHosts, ...found], graph, now.at),
    running: looks.flatMap(({ running }) => running),
    metrics: looks.flatMap(({ metrics }) => metrics),
  };
}

/** What one stack sees. */
interface Look {
  readonly view: StackView;
  readonly findings: readonly Finding[];
  readonly fragment: Fragment;
  readonly running: readonly Running[];
  readonly metrics: readonly Metric[];
}

/** A stack that stumbles over what a host said must not take the others with it. */
function look(stack: Stack, now: Now): Look {
  const { id, title, pane, everywhere = false } = stack;
  try {
    const view = { id, title, summary: pane.summary(now), drawing: pane.draw(now) };
    return {
      view: { ...view, ...(everywhere && { everywhere }) },
      findings: stack.diagnose(now),
      fragment: stack.graph(now),
      running: pane.running(now),
      metrics: pane.metrics(now),
    };
  } catch (error) {
    return stumbled(stack, error);
  }
}

function stumbled({ id, title }: Stack, error: unknown): Look {
  const says = error instanceof Error ? error.message : String(error);
  const finding: Finding = {
    code: 'HOLDFAST_STUMBLED',
    severity: 'alert',
    title: `${title} cannot be judged`,
    subject: title,
    hosts: [],
    says,
    means: 'This is a mistake in Holdfast: a host said something that it did not expect.',
    todo: 'Watch this system by its own tools, and please report this.',
    evidence: [],
    remedies: [],
    about: [],
  };
  const unknown = { text: 'not known', tone: 'unknown' } as const;
  const summary = {
    tone: 'unknown',
    first: unknown,
    second: { text: '' },
    third: { text: '' },
  } as const;
  return {
    view: { id, title, summary, drawing: { columns: [], rows: [], empty: says } },
    findings: [finding],
    fragment: emptyFragment,
    running: [],
    metrics: [],
  };
}
