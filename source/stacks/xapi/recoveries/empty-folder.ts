import type { Millis } from '../../../core/host.js';
import type { Case, Recovery } from '../../../core/recovery.js';
import { clean, count } from '../../../core/text.js';
import { look } from '../wizards/boot-hook/look.js';
import { reattach } from './reattach.js';
import { straysIn, type Strays } from './strays.js';
import { nearMiss, sidesBlock, subjectOf, usersBlock, type Subject } from './subject.js';

/** Brings a repository back that shows an empty folder of the host's own disk. */
export function emptyFolder(clock: () => Millis): Recovery {
  return {
    id: 'xapi.empty-folder',
    title: 'Bring back an empty repository',
    says: 'Detaches it, mounts what it stands on, attaches it again, and keeps what was written meanwhile.',
    gather: async (name, hosts) => {
      const found = await look([...hosts.values()], { notAsked: [] });
      const subject = subjectOf(found.pools, name, hosts);
      if ('verdict' in subject) return subject;
      const blocks = [sidesBlock(subject), ...usersBlock(subject)];
      const happened = whatHappened(subject);
      if (happened === undefined) {
        const { member, repository } = subject;
        const says = `${repository.label} shows on ${member.host} what it should.`;
        return nearMiss('in order', says, blocks, { todo: 'There is nothing to mend.' });
      }
      const strays = await straysIn(
        subject.reader,
        subject.repository.sr.uuid,
        subject.plug.beneath,
      );
      const way = reattach(found, subject, strays, clock());
      return shown(subject, happened, [...blocks, ...straysBlock(strays)], way, strays);
    },
  };
}

function whatHappened({ plug, member, repository }: Subject): string | undefined {
  const { beneath, pbd } = plug;
  const { label } = repository;
  if (!pbd.attached) return undefined;
  if (beneath.kind === 'missing') {
    return `The pool says that ${label} is attached on ${member.host}, and nothing is mounted at ${beneath.target}.`;
  }
  if (beneath.kind !== 'folder') return undefined;
  const { onRoot, boundElsewhere, bound, location, on } = beneath;
  if (onRoot) {
    return `${label} was attached on ${member.host} while nothing was mounted at ${location}: it shows a folder of the host's own disk (${on.source}).`;
  }
  if (boundElsewhere) {
    return `${label} was attached on ${member.host} before ${on.target} was mounted: it still shows the folder beneath.`;
  }
  return bound
    ? undefined
    : `The pool says that ${label} is attached on ${member.host}, and nothing is bound for it.`;
}

function straysBlock({ names, seenAt }: Strays): Case['blocks'] {
  if (names.length === 0) return [];
  const label = clean(`Written meanwhile, seen at ${seenAt}`);
  return [{ kind: 'lines', label, lines: names.slice(0, 20).map(clean) }];
}

function shown(
  { member }: Subject,
  happened: string,
  blocks: Case['blocks'],
  way: ReturnType<typeof reattach>,
  { names }: Strays,
): Case {
  const meanwhile =
    names.length > 0
      ? `What was written there meanwhile (${count(names.length, 'file')}) is kept, never deleted.`
      : 'Nothing was written there meanwhile.';
  return {
    verdict: 'empty folder',
    mendable: true,
    happened: clean(`${happened} ${meanwhile}`),
    todo: 'Virtual machines of this host with disks on it must be moved or stopped first.',
    blocks,
    choosing: 'where it is brought back',
    ways: [
      {
        value: member.host,
        says: 'Detach it, mount what it stands on, attach it again.',
        loses: [],
        plan: () => way,
      },
    ],
    recommended: { value: member.host, reasons: ['nothing is lost by it'] },
  };
}
