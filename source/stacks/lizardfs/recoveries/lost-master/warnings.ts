import { listed } from '../../../../core/text.js';
import type { MoveInput } from './chain.js';
import { fencedConfig } from './fence.js';
import type { Following } from './followers.js';

/** What else to know before a master is replaced. */
export function warnings(
  { lost, candidate, evidence }: MoveInput,
  following: readonly Following[],
): readonly string[] {
  const silent = evidence.hosts.flatMap((host) => (host.ok ? [] : [host]));
  const apart =
    lost.newest.host === candidate.host.name && lost.foes.every((foe) => !foe.positions.server);
  return [
    ...silent.map(
      ({ name, because }) =>
        `${name} could not be asked (${because}): its chunkserver and mounts are not told of the new master.`,
    ),
    ...(apart
      ? [
          `How far the old master had come is not known: it may have had changes that this ${candidate.from} never got.`,
        ]
      : []),
    ...lost.foes.flatMap((foe) =>
      candidate.from === 'shadow' &&
      fencedConfig(foe, candidate.address) === undefined &&
      foe.personality !== 'ha-cluster-managed'
        ? [
            `${foe.name}: its config cannot be read; it is stopped, and not kept from starting as a master.`,
          ]
        : [],
    ),
    ...lost.foes.map(
      ({ name }) =>
        `${name} stays off. Bring it back as a ${candidate.from} by this recovery, once ${candidate.host.name} serves.`,
    ),
    ...following.flatMap((one) => one.warnings),
    ...(lost.foes.length > 0
      ? []
      : [`The old master is not fenced: ${listed(lost.unseen)} was not reached.`]),
  ];
}
