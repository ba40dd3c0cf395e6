import type { Case, Recovery, WayOut } from '../../../core/recovery.js';
import { clean } from '../../../core/text.js';
import { look, type Found } from '../wizards/boot-hook/look.js';
import { draftFor, targetOf } from '../wizards/boot-hook/plan.js';
import { nearMiss, sidesBlock, subjectOf, type Subject } from './subject.js';

/** Puts a boot hook back that an update took away. */
export const hookLost: Recovery = {
  id: 'xapi.hook-lost',
  title: 'Put a lost boot hook back',
  says: 'Makes the start script and what calls it at boot again, on the host that lost it.',
  gather: async (name, hosts) => {
    const found = await look([...hosts.values()], { notAsked: [] });
    const subject = subjectOf(found.pools, name, hosts);
    if ('verdict' in subject) return subject;
    return lost(found, subject);
  },
};

function lost(found: Found, subject: Subject): Case {
  const { plug, member, repository } = subject;
  const { hook } = plug;
  const blocks = [sidesBlock(subject)];
  if (hook.kind === 'unit' || hook.kind === 'driver') {
    const happened = `The boot hook of ${repository.label} on ${member.host} is there: ${hook.by.path}.`;
    return nearMiss('in order', happened, blocks, { todo: 'There is nothing to put back.' });
  }
  const way = (value: 'unit' | 'driver', says: string): WayOut => ({
    value,
    says,
    loses: [],
    plan: () => {
      const target = targetOf(found, repository, member);
      if ('says' in target) return { ok: false, faults: [target] };
      return draftFor(repository, [target], { way: value, rebootTest: false });
    },
  });
  const left = hook.kind === 'lost' ? hook.because : 'nothing of it is left';
  return {
    verdict: 'boot hook lost',
    mendable: true,
    happened: clean(
      `${left}. At the next boot ${member.host} attaches ${repository.label} before its file system is mounted.`,
    ),
    todo: 'Until it is back, mount the file system by hand after a reboot, before the pool attaches it.',
    blocks: [
      ...blocks,
      ...(hook.kind === 'lost'
        ? [
            {
              kind: 'lines' as const,
              label: clean(hook.left.path),
              lines: hook.left.lines.map(clean),
            },
          ]
        : []),
    ],
    choosing: 'how it is hooked',
    ways: [
      way('unit', 'A systemd unit before xapi starts; updates of the drivers leave it alone.'),
      way('driver', 'In FileSR.py, as it may have been; the next update takes it away again.'),
    ],
    recommended: {
      value: 'unit',
      reasons: ['an update of the storage drivers replaces FileSR.py, and leaves units alone'],
    },
  };
}
