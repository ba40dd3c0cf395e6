import type { Fault } from '../../../../core/form.js';
import type { HostName } from '../../../../core/host.js';
import { Steps } from '../../../../core/plan-steps.js';
import { bytes } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import type { Container, Nas } from '../../hosts.js';
import type { Image } from '../../view.js';
import { addSeeNone, addStages, volumeThere } from '../boot.js';
import {
  containerFault,
  containerNamed,
  imageNamed,
  nasFault,
  nasNamed,
  poolsOf,
  type Found,
} from '../found.js';
import { mapFault } from './gates.js';
import type { ImageAnswers } from './answers.js';

const GIB = 1024 ** 3;

/** What is mapped, from the answers: an image that is there, or a new one. */
interface Wanted {
  readonly nas: Nas | undefined;
  readonly zpool: string;
  readonly zvol: string;
  readonly gigabytes: number;
  readonly image: Image | undefined;
}

/** Maps an image by the roll, and follows what it makes, part by part. */
export function mapPlan(found: Found, answers: ImageAnswers, frontend: HostName): Drafted {
  const wanted = wantedFrom(found, answers);
  const container = containerNamed(found, answers.container);
  const faults = [
    ...imageFaults(found, answers, wanted),
    ...containerFaults(answers, container, wanted),
  ];
  const { nas, zpool, zvol, gigabytes, image } = wanted;
  if (faults.length > 0 || nas?.host === undefined || container?.host === undefined) {
    return { ok: false, faults };
  }
  const copies = answers.mode === 'copied';
  const remotePool = copies ? answers.remotePool : null;
  const steps = new Steps('one by one');
  const host = container.name;
  if (remotePool !== null) addSeeNone(steps, container.host, remotePool, zvol);
  steps.add(frontend, 'imgstorage.map-image', {
    ...{ nas: nas.name, zpool, zvol, host, gigabytes, remotePool },
  });
  addStages(steps, {
    ...{ nas: nas.name, nasHost: nas.host, zpool, zvol, copies, vm: null },
    ...{ container: host, containerHost: container.host },
    bytes: image?.volume?.referenced ?? null,
  });
  return {
    ok: true,
    draft: {
      title: `Map ${nas.name}:${zvol} to ${host}, ${copies ? 'copied there' : 'over iSCSI'}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: `${zvol} is unmapped again${copies ? `, and the daemons copy it back to ${nas.name}` : ''}${image ? '' : '; the image that was made stays, and is removed by this wizard'}.`,
      warnings: [
        ...(image ? [] : known(nas, `${zpool}/${zvol}`)),
        ...(copies
          ? [
              'The copy and the merge go on by themselves; Ctrl-C leaves them, and `resume` waits on.',
            ]
          : []),
      ],
    },
  };
}

/** The roll takes a volume that it does not know of as it is. */
function known({ volumes, name }: Nas, path: string): readonly string[] {
  const found = volumes.ok ? volumes.value.datasets.find((one) => one.name === path) : undefined;
  if (!found) return [];
  return [`${path} is on ${name} already: it is mapped as it is, and the size is not heard.`];
}

function wantedFrom(found: Found, answers: ImageAnswers): Wanted {
  const image = imageNamed(found, answers.image);
  if (image) {
    const size = image.volume?.size;
    return {
      nas: image.nas,
      zpool: image.row?.zpool ?? '',
      zvol: image.zvol,
      gigabytes: size == null ? answers.gigabytes : Math.max(1, Math.round(size / GIB)),
      image,
    };
  }
  const { zpool, name: zvol, gigabytes } = answers;
  return { nas: nasNamed(found, answers.nas), zpool, zvol, gigabytes, image: undefined };
}

function imageFaults(
  found: Found,
  answers: ImageAnswers,
  { nas, zpool, zvol, gigabytes, image }: Wanted,
): readonly Fault[] {
  if (image) {
    const says =
      mapFault(image) ?? (zpool === '' ? 'its row does not say in which pool it is' : undefined);
    return says === undefined ? [] : [{ key: 'image', says: `${image.subject}: ${says}` }];
  }
  if (answers.image !== '') return [{ key: 'image', says: `there is no image ${answers.image}` }];
  const because = nas ? nasFault(nas) : 'it is no NAS of img-storage';
  if (because !== undefined) return [{ key: 'nas', says: `${answers.nas}: ${because}` }];
  const pool = nas && poolsOf(nas).find(({ name }) => name === zpool);
  if (!pool) return [{ key: 'zpool', says: `${answers.nas} has no pool ${zpool}` }];
  const faults: Fault[] = [];
  if (zvol === '') faults.push({ key: 'name', says: 'it must not stay empty' });
  if (found.images.some((one) => one.nas === nas && one.zvol === zvol)) {
    faults.push({ key: 'name', says: `${answers.nas} has an image ${zvol} already` });
  }
  if (pool.free !== undefined && pool.free < gigabytes * GIB) {
    faults.push({ key: 'gigabytes', says: `${zpool} has ${bytes(pool.free)} left` });
  }
  return faults;
}

function containerFaults(
  { container: name, mode, remotePool }: ImageAnswers,
  container: Container | undefined,
  { gigabytes, zvol }: Wanted,
): readonly Fault[] {
  const because = container ? containerFault(container) : 'it is no container of img-storage';
  if (because !== undefined) return [{ key: 'container', says: `${name}: ${because}` }];
  if (mode === 'direct' || !container) return [];
  const pool = poolsOf(container).find((one) => one.name === remotePool);
  if (!pool) return [{ key: 'remotePool', says: `${name} has no pool ${remotePool}` }];
  const there = volumeThere(container, remotePool, zvol);
  if (there !== undefined) {
    return [{ key: 'remotePool', says: `${name} has a volume ${there}, which mapping destroys` }];
  }
  if (pool.free !== undefined && pool.free < gigabytes * GIB) {
    return [{ key: 'remotePool', says: `${remotePool} on ${name} has ${bytes(pool.free)} left` }];
  }
  return [];
}
