import type { Steps } from '../../../core/plan-steps.js';
import type { Row } from '../steps/row.js';
import type { Side, Situation } from './look.js';
import { stampOf } from './names.js';
import { GUIDE } from './own.js';

/** So late that no copy is made by plan meanwhile: 2100-01-01, in seconds. */
const NEVER = 4_102_444_800;

interface Change {
  readonly title: string;
  readonly table: string;
  readonly before: Row | null;
  readonly after: Row | null;
}

function change(
  steps: Steps,
  side: Side,
  zvol: string,
  { title, table, before, after }: Change,
): void {
  if (side.host === undefined || (before === null && after === null)) return;
  steps.add(side.host, 'imgstorage.change-row', { title, table, zvol, before, after });
}

function ownLock({ at }: Situation): Row {
  return { reply_to: `${GUIDE}${stampOf(at)}`, time: Math.floor(at / 1000) };
}

/** The schedule while the guide is at work; null: there is nothing to be held back. */
function heldSchedule({ image, nas }: Situation): Row | null {
  if (image.row?.remoteHost == null || !image.row.sync) return null;
  return { ...nas.rows.zvolattrs, nextsync: NEVER };
}

/** The schedule as it is put back; one that a guide held back and did not put back is due at once. */
function schedule({ rows: { zvolattrs } }: Side): Row | null {
  if (!zvolattrs) return null;
  return zvolattrs.nextsync === NEVER ? { ...zvolattrs, nextsync: null } : zvolattrs;
}

/**
 * Keeps the roll's hands off while the guide is at work, by the roll's own means: its lock refuses every
 * call for the image, and no copy is made by plan. What the daemons still meant to do is struck off.
 */
export function holdRoll(steps: Steps, found: Situation): void {
  const { image, nas, container } = found;
  const { zvol } = image;
  for (const { host } of [nas, container]) {
    if (host !== undefined && Object.keys(host === nas.host ? nas.rows : container.rows).length > 0)
      steps.add(host, 'imgstorage.keep-database', { stamp: stampOf(found.at) });
  }
  change(steps, nas, zvol, {
    title: nas.rows.zvol_calls ? 'take the lock over' : 'lock the image for the guide',
    table: 'zvol_calls',
    before: nas.rows.zvol_calls ?? null,
    after: ownLock(found),
  });
  const held = heldSchedule(found);
  if (held) {
    change(steps, nas, zvol, {
      title: 'have no copy made by plan meanwhile',
      table: 'zvolattrs',
      before: nas.rows.zvolattrs ?? null,
      after: held,
    });
  }
  change(steps, nas, zvol, {
    title: 'strike the copy off that nobody makes',
    table: 'sync_queue',
    before: nas.rows.sync_queue ?? null,
    after: null,
  });
  change(steps, container, zvol, {
    title: 'strike the merge off that nobody goes on with',
    table: 'sync_queue',
    before: container.rows.sync_queue ?? null,
    after: null,
  });
}

/** Says in the rows of both that the image is mapped nowhere. */
export function unmapRows(steps: Steps, { image, nas, container }: Situation): void {
  const { zvol, volume } = image;
  change(steps, container, zvol, {
    title: 'forget the image on the container',
    table: 'zvols',
    before: container.rows.zvols ?? null,
    after: null,
  });
  const before = nas.rows.zvols ?? null;
  if (!before) return;
  const pool = before.zpool ?? volume?.name.split('/').slice(0, -1).join('/') ?? null;
  const after: Row = {
    ...before,
    zpool: pool,
    iscsi_target: null,
    remotehost: null,
    remotepool: null,
  };
  const same = Object.entries(after).every(([column, value]) => before[column] === value);
  if (same) return;
  change(steps, nas, zvol, { title: 'say that it is not mapped', table: 'zvols', before, after });
}

/** Lets the roll have the image again. */
export function giveBackRoll(steps: Steps, found: Situation): void {
  const { image, nas } = found;
  const held = heldSchedule(found);
  if (held) {
    change(steps, nas, image.zvol, {
      title: 'have copies made by plan again',
      table: 'zvolattrs',
      before: held,
      after: schedule(nas),
    });
  }
  change(steps, nas, image.zvol, {
    title: 'release the lock',
    table: 'zvol_calls',
    before: ownLock(found),
    after: null,
  });
}
