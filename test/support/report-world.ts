import type { Finding } from '../../source/core/finding.js';
import type { HostState } from '../../source/core/probe.js';
import type { Problem, StackView, World } from '../../source/engine/watch/world.js';
import { fakeFinding } from './fleet.js';

/** The moment at which worlds made by hand stand. */
export const WORLD_AT = Date.UTC(2026, 10, 20, 14, 2, 11);

/** A host that answers. */
export function hostUp(name: string, more: Partial<HostState> = {}): HostState {
  return {
    name,
    target: `root@${name}`,
    phase: 'up',
    since: WORLD_AT - 90_000,
    stacks: ['fake'],
    ...more,
  };
}

/** A stack's line with nothing to tell. */
export function view(id: string, title: string): StackView {
  const summary = {
    tone: 'good',
    first: { text: '2/2 servers' },
    second: { text: '' },
    third: { text: '' },
  } as const;
  return { id, title, summary, drawing: { columns: [], rows: [], empty: '' } };
}

/** A problem around a finding. */
export function problem(
  code: string,
  finding: Partial<Finding> = {},
  more: Partial<Problem> = {},
): Problem {
  const found = fakeFinding(code, finding);
  return {
    finding: found,
    key: `${code}/${found.subject}`,
    severity: found.severity,
    causes: [],
    stack: 'fake',
    since: WORLD_AT,
    ...more,
  };
}

/** A world in which one host answers and all is well, but for what is given. */
export function world(more: Partial<World> = {}): World {
  return {
    cluster: 'main',
    readOnly: false,
    at: WORLD_AT,
    hosts: [hostUp('fiori')],
    readings: [],
    hostsView: view('hosts', 'Hosts'),
    stacks: [view('fake', 'Fake')],
    problems: [],
    running: [],
    events: [],
    log: [],
    history: new Map(),
    paused: false,
    complete: true,
    ...more,
  };
}
