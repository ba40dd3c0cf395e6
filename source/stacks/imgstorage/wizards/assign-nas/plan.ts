import type { Fault } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { Confirmation } from '../../../../core/plan.js';
import type { Drafted } from '../../../../core/wizard.js';
import type { Nas } from '../../hosts.js';
import { vmPlacesCommand } from '../../probes/frontend.js';
import { imageOf } from '../../roll.js';
import type { Image } from '../../view.js';
import { addSeeNone, addStages, volumeThere } from '../boot.js';
import {
  attributeOf,
  containerFault,
  containerNamed,
  frontendFaults,
  nasFault,
  nasNamed,
  poolsOf,
  syncsTo,
  type Found,
} from '../found.js';
import type { AssignAnswers } from './answers.js';
import { vmFault } from './questions.js';

/** The plan: the NAS in the frontend's database, the start, and every stage of it where it shows. */
export function plan(found: Found, answers: AssignAnswers): Drafted {
  const { vm, nas: name, zpool, start } = answers;
  const { frontend } = found;
  const nas = nasNamed(found, name);
  const place = found.machines.places.find((one) => one.vm === vm)?.container ?? '';
  const container = containerNamed(found, place);
  const faults = faultsOf(found, answers, nas, place);
  if (faults.length > 0 || nas?.host === undefined || frontend === undefined) {
    return { ok: false, faults };
  }
  const given = found.machines.nas.find((one) => one.vm === vm);
  const before =
    given?.nas == null || given.zpool === null ? null : { nas: given.nas, zpool: given.zpool };
  const steps = new Steps('one by one');
  if (before?.nas !== name || before.zpool !== zpool) {
    steps.add(frontend, 'imgstorage.set-vm-nas', { vm, nas: name, zpool, before });
  }
  const zvol = imageOf(vm);
  const copies = syncsTo(found, place);
  const image = found.images.find((one) => one.nas === nas && one.zvol === zvol);
  if (start && container?.host !== undefined) {
    const pool = attributeOf(found, place, 'vm_container_zpool') ?? '';
    if (copies) addSeeNone(steps, container.host, pool, zvol);
    steps.add(frontend, 'imgstorage.start-vm', { vm, nas: name, zvol, container: container.name });
    addStages(steps, {
      ...{ nas: name, nasHost: nas.host, zpool, zvol, vm, copies },
      ...{ container: container.name, containerHost: container.host },
      bytes: image?.volume?.referenced ?? null,
    });
  }
  const left = leftBehind(found, answers);
  return {
    ok: true,
    draft: {
      title: `Disk of ${vm} on ${name}, in ${zpool}${start ? '; started and followed' : ''}`,
      steps: steps.list,
      basis: basisOf(found, vm),
      confirmations: left.map((one) => confirmation(vm, one)),
      loses: [],
      putBack: `${start ? `${vm} is stopped and its image copied back to the NAS; ` : ''}${vm} has ${before === null ? 'no NAS' : before.nas} again. An image that was made stays.`,
      warnings: warningsOf(answers, image, copies),
    },
  };
}

function faultsOf(
  found: Found,
  { vm, nas: name, zpool, start }: AssignAnswers,
  nas: Nas | undefined,
  place: string,
): readonly Fault[] {
  const faults: Fault[] = [...frontendFaults(found)];
  const known = found.machines.nas.some((one) => one.vm === vm);
  const because = known ? vmFault(found, vm) : 'it is no virtual machine of this cluster';
  if (because !== undefined) faults.push({ key: 'vm', says: `${vm}: ${because}` });
  const unfit = nas ? nasFault(nas) : 'it is no NAS of img-storage';
  if (unfit !== undefined) faults.push({ key: 'nas', says: `${name}: ${unfit}` });
  else if (nas && !poolsOf(nas).some((pool) => pool.name === zpool)) {
    faults.push({ key: 'zpool', says: `${name} has no pool ${zpool}` });
  }
  if (!start || place === '') return faults;
  const container = containerNamed(found, place);
  const blocked = container ? containerFault(container) : 'it is no container of img-storage';
  if (blocked !== undefined) {
    faults.push({ key: 'start', says: `${place}, where ${vm} is to start: ${blocked}` });
  }
  const pool = attributeOf(found, place, 'vm_container_zpool');
  if (syncsTo(found, place) && (pool === undefined || pool === '')) {
    const says = `${place} has img_sync, but no vm_container_zpool: prepare it first`;
    faults.push({ key: 'start', says });
  }
  const there = container && volumeThere(container, pool ?? '', imageOf(vm));
  if (there !== undefined) {
    faults.push({ key: 'start', says: `${place} has a volume ${there}, which a start destroys` });
  }
  const leftovers = found.images.find(
    (one) => one.zvol === imageOf(vm) && one.leftovers.length > 0,
  );
  if (leftovers) {
    const says = `a container still has something of ${leftovers.subject}, which a start would destroy: see its problem`;
    faults.push({ key: 'start', says });
  }
  return faults;
}

/** Images of this virtual machine elsewhere, which it will not have any more. */
function leftBehind({ images }: Found, { vm, nas, zpool }: AssignAnswers): readonly Image[] {
  return images.filter((one) => {
    const same = one.nas.name === nas && (one.row?.zpool ?? zpool) === zpool;
    return one.zvol === imageOf(vm) && one.volume !== undefined && !same;
  });
}

function confirmation(vm: string, { subject, row }: Image): Confirmation {
  return {
    word: vm,
    accepts: `${vm} starts with another disk: its image ${subject} in ${row?.zpool ?? 'its pool'} stays where it is and is not used`,
  };
}

/** A virtual machine that was moved meanwhile starts elsewhere. */
function basisOf({ machines, frontend }: Found, vm: string) {
  const container = machines.places.find((one) => one.vm === vm)?.container;
  if (frontend === undefined || container == null) return [];
  const [rocks = ''] = vmPlacesCommand().argv;
  const script = `${rocks} list host vm | awk '$1 == "${vm}:" { for (i = 2; i <= NF; i++) if ($i == "${container}") print $i }'`;
  return [
    {
      host: frontend,
      says: `the container of ${vm}`,
      argv: ['sh', '-c', script],
      expect: container,
    },
  ];
}

function warningsOf(
  { vm, start }: AssignAnswers,
  image: Image | undefined,
  copies: boolean,
): readonly string[] {
  return [
    ...(image
      ? [`${image.subject} is there already, and is what ${vm} starts from; its size stays.`]
      : [
          `The image of ${vm} is made at its first start, empty: it boots what it is installed from.`,
        ]),
    ...(start && copies
      ? [
          'The copy and the merge go on by themselves for as long as they take; Ctrl-C leaves them, and `resume` waits on.',
        ]
      : []),
  ];
}
