import type { Fault } from '../../../../core/form.js';
import type { HostName } from '../../../../core/host.js';
import { Steps } from '../../../../core/plan-steps.js';
import { quoteAll } from '../../../../core/quote.js';
import { count } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Draft, Drafted } from '../../../../core/wizard.js';
import { newestOf } from '../../newest.js';
import type { Image } from '../../view.js';
import { frontendFaults, imageNamed, type Found } from '../found.js';
import { goesWith, removeFault, unmapFault } from './gates.js';
import type { ImageAnswers } from './answers.js';
import { mapPlan } from './map.js';

const refused = (key: string, says: string): Drafted => ({ ok: false, faults: [{ key, says }] });

/** The plan for what is to be done with an image. */
export function plan(found: Found, answers: ImageAnswers): Drafted {
  const missing: readonly Fault[] = frontendFaults(found);
  const { frontend } = found;
  if (frontend === undefined) return { ok: false, faults: missing };
  if (answers.action === 'map') return mapPlan(found, answers, frontend);
  const image = imageNamed(found, answers.image);
  if (!image) return refused('image', `there is no image ${answers.image}`);
  const because = answers.action === 'unmap' ? unmapFault(image) : removeFault(image);
  if (because !== undefined) return refused('image', `${image.subject}: ${because}`);
  return answers.action === 'unmap'
    ? { ok: true, draft: unmapDraft(image, frontend) }
    : removeDraft(image, frontend);
}

/** The roll's answer comes before the data is back, so the end of the last copy is waited for. */
function unmapDraft(image: Image, frontend: HostName): Draft {
  const { nas, zvol, row, far } = image;
  const steps = new Steps('one by one');
  steps.add(frontend, 'imgstorage.unmap-image', { nas: nas.name, zvol });
  const copied = row?.sync === true;
  if (copied) steps.add(frontend, 'imgstorage.wait-returned', { nas: nas.name, zvol });
  return {
    title: `Unmap ${image.subject} from ${row?.remoteHost ?? ''}`,
    steps: steps.list,
    basis: [],
    confirmations: [],
    loses: [],
    putBack: 'Nothing: it is mapped again where it is wanted.',
    warnings: [
      newestOf(image).says,
      ...(copied
        ? [
            `The volume on ${far?.container.name ?? 'the container'} is destroyed by the roll once its last copy is on ${nas.name}. Ctrl-C leaves the waiting; the copy goes on, and \`resume\` waits on.`,
          ]
        : []),
    ],
  };
}

/** What is lost is named, and everything beneath the name is seen again right before. */
function removeDraft(image: Image, frontend: HostName): Drafted {
  const { nas, zvol, volume, row, snapshots, vm } = image;
  const zpool = row?.zpool;
  if (nas.host === undefined || !volume || zpool == null) {
    return refused('image', `${image.subject}: its volume is not known`);
  }
  const held = volume.referenced === null ? 'its data' : bytes(volume.referenced);
  const loses = `${held} in ${volume.name} on ${nas.name}${snapshots.length > 0 ? ` and ${count(snapshots.length, 'snapshot')}` : ''}`;
  const all = goesWith(image).toSorted();
  const list = ['zfs', 'list', '-H', '-r', '-t', 'all', '-o', 'name', volume.name];
  const steps = new Steps('one by one');
  steps.add(nas.host, 'host.see-that', {
    title: 'see that nothing came to it',
    on: volume.name,
    shows: { argv: ['sh', '-c', `${quoteAll(list)} | LC_ALL=C sort`], expect: all.join('\n') },
  });
  steps.add(frontend, 'imgstorage.remove-image', { nas: nas.name, zpool, zvol, loses });
  return {
    ok: true,
    draft: {
      title: `Remove ${image.subject} for good`,
      steps: steps.list,
      basis: [],
      confirmations: [{ word: zvol, accepts: `${loses} are lost` }],
      loses: [`${loses}.`],
      putBack: 'Nothing: what is destroyed is gone.',
      warnings:
        vm === undefined ? [] : [`It is the disk of ${vm}, which then starts with an empty one.`],
    },
  };
}
