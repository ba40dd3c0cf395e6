import { closed, open, type Choice, type Gate, type Question } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { FoundVolume, KnownHost } from './look.js';
import { notBlank, notData } from './nodes.js';

/**
 * On which volume a node's side lies: a new one in a group with room, or one that is there.
 *
 * @param wants a volume that holds nothing, or one whose data stays
 */
export function diskQuestion(key: string, host: KnownHost, wants: 'blank' | 'data'): Question {
  const made = wants === 'data' ? [] : host.groups.map(newChoice);
  const there = host.volumes.map((volume) => thereChoice(host, volume, wants));
  const choices = [...made, ...there];
  const first = choices.find(({ gate, accepts }) => gate.open && accepts === undefined);
  return {
    key,
    ask:
      wants === 'data'
        ? `Which volume of ${host.name} has the data?`
        : `Where does the side on ${host.name} lie?`,
    explains: explains(host, wants),
    kind: 'one',
    choices,
    ...(first && { default: first.value }),
  };
}

function explains({ name, groups }: KnownHost, wants: 'blank' | 'data'): string {
  if (groups.length === 0)
    return `${name} has no volume group: make one first (pvcreate, vgcreate).`;
  return wants === 'data'
    ? 'Unmount it first. Its data stays and is copied to the other node.'
    : 'A new volume, or one that is there and holds nothing.';
}

function newChoice({ name, freeBytes, sizeBytes, gate }: KnownHost['groups'][number]): Choice {
  return {
    value: `new:${name}`,
    cells: [
      { text: `new in ${name}` },
      { text: `${bytes(freeBytes)} free of ${bytes(sizeBytes)}` },
    ],
    gate,
  };
}

function thereChoice(host: KnownHost, volume: FoundVolume, wants: 'blank' | 'data'): Choice {
  const { group, name, sizeBytes, holds } = volume;
  const unfit = wants === 'data' ? notData(host, volume) : notBlank(volume);
  const because = volume.because ?? unfit;
  const gate: Gate = because === undefined ? open : closed(because);
  const isOld = wants === 'blank' && holds.includes('drbd');
  return {
    value: `lv:${group.name}/${name}`,
    cells: [
      { text: `${group.name}/${name}` },
      { text: `${bytes(sizeBytes)}, ${holds.length > 0 ? listed(holds) : 'blank'}` },
    ],
    gate,
    ...(gate.open &&
      isOld && { accepts: 'the DRBD metadata of another resource on it are replaced' }),
  };
}
