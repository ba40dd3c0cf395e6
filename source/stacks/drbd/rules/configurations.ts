import type { Finding } from '../../../core/finding.js';
import { listed } from '../../../core/text.js';
import { replicaNode } from '../nodes.js';
import { differences, differenceWords, isOfOneHost, type Settings } from '../read/settings.js';
import type { Replica, Resource, View } from '../view.js';
import { finding } from './make.js';

/**
 * What the files of two hosts say differently of one resource. It is told while they are connected: the
 * kernels go on with what they agreed on, and DRBD refuses the peer after the next reboot.
 */
export function configurationFindings(view: View): readonly Finding[] {
  return view.resources.flatMap((resource) => {
    const [first, ...others] = resource.replicas.flatMap((replica) => {
      const settings = settingsOf(replica);
      return settings ? [{ replica, settings }] : [];
    });
    if (!first) return [];
    return others.flatMap((other) => differing(resource, first, other));
  });
}

interface Told {
  readonly replica: Replica;
  readonly settings: Settings;
}

function settingsOf({ on, resource, stale }: Replica): Settings | undefined {
  if (stale || on.config?.kind !== 'fresh' || on.config.value.kind !== 'read') return undefined;
  return on.config.value.settings.get(resource);
}

function differing(resource: Resource, a: Told, b: Told): readonly Finding[] {
  const found = differences(a.settings, b.settings).filter(({ key }) => !isOfOneHost(key));
  if (found.length === 0) return [];
  const hosts = [a.replica.host, b.replica.host];
  return [
    finding({
      code: 'DRBD_CONFIGS_DIFFER',
      severity: 'warning',
      title: 'DRBD configurations differ',
      subject:
        resource.replicas.length > 2 ? `${resource.label} ${hosts.join('–')}` : resource.label,
      hosts,
      says: `The files of ${listed(hosts)} do not say the same of ${resource.name}: ${listed(found.map(differenceWords), 6)}.`,
      means:
        'What runs goes on with what it was told. After the next `adjust` or reboot DRBD may refuse the peer, or the sides behave differently.',
      todo: `Make \`/etc/drbd.d/${resource.name}.res\` the same on both, then \`drbdadm adjust\` on both.`,
      evidence: [a, b].map(({ replica, settings }) => ({
        host: replica.host,
        command: 'drbdadm dump',
        lines: found.map(({ key }) => `${key} ${settings.get(key) ?? '(not set)'}`),
      })),
      about: [a, b].map(({ replica }) => replicaNode(replica)),
      remedies: ['drbd.standalone'],
    }),
  ];
}
