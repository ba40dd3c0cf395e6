import { open, type ManyOf, type Question } from '../../../core/form.js';
import type { HostState } from '../../../core/probe.js';
import type { World } from '../../../engine/watch/world.js';
import { HOSTS } from '../../state/wizard-work.js';

/** Which hosts a wizard looks at: all, unless a person leaves some out. */
export function hostsQuestion({ hosts }: Pick<World, 'hosts'>): Question & ManyOf {
  return {
    key: HOSTS,
    ask: 'Which hosts are to be looked at?',
    explains:
      'Nothing is changed by it. Leave a host out only if nothing of it matters here: what stands on a disk may be known to that host alone.',
    kind: 'many',
    columns: [
      { title: 'HOST', min: 16, grow: 1 },
      { title: 'NOW', min: 24, grow: 2 },
    ],
    choices: hosts.map((host) => ({
      value: host.name,
      cells: [{ text: host.name }, stateCell(host)],
      gate: open,
    })),
    default: hosts.map(({ name }) => name),
    least: 1,
  };
}

function stateCell(host: HostState) {
  switch (host.phase) {
    case 'up':
      return { text: 'answers', tone: 'good' as const };
    case 'connecting':
      return { text: 'is being connected', tone: 'working' as const };
    default:
      return { text: 'does not answer', tone: 'warning' as const };
  }
}
