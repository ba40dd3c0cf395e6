import { randomUUID } from 'node:crypto';
import type { Json } from '../../../core/json.js';
import type { Steps } from '../../../core/plan-steps.js';
import type { Dataset } from '../../../tools/zfs.js';
import { sinceCommon } from '../newest.js';
import { ROLL_USER } from '../roll.js';
import type { Situation } from './look.js';
import { ownSnapshot, snapshotsOf, stampOf } from './names.js';

/** What becomes of a container's volumes. */
export type Fate =
  /** Their data goes to the NAS first; then they are destroyed. */
  | 'save'
  /** They get other names; nothing is lost. */
  | 'keep'
  /** They hold nothing that the NAS does not have: they are destroyed. */
  | 'clear'
  /** They are destroyed with what they hold. */
  | 'discard';

/** The volumes that a container has of an image: what was written beside, then its own. */
export function volumesOf({ far }: Situation): readonly Dataset[] {
  return [far?.temp, far?.local].filter((one) => one !== undefined);
}

/** The copy of the container's volume to the NAS; undefined: one of the two is not there. */
export function copyOf(found: Situation): CopyPlan | undefined {
  const { image, far, nas } = found;
  const host = nas.other;
  if (!far?.local || !image.volume || host === undefined) return undefined;
  const since = sinceCommon(image, far)?.snapshot ?? null;
  const beside = `${image.volume.name}-from-${far.container.name}-${stampOf(found.at)}`;
  return {
    id: randomUUID(),
    from: { host, volume: far.local.name },
    to: since === null ? beside : image.volume.name,
    snapshot: ownSnapshot(found),
    since,
    user: ROLL_USER,
  };
}

/** What the steps of a copy are given. */
export interface CopyPlan {
  readonly id: string;
  readonly from: { readonly host: string; readonly volume: string };
  readonly to: string;
  readonly snapshot: string;
  readonly since: string | null;
  readonly user: string;
}

/** The container's volume is kept as it is now, and taken over by the NAS. */
export function saveVolume(steps: Steps, found: Situation): void {
  const { far, nas, container } = found;
  const copy = copyOf(found);
  if (!far?.local || !copy || nas.host === undefined || container.host === undefined) return;
  const { name: volume, guid } = far.local;
  steps.add(container.host, 'zfs.snapshot', { volume, guid, name: copy.snapshot });
  const params: Json = { ...copy, from: { ...copy.from } };
  for (const kind of ['zfs.copy', 'zfs.wait-copied', 'zfs.see-same']) {
    steps.add(nas.host, kind, params);
  }
}

/** The volumes of the container go, one by one by their full names, or are kept under others. */
export function endVolumes(steps: Steps, found: Situation, fate: Fate): void {
  const { far, container } = found;
  if (!far || container.host === undefined) return;
  const isSeen = fate === 'save' || fate === 'clear';
  if (isSeen) seeSaved(steps, found, container.host);
  for (const volume of volumesOf(found)) {
    const { name, guid } = volume;
    if (fate === 'keep') {
      const to = keptName(found, name);
      steps.add(container.host, 'zfs.rename-volume', { from: name, to, guid });
      continue;
    }
    const made = isSeen && volume === far.local ? [ownSnapshot(found)] : [];
    const snapshots = [...snapshotsOf(far, volume), ...made];
    const loses = fate === 'discard' ? found.newest.says : 'a copy of what the NAS has';
    steps.add(container.host, 'zfs.destroy-volume', { volume: name, guid, snapshots, loses });
  }
}

/** What a volume is called once it is set aside. */
export function keptName({ at }: Situation, name: string): string {
  return `${name}-kept-${stampOf(at)}`;
}

function isCopied({ list }: Steps): boolean {
  return list.some(({ kind }) => kind === 'zfs.copy');
}

/**
 * What was written in the last seconds counts only once ZFS has written its transaction group: a snapshot
 * waits for that, so one is taken before it is asked.
 */
function seeSaved(steps: Steps, found: Situation, host: string): void {
  const { far, image } = found;
  const local = far?.local;
  const copied = isCopied(steps);
  if (local && !copied) {
    const { name: volume, guid } = local;
    steps.add(host, 'zfs.snapshot', { volume, guid, name: ownSnapshot(found) });
  }
  const snapshot = copied ? ownSnapshot(found) : far && sinceCommon(image, far)?.snapshot;
  const memory = far?.temp?.name ?? null;
  const volume = local && {
    name: local.name,
    ...(snapshot === undefined ? { referenced: local.referenced ?? 0 } : { snapshot }),
  };
  if (volume ?? memory) {
    steps.add(host, 'imgstorage.see-saved', { volume: volume ?? null, memory });
  }
}
