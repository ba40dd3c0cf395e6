import type { WayOut } from '../../../core/recovery.js';
import { clean, listed } from '../../../core/text.js';
import { goneHost, lossOf, planGiveUp } from './give-up.js';
import type { Situation } from './look.js';
import { losesOf, planUnmapping } from './plan.js';
import { planRelease, planTidy } from './small-plans.js';
import { strangers } from './strangers.js';
import type { Trouble } from './trouble/index.js';
import { keptName, volumesOf, type Fate } from './volumes.js';

/** The ways out of a trouble, the safest first. */
export function waysOf(found: Situation, { kind }: Trouble): readonly WayOut[] {
  switch (kind) {
    case 'not read':
    case 'in order':
    case 'at work':
    case 'two containers':
      return [];
    case 'container gone':
      return [giveUp(found)];
    case 'dead lock':
      return isWhole(found) ? [release(found), ...unmapping(found)] : unmapping(found);
    case 'left over':
      return isMapped(found) ? tidying(found) : unmapping(found);
    case 'in use elsewhere':
      return strangers(found).length > 0
        ? [...unmapping(found), ...throwingOut(found)]
        : unmapping(found);
    default:
      return unmapping(found);
  }
}

/** Nothing is out of order but the lock. */
function isWhole({ chain }: Situation): boolean {
  return chain.broken === undefined;
}

function isMapped({ image }: Situation): boolean {
  return image.row?.remoteHost != null;
}

function release(found: Situation): WayOut {
  return {
    value: 'release',
    says: `Release the lock; ${found.image.subject} stays as it is.`,
    loses: [],
    plan: () => planRelease(found),
  };
}

function giveUp(found: Situation): WayOut {
  return {
    value: 'give-up',
    says: clean(`Give ${goneHost(found)} up: the NAS forgets that it had the image.`),
    loses: [lossOf(found)],
    plan: () => planGiveUp(found),
  };
}

function tidying(found: Situation): readonly WayOut[] {
  const name = clean(found.far?.temp?.name ?? '');
  const { memory } = found;
  const empty = memory?.ok === true && memory.memory.valid && memory.memory.bytes === 0;
  const keep: WayOut = {
    value: 'keep',
    says: `Set ${name} aside as ${keptName(found, name)}; the mapping goes on.`,
    loses: [],
    plan: () => planTidy(found, 'keep'),
  };
  if (!empty) return [keep];
  const destroy: WayOut = {
    value: 'clear',
    says: `Destroy ${name}, which is merged; the mapping goes on.`,
    loses: [],
    plan: () => planTidy(found, 'destroy'),
  };
  return [destroy, keep];
}

/** Which fates the container's volumes may have, by where the newest data is; the safest first. */
export function fatesOf({ newest, far }: Situation): readonly Fate[] {
  if (!far?.local && !far?.temp) return newest.where === 'not known' ? [] : ['clear'];
  switch (newest.where) {
    case 'nas':
      return newest.unsaved === 0 ? ['clear', 'keep'] : ['keep', 'discard'];
    case 'container':
    case 'both':
      return ['save', 'keep', 'discard'];
    case 'not known':
      return ['keep', 'discard'];
  }
}

function unmapping(found: Situation): readonly WayOut[] {
  return fatesOf(found).map((fate) => unmap(found, fate));
}

function unmap(found: Situation, fate: Fate): WayOut {
  return {
    value: fate,
    says: clean(sayFate(found, fate)),
    loses: losesOf({ found, fate }),
    plan: () => planUnmapping({ found, fate }),
  };
}

function sayFate(found: Situation, fate: Fate): string {
  const { image, far, newest } = found;
  const where = far?.container.name ?? 'the container';
  const names = listed(volumesOf(found).map(({ name }) => name));
  switch (fate) {
    case 'save':
      return newest.where === 'both'
        ? `Merge what was written on ${where} into the image on ${image.nas.name}, then unmap it and destroy ${names}.`
        : `Copy what ${where} has to ${image.nas.name}, then unmap it and destroy ${names}.`;
    case 'keep':
      return `Set ${names} on ${where} aside under other names, then unmap it: ${image.nas.name} goes on with what it has.`;
    case 'clear':
      return names === ''
        ? `Unmap it: take the target, the session and the rows away.`
        : `Unmap it, and destroy ${names}, which hold nothing that ${image.nas.name} has not.`;
    case 'discard':
      return `Unmap it, and destroy ${names} with all that is in them.`;
  }
}

/** The last way while a host that cannot be asked is logged in: it loses its disk. */
function throwingOut(found: Situation): readonly WayOut[] {
  const [fate] = fatesOf(found);
  if (fate === undefined) return [];
  const who = listed(strangers(found).map(({ name }) => clean(name)));
  return [
    {
      value: 'throw-out',
      says: `Throw ${who} out, and unmap it: ${sayFate(found, fate)}`,
      loses: losesOf({ found, fate, throwOut: true }),
      plan: () => planUnmapping({ found, fate, throwOut: true }),
    },
  ];
}
