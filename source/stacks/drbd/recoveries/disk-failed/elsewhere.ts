import type { Reader } from '../../../../core/host.js';
import { Steps } from '../../../../core/plan-steps.js';
import { clean } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { WayOut } from '../../../../core/recovery.js';
import type { Drafted } from '../../../../core/wizard.js';
import {
  parseRes,
  printRes,
  replaceSection,
  resSections,
  resValue,
  setResStatement,
} from '../../../../files/drbd-res.js';
import type { BlockDevice } from '../../../../tools/block-devices.js';
import { deviceNames, volumeOf } from '../../../../tools/block-names.js';
import { lookAtDevices } from '../../../../tools/device.js';
import type { DeviceTree } from '../../../../tools/device-tree.js';
import { closedBecause, heldBy } from '../../../../tools/disk-gate.js';
import { mayBeShared } from '../../../../tools/disk-identity.js';
import { diskOffers } from '../../../../tools/disk-offers.js';
import { confOf } from '../../names.js';
import { SECRET_LINES } from '../../read/hidden.js';
import { CHECK_CHANGED } from '../../wizards/check-changed.js';
import { metadataBytes } from '../../wizards/replicated-volume/numbers.js';
import type { UpPlace } from '../look.js';
import { lookAtConfigs, type Configured } from '../standalone/look.js';
import { lookAtDisk, type Disk } from './disk.js';
import type { Judged } from './judge.js';
import { planDisk, type DiskPlan } from './plan.js';

/** A blank device of the same host that is large enough. */
export interface Spare {
  /** A name that stays with it: `/dev/vg1/r0`, `/dev/disk/by-id/…`. */
  readonly path: string;
  readonly disk: Disk;
}

/** The most that are offered: the smallest that fit. */
const MOST = 6;

/** The blank volumes and disks that could take a failed one's place; never one that others may share. */
export async function spareDisks(
  host: Reader,
  backing: string,
  dataBytes: number,
): Promise<readonly Spare[]> {
  const look = await lookAtDevices(host, []);
  if (!look.ok) return [];
  const needed = dataBytes + metadataBytes(dataBytes);
  const offers = diskOffers(new Map([[host.name, look.devices]]), []).get(host.name) ?? [];
  const disks = offers.flatMap(({ device, path, because, holds }) =>
    because === undefined && holds.length === 0 && path !== undefined && !mayBeShared(device)
      ? [{ device, path }]
      : [],
  );
  const fitting = [...disks, ...blankVolumes(look.tree)]
    .filter(({ device }) => device.sizeBytes >= needed && !deviceNames(device).includes(backing))
    .toSorted((a, b) => a.device.sizeBytes - b.device.sizeBytes)
    .slice(0, MOST);
  return Promise.all(
    fitting.map(async ({ path }) => ({ path, disk: await lookAtDisk(host, path) })),
  );
}

function blankVolumes(
  tree: DeviceTree,
): readonly { readonly device: BlockDevice; readonly path: string }[] {
  return tree.devices.flatMap((device) => {
    const volume = volumeOf(device);
    if (!volume || closedBecause(tree, device) !== undefined) return [];
    if (heldBy(tree, device).length > 0) return [];
    return [{ device, path: `/dev/${volume.group}/${volume.name}` }];
  });
}

/** The file with another disk beneath one host's volume, or why it cannot be made. */
export function changeDisk(
  text: string,
  change: {
    readonly resource: string;
    readonly host: string;
    readonly volume: number;
    readonly path: string;
  },
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly because: string } {
  const no = (because: string) => ({ ok: false, because }) as const;
  const file = parseRes(text);
  if (file.faults.length > 0) return no(file.faults[0] ?? 'its file is broken');
  const [section] = resSections(file.pieces, 'resource', change.resource);
  const [host, ...more] = resSections(section?.body ?? [], 'on', change.host);
  if (host?.head.length !== 2 || more.length > 0) {
    return no(`its file has no section \`on ${change.host}\` of its own`);
  }
  const [volume] = resSections(host.body, 'volume', String(change.volume));
  const where = volume ?? host;
  if (resValue(where.body, 'disk') === undefined) {
    return no(`its file does not name the disk of ${change.host} by itself`);
  }
  const places = [where.body, host.body, section?.body ?? []];
  const metadata = places.flatMap((body) =>
    ['meta-disk', 'flexible-meta-disk'].flatMap((key) => resValue(body, key) ?? []),
  );
  // Said nowhere, they are internal (drbd.conf(5)).
  if ((metadata[0] ?? 'internal') !== 'internal') {
    return no('its metadata stand on a device of their own');
  }
  const pieces = replaceSection(file.pieces, where, setResStatement(where, 'disk', change.path));
  return { ok: true, text: printRes({ pieces }) };
}

/** What the ways to another disk are made of. */
export interface Elsewhere {
  readonly base: Omit<DiskPlan, 'disk' | 'renew' | 'elsewhere'>;
  readonly spares: readonly Spare[];
  readonly configs: readonly [Configured, Configured];
  readonly other: UpPlace;
}

/** Looks for other disks, and at the files of both; undefined: there is no such way. */
export async function lookElsewhere(
  base: Elsewhere['base'],
  judged: Extract<Judged, { readonly ok: true }>,
): Promise<Elsewhere | undefined> {
  const { failed, other, volume } = judged;
  const { resource, dataBytes, aside } = base;
  if (other?.kind !== 'up' || dataBytes === null || aside.length > 0) return undefined;
  const [spares, configs] = await Promise.all([
    spareDisks(failed.reader, volume.backing ?? '', dataBytes),
    lookAtConfigs([failed.reader, other.reader], resource),
  ]);
  const [a, b] = configs;
  if (!a.ok || !b.ok || a.found.text !== b.found.text) return undefined;
  return { base, spares, configs: [a.found, b.found], other };
}

/** A way out for each disk that could take the place. */
export function waysElsewhere(elsewhere: Elsewhere): readonly WayOut[] {
  return elsewhere.spares.map(({ path, disk }) => ({
    value: `renew:${path}`,
    says: clean(
      `Another disk takes its place: ${path}${disk.kind === 'there' ? ` (${bytes(disk.sizeBytes)}, blank)` : ''}. Both files say so then, and everything is copied to it.`,
    ),
    loses: [],
    plan: () => planElsewhere(elsewhere, path, disk),
  }));
}

function planElsewhere({ base, configs, other }: Elsewhere, path: string, disk: Disk): Drafted {
  const { resource, judged } = base;
  const { failed, volume } = judged;
  const fail = (says: string): Drafted => ({
    ok: false,
    faults: [{ key: 'victim', says: clean(says) }],
  });
  const uname = confOf(failed.end.replica.on, resource)?.self?.name;
  if (!uname) return fail(`What ${failed.host} is called in its configuration is not known.`);
  const change = { resource, host: uname, volume: volume.volume, path };
  const changed = changeDisk(configs[0].text, change);
  if (!changed.ok) return fail(`${configs[0].path}: ${changed.because}.`);
  const drafted = planDisk({ ...base, disk, renew: true, elsewhere: true });
  if (!drafted.ok) return drafted;
  const steps = new Steps('one by one');
  for (const [index, host] of [failed.host, other.host].entries()) {
    const conf = configs[index];
    if (conf) addEdit(steps, host, { resource, conf, after: changed.text });
  }
  for (const step of drafted.draft.steps) steps.add(step.host, step.kind, step.params);
  return {
    ok: true,
    draft: {
      ...drafted.draft,
      title: clean(`Give ${resource} another disk on ${failed.host}: ${path}`),
      steps: steps.list,
      putBack: `Undo lets go of ${path} again while ${other.host} has all of the data, and puts both files back: ${failed.host} is without its disk as before. What was copied stays on ${path}: it is not blank any more.`,
    },
  };
}

function addEdit(
  steps: Steps,
  host: string,
  edit: { readonly resource: string; readonly conf: Configured; readonly after: string },
): void {
  const { resource, conf, after } = edit;
  steps.add(host, 'file.edit', {
    ...{ path: conf.path, before: conf.text, after },
    checker: ['sh', '-c', CHECK_CHANGED, 'sh', '{}', conf.path, resource],
    ...(conf.secretsInFile > 0 && {
      secrets: { keys: [...SECRET_LINES.keys], form: SECRET_LINES.form },
    }),
  });
}
