import { Steps } from '../../../core/plan-steps.js';
import type { Draft, Drafted } from '../../../core/wizard.js';
import type { Row } from '../steps/row.js';
import { wakeDaemons } from './daemons.js';
import type { Situation } from './look.js';
import { keptName } from './volumes.js';
import { snapshotsOf, stampOf } from './names.js';

const NOTHING_LOST: Pick<Draft, 'basis' | 'confirmations' | 'loses' | 'warnings'> = {
  basis: [],
  confirmations: [],
  loses: [],
  warnings: [],
};

/** Only the lock of a dead call is taken away: all else of the image is as it should be. */
export function planRelease(found: Situation): Drafted {
  const { image, nas, at } = found;
  const lock: Row | undefined = nas.rows.zvol_calls;
  if (nas.host === undefined || !lock) {
    const says = 'Its lock could not be read as it stands in the database.';
    return { ok: false, faults: [{ key: 'victim', says }] };
  }
  const steps = new Steps('one by one');
  steps.add(nas.host, 'imgstorage.keep-database', { stamp: stampOf(at) });
  steps.add(nas.host, 'imgstorage.change-row', {
    title: 'release the lock of the dead call',
    table: 'zvol_calls',
    zvol: image.zvol,
    before: lock,
    after: null,
  });
  wakeDaemons(steps, found);
  const draft: Draft = {
    ...NOTHING_LOST,
    title: `Release the lock of ${image.subject}`,
    steps: steps.list,
    putBack: 'Undo puts the lock back as it was.',
  };
  return { ok: true, draft };
}

/** What a merge left behind goes, or is kept under another name; the mapping goes on undisturbed. */
export function planTidy(found: Situation, how: 'destroy' | 'keep'): Drafted {
  const { image, container, far } = found;
  const temp = far?.temp;
  if (!far || !temp || container.host === undefined) {
    return { ok: false, faults: [{ key: 'victim', says: 'It is not there any more.' }] };
  }
  const steps = new Steps('one by one');
  const { name: volume, guid } = temp;
  if (how === 'keep') {
    const to = keptName(found, volume);
    steps.add(container.host, 'zfs.rename-volume', { from: volume, to, guid });
  } else {
    steps.add(container.host, 'imgstorage.see-saved', { volume: null, memory: volume });
    const snapshots = [...snapshotsOf(far, temp)];
    const loses = 'a memory that is merged into the container’s volume';
    steps.add(container.host, 'zfs.destroy-volume', { volume, guid, snapshots, loses });
  }
  const draft: Draft = {
    ...NOTHING_LOST,
    title:
      how === 'keep'
        ? `Set ${volume} of ${image.subject} aside`
        : `Take ${volume} of ${image.subject} away`,
    steps: steps.list,
    confirmations:
      how === 'keep'
        ? []
        : [{ word: volume, accepts: `${volume} is destroyed; all of it is merged.` }],
    putBack:
      how === 'keep'
        ? 'Undo gives it its name back.'
        : 'A volume that was destroyed does not come back.',
  };
  return { ok: true, draft };
}
