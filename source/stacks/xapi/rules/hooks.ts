import type { Finding } from '../../../core/finding.js';
import { hookNode } from '../nodes.js';
import type { Plug, PoolPicture, Repository } from '../view.js';
import { localEvidence, plugName } from './context.js';

/** Boot hooks that are gone: nobody notices before the next reboot. */
export function hookFindings({ repositories }: PoolPicture): readonly Finding[] {
  return repositories.flatMap((repository) => {
    const others = repository.plugs.filter(
      ({ hook }) => hook.kind === 'unit' || hook.kind === 'driver',
    );
    return repository.plugs.flatMap((plug) => lost(repository, plug, others));
  });
}

function lost(repository: Repository, plug: Plug, others: readonly Plug[]): readonly Finding[] {
  const { hook, member } = plug;
  const [other] = others;
  const because =
    hook.kind === 'lost'
      ? hook.because
      : hook.kind === 'none' && other
        ? `${other.member.name} has one and this host has none`
        : undefined;
  if (because === undefined || member.host === undefined) return [];
  const byDriver = hook.kind === 'lost' && hook.left.kind === 'script';
  return [
    {
      code: 'XAPI_HOOK_LOST',
      severity: 'alert',
      title: 'boot hook lost',
      subject: plugName(repository, plug),
      hosts: [member.host],
      says: `On ${member.name} the boot hook of ${repository.label} is gone: ${because}.`,
      means: `After the next reboot ${repository.label} is attached before its file system is mounted, and shows an empty folder.${byDriver ? ' An update that replaces FileSR.py takes a hook in it away.' : ''}`,
      todo: 'Put it back before the host is rebooted; r does so.',
      evidence: localEvidence(member, (line) => /^(?:script|unit|driver|line) /.test(line)),
      remedies: ['xapi.hook-lost'],
      about: [hookNode(member.host, repository.sr.uuid)],
    },
  ];
}
