import { randomUUID } from 'node:crypto';
import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import type { Surroundings } from '../../../../core/wizard.js';
import { parseFstab, fstabEntries } from '../../../../files/fstab.js';
import { volumePath } from '../../../../steps/logical-volume/volume.js';
import { lookAtDevices } from '../../../../tools/device.js';
import { closedBecause, heldBy } from '../../../../tools/disk-gate.js';
import { readText } from '../../../../tools/read-text.js';
import { readHidden } from '../../../../tools/secret-lines.js';
import { lookAtGroups, type GroupOffer } from '../../../../tools/volume-groups.js';
import { parseDump, type ConfResource } from '../../read/configuration.js';
import { dumpHidden, SECRET_LINES } from '../../read/hidden.js';
import { driverOf, drbdHostCommand, parseDrbdHost, type DrbdHost } from './host-facts.js';

/** Names all resources of the configuration, and no secret. */
export const RESOURCES = ['drbdadm', 'sh-resources'];

/** A logical volume that is there already. */
export interface FoundVolume {
  readonly group: GroupOffer;
  readonly name: string;
  readonly sizeBytes: number;
  /** What is on it, each by its name; empty: it is blank. */
  readonly holds: readonly string[];
  /** Of what is on it, as libblkid has it. */
  readonly uuid: string;
  /** Why it may not be taken, whatever a person accepts. */
  readonly because?: string;
}

/** A resource of a host's configuration. */
export interface FoundResource extends ConfResource {
  /** Where it is defined. */
  readonly file?: string;
  /** That file, its secrets hidden. */
  readonly text?: string;
}

/** What was found on a host, or why it cannot be one of the two. */
export type FoundHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      readonly facts: DrbdHost;
      readonly driver: '8.4' | '9';
      readonly groups: readonly GroupOffer[];
      readonly volumes: readonly FoundVolume[];
      readonly resources: readonly FoundResource[];
      /** What `drbdadm sh-resources` prints: it must say the same when the plan is carried out. */
      readonly resourceNames: string;
      /** Sources of /etc/fstab. */
      readonly fstabSources: readonly string[];
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

/** A host that was found whole. */
export type KnownHost = Extract<FoundHost, { readonly ok: true }>;

/** All that the wizard looked at. */
export interface Found {
  readonly hosts: readonly FoundHost[];
  /** For new volumes: made here, so that a plan is made of facts alone. */
  readonly fresh: Readonly<Record<'first' | 'second' | 'firstMeta' | 'secondMeta', string>>;
}

/** Looks at DRBD, networks and volume groups of all hosts at a time. Never rejects. */
export async function look(hosts: readonly Reader[], around: Surroundings): Promise<Found> {
  return {
    hosts: await Promise.all(hosts.map((host) => lookAtHost(host, around))),
    fresh: {
      first: randomUUID(),
      second: randomUUID(),
      firstMeta: randomUUID(),
      secondMeta: randomUUID(),
    },
  };
}

async function lookAtHost(host: Reader, { neverTouch }: Surroundings): Promise<FoundHost> {
  const { name } = host;
  const no = (because: string): FoundHost => ({ ok: false, name, because });
  const [told, names, dump, groups, fstab] = await Promise.all([
    host.run(drbdHostCommand()),
    host.run(reads(RESOURCES, 30_000)),
    lookAtConfig(host),
    lookAtGroups(host, neverTouch),
    readText(host, '/etc/fstab'),
  ]);
  if (told.kind !== 'exited') return no(told.reason);
  if (names.kind !== 'exited') return no(names.reason);
  const facts = parseDrbdHost(told.stdout);
  const driver = driverOf(facts);
  if (facts.utils === undefined) return no('drbd-utils are not installed');
  if (facts.kernel === undefined) return no('its kernel has no DRBD');
  if (driver === undefined) return no(`DRBD ${facts.kernel} is older than 8.4`);
  const { uname, udevName = uname } = facts;
  if (udevName !== uname) return no(renamed(uname, udevName));
  if (!dump.ok) return no(`its DRBD configuration does not work: ${dump.because}`);
  if (!groups.ok) return no(groups.because);
  if ('because' in fstab) return no(fstab.because);
  const volumes = await lookAtVolumes(host, groups.groups);
  if (typeof volumes === 'string') return no(volumes);
  const fstabSources = fstabEntries(parseFstab(fstab.text ?? '')).map(({ source }) => source);
  return {
    ...{ ok: true, name, facts, driver, groups: groups.groups, volumes, fstabSources },
    resources: dump.resources,
    resourceNames: names.stdout.trim(),
  };
}

/** drbdadm, asked by udev for the names of a device, then finds no resource of this host. */
function renamed(uname: string, udevName: string): string {
  return `it was renamed since it started: it is ${uname}, and its udev still knows it as ${udevName}, so /dev/drbd/by-res would lack the resource. Run \`systemctl restart systemd-udevd\` there, or restart it`;
}

type ConfigLook =
  | { readonly ok: true; readonly resources: readonly FoundResource[] }
  | { readonly ok: false; readonly because: string };

async function lookAtConfig(host: Reader): Promise<ConfigLook> {
  const outcome = await host.run(dumpHidden());
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  const { code, stdout, stderr } = outcome;
  if (code !== 0 && !stderr.includes('no resources defined')) {
    const said = linesOf(stderr).find((line) => line.trim() !== '');
    return { ok: false, because: said?.trim() ?? `drbdadm ended with ${code}` };
  }
  const { value } = parseDump(stdout);
  const files = definedAt(stdout);
  const resources = value.map(async (resource): Promise<FoundResource> => {
    const file = files.get(resource.name);
    const read = file === undefined ? undefined : await readHidden(host, file, SECRET_LINES);
    const text = read && 'text' in read ? read.text : null;
    return { ...resource, ...(file !== undefined && { file }), ...(text !== null && { text }) };
  });
  return { ok: true, resources: await Promise.all(resources) };
}

/** `# resource r0 on fiori: …` is followed by `# defined at /etc/drbd.d/r0.res:1`. */
function definedAt(dump: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let name: string | undefined;
  for (const line of linesOf(dump)) {
    name = /^# resource (\S+) on /.exec(line)?.[1] ?? name;
    const file = /^# defined at (\/.+):\d+$/.exec(line)?.[1];
    if (file !== undefined && name !== undefined) files.set(name, file);
  }
  return files;
}

/** The logical volumes with what is on them now and who uses them; or why that cannot be told. */
async function lookAtVolumes(
  host: Reader,
  groups: readonly GroupOffer[],
): Promise<readonly FoundVolume[] | string> {
  const all = groups.flatMap((group) => group.volumes.map((volume) => ({ group, volume })));
  if (all.length === 0) return [];
  const paths = all.map(({ volume }) => volumePath(volume.group, volume.name));
  const look = await lookAtDevices(host, paths);
  if (!look.ok) return look.because;
  const { tree } = look;
  return all.map(({ group, volume }, index): FoundVolume => {
    const { name, sizeBytes, attributes } = volume;
    const [device] = tree.asked(paths[index] ?? '');
    const base = { group, name, sizeBytes };
    if (!device) return { ...base, holds: [], uuid: '', because: 'it is not active' };
    // lvs(8): a plain volume has no letter of its own.
    const special = /^[-]/.test(attributes) ? undefined : 'it is no plain volume';
    const closed = group.gate.open ? undefined : reservedBecause(group);
    const because = closed ?? special ?? closedBecause(tree, device);
    return {
      ...base,
      ...{ holds: heldBy(tree, device), uuid: device.uuid },
      ...(because !== undefined && { because }),
    };
  });
}

/** A group without room is closed to new volumes, not to those that it has. */
function reservedBecause({ gate }: GroupOffer): string | undefined {
  return !gate.open && gate.because.includes('never-touch') ? gate.because : undefined;
}
