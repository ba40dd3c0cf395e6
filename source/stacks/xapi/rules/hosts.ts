import type { Finding } from '../../../core/finding.js';
import { listed } from '../../../core/text.js';
import { memberNode, poolNode } from '../nodes.js';
import { groupBy } from '../../../core/group.js';
import { listEvidence, type Member, type PoolPicture } from '../view.js';

/** What is wrong with the hosts of a pool. */
export function hostFindings(pool: PoolPicture): readonly Finding[] {
  return [
    ...silent(pool),
    ...pool.members.flatMap((member) => oneHost(pool, member)),
    ...versions(pool),
  ];
}

function silent({ key, name, silence }: PoolPicture): readonly Finding[] {
  if (!silence) return [];
  const { host, failure } = silence;
  return [
    {
      code: 'XAPI_NO_ANSWER',
      severity: 'alert',
      title: 'pool does not answer',
      subject: name,
      hosts: [host],
      says: `The pool ${name} does not answer: ${failure.means}`,
      means:
        'Virtual machines go on running where they are; none can be started or moved, and what is known of repositories is old.',
      todo: failure.todo,
      evidence: [{ host, command: 'xe sr-list, xe pbd-list', lines: [failure.what] }],
      remedies: [],
      about: [poolNode(key)],
      covers: ['xapi.pool', 'xapi.storage', 'xapi.disks'],
    },
  ];
}

function oneHost(pool: PoolPicture, member: Member): readonly Finding[] {
  const { listed: entry, name, host, uuid, isMaster, local } = member;
  if (!entry) return [];
  const base = {
    subject: name,
    hosts: host === undefined ? [] : [host],
    evidence: listEvidence(pool.pool, 'hosts', entry.lines),
    remedies: [],
    about: [memberNode(uuid)],
  };
  const found: Finding[] = [];
  if (entry.live === false) {
    found.push({
      ...base,
      code: 'XAPI_HOST_NOT_LIVE',
      severity: 'alert',
      title: 'host not heard by its pool',
      says: `The pool ${pool.name} hears nothing from ${name}.`,
      means:
        'The host or its xapi is down, or the management network is cut. Its virtual machines may still run.',
      todo: 'Never start its virtual machines elsewhere before it is certain that they do not run: `systemctl status xapi` there.',
      explains: true,
    });
  } else if (!entry.enabled) {
    found.push({
      ...base,
      code: 'XAPI_HOST_DISABLED',
      severity: 'warning',
      title: 'host in maintenance',
      says: `${name} is disabled in the pool ${pool.name}.`,
      means:
        'No virtual machine starts there. A host that comes up with a repository unplugged stays disabled, too.',
      todo: `\`xe host-enable uuid=${uuid}\` when the work on it is done.`,
    });
  }
  const claims = local?.kind === 'fresh' && local.value.role?.kind === 'master';
  if (claims && !isMaster) {
    found.push({
      ...base,
      code: 'XAPI_TWO_MASTERS',
      severity: 'alert',
      title: 'two masters in one pool',
      says: `${name} takes itself for the master, and the pool ${pool.name} has another one.`,
      means:
        'Both may act on the same repositories. It happens when a new master was declared while the old one was away.',
      todo: `Find out which is the right one, then \`xe pool-recover-slaves\` on it; nothing else before.`,
    });
  }
  return found;
}

function versions(pool: PoolPicture): readonly Finding[] {
  const known = pool.members.flatMap((member) => {
    const version = member.listed?.version ?? '';
    return version === '' ? [] : [{ member, version }];
  });
  const groups = groupBy(known, ({ version }) => version);
  if (groups.size < 2) return [];
  const says = [...groups].map(([version, those]) => {
    return `${version} on ${listed(those.map(({ member }) => member.name))}`;
  });
  return [
    {
      code: 'XAPI_VERSIONS_DIFFER',
      severity: 'warning',
      title: 'versions differ in a pool',
      subject: pool.name,
      hosts: pool.members.flatMap(({ host }) => (host === undefined ? [] : [host])),
      says: `The hosts of ${pool.name} have different versions: ${says.join('; ')}.`,
      means:
        'Virtual machines may go to newer hosts and not come back; the pool takes few changes until all are alike.',
      todo: 'Update the master first and see that its repositories come back, then the other hosts one by one.',
      evidence: listEvidence(
        pool.pool,
        'hosts',
        pool.members.flatMap(({ listed: entry }) => entry?.lines ?? []),
      ),
      remedies: [],
      about: [poolNode(pool.key)],
    },
  ];
}
