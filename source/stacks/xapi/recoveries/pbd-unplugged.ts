import type { Millis } from '../../../core/host.js';
import type { Case, Recovery } from '../../../core/recovery.js';
import { clean } from '../../../core/text.js';
import { beneathWords } from '../beneath.js';
import { look } from '../wizards/boot-hook/look.js';
import { reattach } from './reattach.js';
import { straysIn } from './strays.js';
import { nearMiss, sidesBlock, subjectOf, usersBlock, type Subject } from './subject.js';

/** Attaches a repository that is detached on a living host, once what lies beneath it is there. */
export function pbdUnplugged(clock: () => Millis): Recovery {
  return {
    id: 'xapi.pbd-unplugged',
    title: 'Attach an unplugged storage repository',
    says: 'Looks at what lies beneath it, mounts it where it is missing, and attaches it.',
    gather: async (name, hosts) => {
      const found = await look([...hosts.values()], { notAsked: [] });
      const subject = subjectOf(found.pools, name, hosts);
      if ('verdict' in subject) return subject;
      const { plug, member, repository } = subject;
      const blocks = [sidesBlock(subject), ...usersBlock(subject)];
      if (plug.pbd.attached) {
        const happened = `${repository.label} is attached on ${member.host}.`;
        return nearMiss('attached', happened, blocks, { todo: 'There is nothing to attach.' });
      }
      const strays = await straysIn(subject.reader, repository.sr.uuid, plug.beneath);
      const way = reattach(found, subject, strays, clock());
      return unplugged(subject, blocks, way);
    },
  };
}

function unplugged(
  { plug, member, repository }: Subject,
  blocks: Case['blocks'],
  way: ReturnType<typeof reattach>,
): Case {
  const mounts = plug.beneath.kind === 'folder' && plug.beneath.onRoot;
  const reason = mounts
    ? `what lies beneath it is not mounted (${beneathWords(plug.beneath)}): attached as it is, it would show an empty folder`
    : `what lies beneath it is there: ${beneathWords(plug.beneath)}`;
  return {
    verdict: 'unplugged',
    mendable: true,
    happened: clean(
      `${repository.label} is detached on ${member.host}. The pool does not say since when: a person did it, or it could not be attached when the host booted.`,
    ),
    todo: 'If it was detached on purpose, leave it so.',
    blocks,
    choosing: 'where it is attached',
    ways: [
      {
        value: member.host,
        says: mounts ? 'Mount what lies beneath it, then attach it.' : 'Attach it.',
        loses: [],
        plan: () => way,
      },
    ],
    recommended: { value: member.host, reasons: [clean(reason)] },
  };
}
