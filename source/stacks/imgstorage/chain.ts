import { clean, listed } from '../../core/text.js';
import { standing } from '../../tools/iscsi-session.js';
import { phaseOf, type Phase } from './phase.js';
import type { Dataset } from '../../tools/zfs.js';
import { shortName, TEMP_WRITE } from './roll.js';
import type { Seen } from './seen.js';
import type { Far } from './far.js';
import type { Image } from './view.js';

/** The parts of an image, from the NAS to the container. */
export type Part =
  'row' | 'image' | 'target' | 'session' | 'device' | 'local volume' | 'temp-write volume';

/** How a part stands, held against what the image's phase needs. */
export type Standing =
  | 'there'
  /** Rightly not there. */
  | 'none'
  | 'missing'
  /** There, and not as it should be. */
  | 'unlike'
  /** There, and should not be. */
  | 'left over'
  | 'not looked at';

/** One part of the chain. */
export interface Link {
  readonly part: Part;
  readonly standing: Standing;
  /** What it is or how it differs, drawable: `iqn.…:vol1, one initiator`. */
  readonly says: string;
}

/** An image's parts in their order, and where the chain breaks. */
export interface Chain {
  readonly phase: Phase;
  readonly links: readonly Link[];
  /** The first that is missing, unlike or left over; undefined: none. */
  readonly broken?: Link;
  /** Parts that could not be looked at: what they are is not known. */
  readonly unknown: readonly Link[];
}

type Need = 'yes' | 'no' | 'either';
type Needs = Readonly<Record<'target' | 'session' | 'device' | 'local' | 'temp', Need>>;

const NOTHING: Needs = { target: 'no', session: 'no', device: 'no', local: 'no', temp: 'no' };
const ANY: Needs = {
  target: 'either',
  session: 'either',
  device: 'either',
  local: 'either',
  temp: 'either',
};
const SNAPSHOT: Needs = { target: 'yes', session: 'yes', device: 'yes', local: 'yes', temp: 'yes' };
const OWN: Needs = { target: 'no', session: 'no', device: 'yes', local: 'yes', temp: 'no' };

/** What each phase needs. */
const NEEDS: Readonly<Record<Phase, Needs>> = {
  'not known': ANY,
  'no row': NOTHING,
  unmapped: NOTHING,
  mapping: ANY,
  direct: { ...NOTHING, target: 'yes', session: 'yes' },
  sending: SNAPSHOT,
  interrupted: SNAPSHOT,
  merging: SNAPSHOT,
  local: OWN,
  'copying back': OWN,
  unmapping: ANY,
  returning: { ...NOTHING, local: 'either' },
  'not returned': { ...NOTHING, local: 'yes' },
};

/** The chain of an image. */
export function chainOf(image: Image): Chain {
  const phase = phaseOf(image);
  const needs = NEEDS[phase];
  const far = image.far ?? image.leftovers[0];
  const links = [
    rowLink(image, phase),
    imageLink(image),
    targetLink(image, needs.target),
    ...(far ? farLinks(image, far, needs, phase) : []),
  ];
  const broken = links.find(({ standing: one }) => /^(?:missing|unlike|left over)$/.test(one));
  const unknown = links.filter(({ standing: one }) => one === 'not looked at');
  return { phase, links, unknown, ...(broken && { broken }) };
}

/** A part that was found or not, held against what is needed. */
function judge(
  part: Part,
  seen: Seen<unknown>,
  need: Need,
  found: { readonly says: string; readonly fault?: string | undefined } | undefined,
): Link {
  if (!seen.ok) return { part, standing: 'not looked at', says: clean(seen.because) };
  if (!found) return { part, standing: need === 'yes' ? 'missing' : 'none', says: '' };
  if (found.fault !== undefined) {
    return { part, standing: 'unlike', says: clean(`${found.says}: ${found.fault}`) };
  }
  return { part, standing: need === 'no' ? 'left over' : 'there', says: clean(found.says) };
}

function rowLink({ row, nas, secondHand }: Image, phase: Phase): Link {
  const part = 'row';
  if (!row) {
    if (!nas.tables.ok) return { part, standing: 'not looked at', says: clean(nas.tables.because) };
    return { part, standing: 'missing', says: `${clean(nas.name)} has no row of it` };
  }
  const where = row.remoteHost === null ? 'unmapped' : `mapped to ${row.remoteHost}`;
  const from = secondHand ? ', as its daemon says' : '';
  const standing: Standing = phase === 'not returned' ? 'unlike' : 'there';
  const why = phase === 'not returned' ? ': the last copy to the NAS failed' : '';
  return { part, standing, says: clean(`${where}${from}${why}`) };
}

function imageLink({ volume, nas, row, zvol }: Image): Link {
  const path = `${row?.zpool ?? '?'}/${zvol}`;
  const link = judge('image', nas.volumes, 'yes', volume && { says: volume.name });
  return link.standing === 'missing' ? { ...link, says: clean(`no ${path} on ${nas.name}`) } : link;
}

function targetLink(image: Image, need: Need): Link {
  const { target, nas, row } = image;
  const initiators = target?.initiators ?? [];
  const strangers = strangersAt(image);
  const found = target && {
    says: target.name,
    fault:
      strangers.length > 0
        ? `in use by ${listed(strangers)}`
        : row?.remoteHost !== null && initiators.length === 0 && need === 'yes'
          ? 'nobody is logged in'
          : undefined,
  };
  return judge('target', nas.targets, need, found);
}

/** Who is logged in at an image's target and is not the container that it is mapped to. */
export function strangersAt({ target, row, far }: Image): readonly string[] {
  const expected = row?.remoteHost == null ? undefined : shortName(row.remoteHost);
  const local = far?.container;
  return (target?.initiators ?? []).flatMap(({ name, alias, addresses }) => {
    if (expected !== undefined) {
      // An initiator that says nothing of itself is taken for the one that may log in: the ACL has one.
      if (alias === null || shortName(alias) === expected) return [];
      if (local?.host !== undefined && shortName(alias) === shortName(local.host)) return [];
    }
    return [alias === null ? (addresses[0] ?? name) : shortName(alias)];
  });
}

function farLinks(image: Image, far: Far, needs: Needs, phase: Phase): readonly Link[] {
  const { container, session, local, temp, disk } = far;
  const others = image.far ? needs : NOTHING;
  const name = container.name;
  const sessionFound = session && {
    says: `${name}: ${disk ?? 'no disk'} from ${session.portal}`,
    fault:
      standing(session) === 'down'
        ? (session.sessionState ?? session.connectionState ?? 'not logged in')
        : disk === undefined
          ? 'it brought no disk'
          : undefined,
  };
  const volumeFound = (set: Dataset | undefined) => set && { says: `${name}: ${set.name}` };
  return [
    judge('session', container.sessions, others.session, sessionFound),
    deviceLink(far, others.device, phase),
    judge('local volume', container.volumes, others.local, volumeFound(local)),
    judge('temp-write volume', container.volumes, others.temp, volumeFound(temp)),
  ];
}

/** The target of device mapper that each phase goes with. */
const TARGETS: Readonly<Partial<Record<Phase, readonly string[]>>> = {
  sending: ['snapshot'],
  interrupted: ['snapshot'],
  merging: ['snapshot', 'snapshot-merge', 'linear'],
  local: ['linear'],
  'copying back': ['linear'],
};

function deviceLink({ container, device }: Far, need: Need, phase: Phase): Link {
  const wanted = TARGETS[phase];
  const broken = device?.filling?.kind === 'broken' ? device.filling.word : undefined;
  const found = device && {
    says: `${container.name}: ${device.name}, ${device.target}`,
    fault:
      broken !== undefined
        ? `the snapshot is ${broken}`
        : device.suspended === true
          ? 'it is suspended, so whoever uses it waits'
          : wanted && need === 'yes' && !wanted.includes(device.target)
            ? `its NAS says ${phase}, which needs ${listed(wanted)}`
            : undefined,
  };
  return judge('device', container.devices, need, found);
}

/** The name that a volume for writing beside has. */
export function tempOf(volume: string): string {
  return `${volume}${TEMP_WRITE}`;
}
