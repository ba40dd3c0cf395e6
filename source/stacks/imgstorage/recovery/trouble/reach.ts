import { clean, listed } from '../../../../core/text.js';
import { strangersAt } from '../../chain.js';
import type { Situation } from '../look.js';
import { mend, miss, name, where, type Trouble } from './kinds.js';

/** Without the NAS nothing is known. */
export function notRead(found: Situation): Trouble | undefined {
  const { nas } = found.image;
  const unread = [nas.tables, nas.targets, nas.volumes].find(({ ok }) => !ok);
  if (!unread || unread.ok) return undefined;
  const happened = `${clean(nas.name)} could not be looked at whole: ${clean(unread.because)}.`;
  return miss(
    'not read',
    'NAS not read',
    happened,
    'Nothing is planned without it. Make it answer, and ask again.',
  );
}

/** Somebody else is logged in at the target. */
export function elsewhere(found: Situation): Trouble | undefined {
  const strangers = strangersAt(found.image).map(clean);
  if (strangers.length === 0) return undefined;
  const { row } = found.image;
  const mapped = row?.remoteHost == null ? 'not mapped' : `mapped to ${clean(row.remoteHost)}`;
  return mend(
    'in use elsewhere',
    'target in use by another host',
    `${name(found)} is ${mapped}, but ${listed(strangers)} ${strangers.length === 1 ? 'is' : 'are'} logged in at its target. A target is not removed while somebody uses it, and two hosts that write on one image destroy it.`,
    `See first what ${listed(strangers)} has on that disk, stop it, and log out there: then the other ways are open. To throw it out is the last way.`,
  );
}

/** Two containers hold data of it. */
export function twice({ others, far, image }: Situation): Trouble | undefined {
  const holding = [...(far ? [far] : []), ...others].filter(
    ({ device, local, temp }) => (device ?? local ?? temp) !== undefined,
  );
  if (holding.length < 2) return undefined;
  const names = listed(holding.map(({ container }) => clean(container.name)));
  return miss(
    'two containers',
    'data on two containers',
    `${names} both have volumes of ${image.subject}. Which of them was written last does not show in their dates alone.`,
    'See which of them its guest ran on last, set the other’s volumes aside by hand (`zfs rename`), and ask again.',
  );
}

/** Its container cannot be looked at. */
export function gone(found: Situation): Trouble | undefined {
  const { image, container } = found;
  if (image.row?.remoteHost == null || container.host !== undefined) return undefined;
  const { far } = found;
  const why =
    far && !far.container.devices.ok ? far.container.devices.because : 'it did not answer';
  return mend(
    'container gone',
    'container gone',
    `${name(found)} is mapped to ${where(found)}, which could not be looked at: ${clean(why)}. What was written there since the last copy is there alone.`,
    `Bring ${where(found)} back and ask again: then what it has can be saved. Give it up only if it is gone for good.`,
  );
}
