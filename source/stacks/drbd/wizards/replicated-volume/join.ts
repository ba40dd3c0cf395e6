import { placeholder } from '../../../../core/secret.js';
import { bytes } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import { parseRes, resSections } from '../../../../files/drbd-res.js';
import { volumeOf } from '../../../../tools/block-names.js';
import { groupBasis } from '../../../../tools/volume-groups.js';
import { secretPlaces } from '../../../../tools/secret-lines.js';
import type { ConfHost } from '../../read/configuration.js';
import type { Joining } from './answers.js';
import { ResourceSteps } from './build.js';
import { SECRET } from './conf.js';
import { SECRET_LINES } from '../../read/hidden.js';
import { RESOURCES, type Found, type FoundResource, type KnownHost } from './look.js';
import { nodeNamed, notBlank, type NodeDisk } from './nodes.js';

/** A resource of the first node that the second one is to join, with the second's part in it. */
export interface Joinable {
  readonly resource: FoundResource;
  readonly text: string;
  readonly own: ConfHost;
  readonly peer: ConfHost;
}

/** What a node has to join with, or why it cannot. */
export function joinable(
  first: KnownHost,
  second: KnownHost,
  resource: FoundResource,
): Joinable | string {
  const { self, others, text, file, name } = resource;
  const peer = others.find((one) => one.name === second.facts.uname);
  if (!peer || !self) return `its configuration does not name ${second.facts.uname}`;
  if (second.resources.some((one) => one.name === name)) return `${second.name} has it already`;
  if (text === undefined || file === undefined) return 'its file cannot be read';
  if (resSections(parseRes(text).pieces, 'resource').length !== 1) {
    return `${file} holds several resources: give it a file of its own first`;
  }
  if (/\bmeta-disk\s+(?!internal\b)\S/.test(text))
    return 'its metadata are external: make that volume by hand';
  if (peer.volumes.length !== 1) return 'it has several volumes: make them by hand';
  return first.driver === second.driver
    ? { resource, text, own: self, peer }
    : `${second.name} has another generation of DRBD`;
}

/** The second node joins a resource that the first one has: its volume, the same file, and the first sync. */
export function planJoining(found: Found, { first, second, resource: name }: Joining): Drafted {
  const fail = (key: string, says: string): Drafted => ({ ok: false, faults: [{ key, says }] });
  const one = nodeNamed(found, first);
  const two = nodeNamed(found, second);
  if (typeof one === 'string') return fail('first', one);
  if (typeof two === 'string') return fail('second', two);
  const resource = one.resources.find((known) => known.name === name);
  if (!resource) return fail('resource', `${first} has no resource ${name}`);
  const ready = joinable(one, two, resource);
  if (typeof ready === 'string') return fail('resource', `${name}: ${ready}`);
  const disk = joiningDisk(found, one, two, ready);
  if (typeof disk === 'string') return fail('resource', `${name}: ${disk}`);
  const minor = ready.peer.volumes[0]?.minor ?? undefined;
  if (minor === undefined) return fail('resource', `${name}: its minor is not known`);
  if (two.facts.minors.includes(minor))
    return fail('resource', `${second} uses minor ${minor} already`);
  const { text, hasSecret } = withSecretAsked(ready.text);
  const node = { disk, resource: name, minor, driver: two.driver, text, is: 'a copy' } as const;
  const steps = new ResourceSteps();
  steps.volumes(node);
  steps.configure(node);
  steps.accepted(node);
  steps.metadata(node);
  steps.up(node);
  for (const kind of ['drbd.wait-connected', 'drbd.wait-in-sync']) steps.on(node, kind);
  if (resource.allowTwoPrimaries) steps.on(node, 'drbd.promote');
  steps.link(node);
  const says = `shared-secret of ${name}, as ${first} has it in ${resource.file ?? ''}`;
  const secrets = [{ name: SECRET, says, from: 'asked' } as const];
  return {
    ok: true,
    draft: {
      title: `${second} joins ${name} (${bytes(disk.sizeBytes)})`,
      steps: steps.list,
      basis: [
        groupBasis(disk.group),
        {
          ...{ host: second, says: 'the resources of its DRBD configuration' },
          ...{ argv: [...RESOURCES], expect: two.resourceNames },
        },
        {
          ...{ host: first, says: 'the resources of its DRBD configuration' },
          ...{ argv: [...RESOURCES], expect: one.resourceNames },
        },
      ],
      confirmations: [],
      ...(hasSecret && { secrets }),
      loses: [],
      putBack: `${second} leaves again: its side is taken down, its metadata wiped, its file and the volume that was made removed, unless it is in use or has what ${first} lacks. ${first} keeps its data.`,
      warnings: [
        `Everything on ${first} is copied to ${second} now. Ctrl-C leaves the copying to go on by itself; \`resume\` waits on.`,
        `${name} must be up on ${first} and wait for its peer.`,
      ],
    },
  };
}

/**
 * The file of the first node for the second: the same bytes, where the secret does not leave its host:
 * a person gives it, as drbdadm would be told of a wrong one only by a connection that is refused.
 */
function withSecretAsked(text: string): { readonly text: string; readonly hasSecret: boolean } {
  const places = secretPlaces(text, SECRET_LINES);
  const given = places.reduce(
    (sum, { hidden }) => sum.replace(hidden, `"${placeholder(SECRET)}"`),
    text,
  );
  return { text: given, hasSecret: places.length > 0 };
}

/** The volume that the configuration names for the second node: there and blank, or to be made. */
function joiningDisk(
  { fresh }: Found,
  first: KnownHost,
  second: KnownHost,
  { own, peer }: Joinable,
): NodeDisk | string {
  const mine = volumeAt(own.volumes[0]?.disk);
  const theirs = volumeAt(peer.volumes[0]?.disk);
  const source = first.volumes.find((one) => one.group.name === mine?.vg && one.name === mine.name);
  if (!mine || !source)
    return `its disk on ${first.name} is no logical volume: its size is not known`;
  if (!theirs)
    return `its disk on ${second.name} is to be ${peer.volumes[0]?.disk ?? 'none'}, which is no logical volume`;
  const group = second.groups.find(({ name }) => name === theirs.vg);
  if (!group) return `${second.name} has no volume group ${theirs.vg}`;
  const { sizeBytes } = source;
  const backing = peer.volumes[0]?.disk ?? '';
  const base = { host: second, group, name: theirs.name, backing, sizeBytes };
  const there = second.volumes.find((one) => one.group === group && one.name === theirs.name);
  if (there) {
    const because = there.because ?? notBlank(there);
    if (because !== undefined) return `${backing} of ${second.name}: ${because}`;
    if (there.holds.includes('drbd'))
      return `${backing} of ${second.name} holds metadata of another resource`;
    return there.sizeBytes === sizeBytes
      ? { ...base, accepted: [] }
      : `${backing} has ${there.sizeBytes / 512} sectors on ${second.name}, ${sizeBytes / 512} on ${first.name}`;
  }
  if (!group.gate.open) return `${group.name} of ${second.name}: ${group.gate.because}`;
  if (sizeBytes % group.extentBytes !== 0) {
    return `${sizeBytes} bytes cannot be made in extents of ${bytes(group.extentBytes)}`;
  }
  if (sizeBytes > group.freeBytes) {
    return `${group.name} of ${second.name} has ${bytes(group.freeBytes)} free, not ${bytes(sizeBytes)}`;
  }
  const made = { vg: group.name, name: theirs.name, sizeBytes, id: fresh.second };
  return { ...base, made, accepted: [] };
}

/** `/dev/vg0/small` and `/dev/mapper/vg0-small`, taken apart. */
function volumeAt(path: string | null | undefined) {
  const [, vg, name] = /^\/dev\/(?!mapper\/)([^/]+)\/([^/]+)$/.exec(path ?? '') ?? [];
  if (vg !== undefined && name !== undefined) return { vg, name };
  const mapped = /^\/dev\/mapper\/(.+)$/.exec(path ?? '')?.[1];
  const volume = mapped === undefined ? undefined : volumeOf({ type: 'lvm', name: mapped });
  return volume && { vg: volume.group, name: volume.name };
}
