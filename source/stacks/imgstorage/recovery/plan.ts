import type { Fault } from '../../../core/form.js';
import { Steps } from '../../../core/plan-steps.js';
import type { Basis, Confirmation } from '../../../core/plan.js';
import { clean, listed } from '../../../core/text.js';
import { bytes } from '../../../core/units.js';
import type { Draft, Drafted } from '../../../core/wizard.js';
import {
  endIscsi,
  endOwn,
  logOutElsewhere,
  mergeHere,
  mergeToNas,
  removeDevice,
} from './chain-steps.js';
import type { Situation } from './look.js';
import { wayOf } from './names.js';
import { prove } from './prove.js';
import { giveBackRoll, holdRoll, unmapRows } from './rows.js';
import { guests, strangers } from './strangers.js';
import { wakeDaemons } from './daemons.js';
import { copyOf, endVolumes, keptName, saveVolume, volumesOf, type Fate } from './volumes.js';

/** What a plan that unmaps is made of. */
export interface Unmapping {
  readonly found: Situation;
  readonly fate: Fate;
  /** Whoever else is logged in at the target is thrown out, each by a typed name. */
  readonly throwOut?: boolean;
}

/** The plan that ends a stuck mapping, or what stands against it. */
export function planUnmapping(input: Unmapping): Drafted {
  const faults = faultsOf(input).map((says): Fault => ({ key: 'victim', says: clean(says) }));
  if (faults.length > 0) return { ok: false, faults };
  const { found, fate } = input;
  const steps = new Steps('one by one');
  holdRoll(steps, found);
  logOutElsewhere(steps, found);
  removeDevice(steps, found);
  endOwn(steps, found, fate === 'save');
  const toNas = found.newest.where === 'both';
  if (fate === 'save' && toNas) mergeToNas(steps, found);
  if (fate === 'save' && !toNas && isUnmerged(found)) mergeHere(steps, found);
  // ZFS receives into a volume that is open too, beneath whoever reads it over iSCSI.
  endIscsi(steps, found, input.throwOut === true ? strangers(found).flatMap(({ at }) => at) : []);
  if (fate === 'save' && !toNas) saveVolume(steps, found);
  endVolumes(steps, found, fate);
  unmapRows(steps, found);
  giveBackRoll(steps, found);
  wakeDaemons(steps, found);
  prove(steps, found);
  return { ok: true, draft: draftOf(input, steps) };
}

/** Whether something lies beside the container's own volume that is not merged into it. */
export function isUnmerged({ far, memory }: Situation): boolean {
  if (!far?.temp || far.device?.target === 'linear') return false;
  if (far.device?.target === 'snapshot-merge') return true;
  return memory?.ok === true && memory.memory.bytes > 0;
}

function draftOf(input: Unmapping, steps: Steps): Draft {
  const { found, fate } = input;
  const subject = found.image.subject;
  return {
    title: `${TITLES[fate]} ${subject}`,
    steps: steps.list,
    basis: basisOf(found),
    confirmations: confirmationsOf(input),
    loses: losesOf(input),
    putBack:
      fate === 'keep'
        ? 'Undo gives the volumes their names back, and puts device, session, target and rows back as they were.'
        : 'Until the first volume is destroyed, undo puts everything back as it was: rows, target, session and device. A volume that was destroyed does not come back; what was copied to the NAS stays there.',
    warnings: warningsOf(input, steps),
  };
}

const TITLES: Readonly<Record<Fate, string>> = {
  save: 'Save what was written, and unmap',
  keep: 'Set the container’s volumes aside, and unmap',
  clear: 'Unmap',
  discard: 'Discard the container’s data, and unmap',
};

/** What is lost for good, a sentence each. */
export function losesOf({ found, fate, throwOut }: Unmapping): readonly string[] {
  const { newest, far, image } = found;
  const loses: string[] = [];
  if (fate === 'discard') {
    const much = newest.unsaved === undefined ? 'how much is not known' : bytes(newest.unsaved);
    loses.push(
      `What ${clean(far?.container.name ?? '')} has of ${image.subject} and the NAS has not is lost for good: ${much}. ${newest.says}`,
    );
  }
  if (
    fate === 'save' &&
    far?.device?.filling?.kind === 'broken' &&
    far.device.target === 'snapshot'
  ) {
    loses.push('What was written after the snapshot was full was never kept by anybody.');
  }
  if (throwOut === true) {
    const who = listed(strangers(found).map(({ name }) => clean(name)));
    loses.push(
      `What ${who} had not written to the image yet is lost, and whoever uses it there gets errors.`,
    );
  }
  return loses;
}

function confirmationsOf(input: Unmapping): readonly Confirmation[] {
  const { found, fate, throwOut } = input;
  const names = volumesOf(found).map(({ name }) => name);
  const thrown = throwOut === true ? strangers(found) : [];
  return [
    ...(fate === 'discard'
      ? names.map((word) => ({ word, accepts: `${word} is destroyed. ${found.newest.says}` }))
      : []),
    ...((fate === 'save' || fate === 'clear') && names.length > 0
      ? [
          {
            word: found.image.zvol,
            accepts: clean(
              `${listed(names)} on ${found.far?.container.name ?? ''} ${names.length === 1 ? 'is' : 'are'} destroyed, once the NAS has all that ${names.length === 1 ? 'it holds' : 'they hold'}.`,
            ),
          },
        ]
      : []),
    ...thrown.map(({ name }) => ({
      word: name,
      accepts: `${name} loses the disk while it may be in use there.`,
    })),
  ];
}

/** The guids tell a volume from one that was made anew; the table tells the device. */
function basisOf({ image, nas, container, far, table }: Situation): readonly Basis[] {
  const guid = (
    host: string | undefined,
    set: { readonly name: string; readonly guid: string } | undefined,
  ) =>
    host === undefined || !set
      ? []
      : [
          {
            host,
            says: `the volume ${set.name}`,
            argv: ['zfs', 'get', '-H', '-p', '-o', 'value', 'guid', set.name],
            expect: set.guid,
          },
        ];
  const device =
    container.host === undefined || table === undefined || !far?.device
      ? []
      : [
          {
            host: container.host,
            says: `the device ${far.device.name}`,
            argv: ['dmsetup', 'table', far.device.name],
            expect: table,
          },
        ];
  return [
    ...guid(nas.host, image.volume),
    ...guid(container.host, far?.local),
    ...guid(container.host, far?.temp),
    ...device,
  ];
}

function warningsOf({ found, fate }: Unmapping, steps: Steps): readonly string[] {
  const { image, frontend, guest } = found;
  const copy = fate === 'save' && found.newest.where !== 'both' ? copyOf(found) : undefined;
  return [
    ...(guest === undefined
      ? []
      : [`${clean(guest)} is shut down first; it is not started again.`]),
    ...(copy?.since === null
      ? [
          `The two volumes have no snapshot in common: what the container has arrives beside the image as ${copy.to}. Nothing of ${image.volume?.name ?? 'the image'} is touched; which of the two goes on is yours to choose (\`zfs rename\`).`,
        ]
      : []),
    ...(fate === 'keep'
      ? volumesOf(found).map(
          ({ name }) =>
            `${name} stays as ${keptName(found, name)} and takes its room until somebody destroys it.`,
        )
      : []),
    ...(steps.list.some(({ kind }) => kind === 'imgstorage.map-image')
      ? []
      : [
          frontend === undefined
            ? 'That the image can be mapped again is not proven: no frontend is among the hosts.'
            : 'That the image can be mapped again is not proven: the plan cannot tell where to, or how large it is.',
        ]),
  ];
}

/** What stands against it, a sentence each. */
function faultsOf(input: Unmapping): readonly string[] {
  const { found, fate, throwOut } = input;
  const { far, image, nas, container, table } = found;
  return [
    ...(nas.host === undefined ? [`${image.nas.name} does not answer.`] : []),
    ...(fate === 'save' ? saveFaults(found) : []),
    ...(far?.device && table === undefined
      ? [`The table of ${far.device.name} could not be read.`]
      : []),
    ...(far?.device && table?.includes('\n') === true
      ? [`${far.device.name} is made of several parts, which the roll never does.`]
      : []),
    ...guests(found),
    ...found.usedElsewhere.map((says) => `${says} See what that is, stop it there, and ask again.`),
    ...(throwOut === true
      ? []
      : strangers(found).map(
          ({ name }) =>
            `${name} is logged in at the target: see what it has there, and log out first.`,
        )),
    ...(far && container.host === undefined ? [`${far.container.name} does not answer.`] : []),
  ];
}

function saveFaults(found: Situation): readonly string[] {
  const { image, newest, far, nas } = found;
  const volume = image.volume;
  if (!volume) return [`${image.nas.name} has no volume of ${image.zvol} to save it to.`];
  const needs = newest.unsaved ?? far?.local?.referenced ?? 0;
  const free = volume.available ?? Number.POSITIVE_INFINITY;
  return [
    ...(needs > free
      ? [
          `${volume.name} has ${bytes(free)} free on ${image.nas.name}, and ${bytes(needs)} are to be saved.`,
        ]
      : []),
    ...(newest.where === 'both' && wayOf(found) === undefined
      ? [`${far?.container.name ?? ''} does not know the address of ${image.nas.name}.`]
      : []),
    ...(nas.other === undefined
      ? [
          `${image.nas.name} does not know the address of ${far?.container.name ?? 'the container'}.`,
        ]
      : []),
  ];
}
