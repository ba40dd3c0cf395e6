import type { Finding } from '../../../core/finding.js';
import { mountNode } from '../../../core/graph.js';
import { listed } from '../../../core/text.js';
import { memberNode, pbdNode, srNode } from '../nodes.js';
import {
  listEvidence,
  type Member,
  type Plug,
  type PoolPicture,
  type Repository,
} from '../view.js';
import { harm, localEvidence, oursOf, plugName } from './context.js';

/** What is wrong between hosts and storage repositories. */
export function plugFindings(pool: PoolPicture): readonly Finding[] {
  return pool.repositories.flatMap((repository) => [
    ...missing(pool, repository),
    ...repository.plugs.flatMap((plug) => onePlug(pool, repository, plug)),
  ]);
}

function onePlug(pool: PoolPicture, repository: Repository, plug: Plug): readonly Finding[] {
  const { beneath, pbd } = plug;
  if (!pbd.attached) return isLive(plug.member) ? [unplugged(pool, repository, plug)] : [];
  if (beneath.kind === 'missing') return [nothingMounted(pool, repository, plug, beneath.target)];
  if (beneath.kind !== 'folder') return [];
  // A repository of one host alone may well be a folder of its own disk.
  if (beneath.onRoot) return repository.sr.shared ? [notMounted(repository, plug)] : [];
  if (beneath.boundElsewhere) return [emptyShown(repository, plug)];
  return beneath.bound
    ? []
    : [nothingMounted(pool, repository, plug, `/run/sr-mount/${repository.sr.uuid}`)];
}

/** A host that the pool hears, or of which nothing else is known. */
function isLive({ listed: entry, local }: Member): boolean {
  return entry?.live ?? (local === undefined || local.kind === 'fresh');
}

type Common = Pick<Finding, 'subject' | 'hosts' | 'evidence' | 'about'>;

function common(pool: PoolPicture, repository: Repository, plug: Plug): Common {
  return {
    subject: plugName(repository, plug),
    hosts: oursOf([plug]),
    evidence: listEvidence(pool.storage, 'pbds', plug.pbd.lines),
    about: [pbdNode(plug.pbd.uuid)],
  };
}

function unplugged(pool: PoolPicture, repository: Repository, plug: Plug): Finding {
  const { member, pbd } = plug;
  return {
    ...common(pool, repository, plug),
    code: 'XAPI_PBD_UNPLUGGED',
    severity: 'alert',
    title: 'storage repository unplugged',
    says: `${repository.label} is not attached on ${member.name}.`,
    means: `No virtual machine with a disk on it can start or come to ${member.name}.${harm(repository)}`,
    todo: `See first that what lies beneath it is there, then \`xe pbd-plug uuid=${pbd.uuid}\`; r does both.`,
    remedies: ['xapi.pbd-unplugged'],
    explains: true,
  };
}

function nothingMounted(
  pool: PoolPicture,
  repository: Repository,
  plug: Plug,
  target: string,
): Finding {
  const { member } = plug;
  return {
    ...common(pool, repository, plug),
    code: 'XAPI_SR_NOT_THERE',
    severity: 'alert',
    title: 'repository attached, nothing there',
    says: `The pool says that ${repository.label} is attached on ${member.name}, and nothing is mounted at ${target}.`,
    means: `Whatever uses it there fails, or writes to the host's own disk.${harm(repository)}`,
    todo: 'Unplug it there and plug it again; r does so and looks beneath it first.',
    remedies: ['xapi.empty-folder'],
    explains: true,
  };
}

function notMounted(repository: Repository, plug: Plug): Finding {
  const { member, pbd, beneath } = plug;
  const location = pbd.config.get('location') ?? '';
  const on = beneath.kind === 'folder' ? beneath.on.source : '';
  return {
    subject: plugName(repository, plug),
    hosts: oursOf([plug]),
    about: [pbdNode(pbd.uuid)],
    evidence: localEvidence(member, (line) => {
      return (
        line.startsWith('mount ') &&
        (line.includes(` ${location} `) ||
          line.includes(repository.sr.uuid) ||
          line.includes(' / / '))
      );
    }),
    code: 'XAPI_LOCATION_NOT_MOUNTED',
    severity: 'alert',
    title: 'repository shows an empty folder',
    says: `On ${member.name} nothing is mounted at ${location}: ${repository.label} is a folder on ${on} there.`,
    means: `Its disks are missing on this host, and what is written lands on the host's own disk and is seen by no other.${harm(repository)}`,
    todo: 'Unplug it there, mount the file system, plug it again; r does so and keeps what was written meanwhile.',
    remedies: ['xapi.empty-folder'],
    explains: true,
  };
}

function emptyShown(repository: Repository, plug: Plug): Finding {
  const { member, pbd } = plug;
  const location = pbd.config.get('location') ?? '';
  return {
    subject: plugName(repository, plug),
    hosts: oursOf([plug]),
    about: [pbdNode(pbd.uuid)],
    evidence: localEvidence(member, (line) => {
      return (
        line.startsWith('mount ') &&
        (line.includes(repository.sr.uuid) || line.includes(` ${location} `))
      );
    }),
    code: 'XAPI_SR_SHOWS_BENEATH',
    severity: 'alert',
    title: 'repository shows what lies beneath',
    says: `On ${member.name} ${repository.label} was attached before ${location} was mounted, and shows the folder beneath the mount.`,
    means: `Its disks are missing on this host, and what is written lands beneath the mount, where no other host sees it.${harm(repository)}`,
    todo: 'Unplug it there and plug it again; r does so and keeps what was written meanwhile.',
    remedies: ['xapi.empty-folder'],
    explains: true,
  };
}

/** A shared repository that a host of the pool has no PBD for. */
function missing(pool: PoolPicture, repository: Repository): readonly Finding[] {
  const { sr, plugs, label } = repository;
  if (!sr.shared || plugs.length === 0 || !pool.pool) return [];
  const without = pool.members.filter(({ uuid, listed: entry }) => {
    return entry !== undefined && !plugs.some(({ pbd }) => pbd.host === uuid);
  });
  if (without.length === 0) return [];
  const names = listed(without.map(({ name }) => name));
  return [
    {
      code: 'XAPI_PBD_MISSING',
      severity: 'warning',
      title: 'repository without a PBD',
      subject: label,
      hosts: without.flatMap(({ host }) => (host === undefined ? [] : [host])),
      says: `The shared repository ${label} is not connected to ${names}.`,
      means:
        'Virtual machines with disks on it cannot start there, and the pool cannot be made highly available.',
      todo: 'The wizard “Storage repository” adds what is missing and leaves the rest as it is.',
      evidence: listEvidence(pool.storage, 'srs', sr.lines),
      remedies: ['xapi.storage-repository'],
      about: [srNode(sr.uuid), ...without.map(({ uuid }) => memberNode(uuid))],
    },
  ];
}

/** The mount that a PBD stands on, where that is known and more than the system's own root. */
export function mountBeneath({ member, beneath }: Plug): { id: string; name: string } | undefined {
  if (member.host === undefined) return undefined;
  const mount =
    beneath.kind === 'mounted'
      ? beneath.mount
      : beneath.kind === 'folder' && !beneath.onRoot
        ? beneath.on
        : undefined;
  return mount && { id: mountNode(member.host, mount.target), name: mount.target };
}
