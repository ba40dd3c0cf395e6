import type { Evidence, Finding } from '../../../core/finding.js';
import { deviceNode } from '../../../core/graph.js';
import type { HostName } from '../../../core/host.js';
import type { Reading } from '../../../core/probe.js';
import { quoteLines } from '../../../core/evidence.js';
import { count, listed } from '../../../core/text.js';
import { percent } from '../../../core/units.js';
import { blockNodes } from '../../../tools/block-graph.js';
import type { LogicalVolume, Lvm } from '../../../tools/lvm.js';
import { make } from './make.js';

/** A snapshot or a thin pool is told from here on, and is an alert from there on. */
const FILLING = 0.8;
const NEARLY_FULL = 0.95;

/** What is wrong with LVM's groups and volumes on a host. */
export function lvmFindings(host: HostName, lvm: Lvm, reading?: Reading<Lvm>): readonly Finding[] {
  // All three are asked by one script; who wants to see the same types the one that it is about.
  const proof = (name: string, key: 'VG_NAME' | 'LV_NAME'): readonly Evidence[] => {
    const command = key === 'VG_NAME' ? 'vgs -o +vg_missing_pv_count' : 'lvs -a';
    const found = reading ? quoteLines(reading, (line) => line.includes(`${key}='${name}'`)) : [];
    return found.map(({ host: at, lines }) => ({ host: at, command, lines }));
  };
  return [
    ...missing(host, lvm).map((one) => ({ ...one.finding, evidence: proof(one.name, 'VG_NAME') })),
    ...lvm.logical.flatMap((volume) =>
      volumeFindings(host, volume).map((finding) => ({
        ...finding,
        evidence: proof(volume.name, 'LV_NAME'),
      })),
    ),
  ];
}

function missing(host: HostName, { groups, physical, logical }: Lvm) {
  return groups.flatMap(({ name, missing: counted }) => {
    const gone = physical.filter((one) => one.group === name && one.missing).length;
    const lost = Math.max(counted, gone);
    if (lost === 0) return [];
    const hurt = logical.filter((one) => one.group === name && isPartial(one));
    const finding = make({
      host,
      thing: name,
      about: [blockNodes.volumeGroup(host, name)],
      code: 'LVM_PV_MISSING',
      severity: 'alert',
      title: 'disk of a volume group is gone',
      says: `${name} misses ${count(lost, 'physical volume')}${hurt.length > 0 ? `; ${listed(hurt.map((one) => one.name))} had data there` : ''}.`,
      means:
        'Volumes with data on it are not whole, and LVM refuses to change the group until it is back.',
      todo: `Bring the disk back first: path, cable, iSCSI session. \`vgreduce --removemissing\` gives up what was on it, so only when it is lost for good.`,
      explains: true,
    });
    return [{ name, finding }];
  });
}

/** lvs(8): the ninth letter is `p` where a physical volume is missing. */
function isPartial({ attributes }: LogicalVolume): boolean {
  return attributes[8] === 'p';
}

function volumeFindings(host: HostName, volume: LogicalVolume): readonly Finding[] {
  const { group, name, attributes, origin } = volume;
  const base = {
    host,
    thing: `${group}/${name}`,
    about: [deviceNode(host, `/dev/${group}/${name}`)],
  };
  // lvs(8): the first letter is the kind (`s` a snapshot, `S` one that merges), the fifth the state.
  const kind = attributes[0] ?? '';
  if ('sS'.includes(kind) && 'IS'.includes(attributes[4] ?? '-')) {
    return [
      make({
        ...base,
        code: 'LVM_SNAPSHOT_INVALID',
        severity: 'alert',
        title: 'snapshot is lost',
        says: `${name}, the snapshot of ${origin || 'a volume'} in ${group}, ran full and is invalid.`,
        means: 'Nothing can be read from it any more. The volume that it was taken of is whole.',
        todo: `Remove it: \`lvremove ${group}/${name}\`. A new one needs more room, or a shorter life.`,
      }),
    ];
  }
  if ('sS'.includes(kind)) return filling(base, volume, 'snapshot', volume.dataShare);
  if (kind !== 't') return [];
  return [
    ...filling(base, volume, 'thin pool', volume.dataShare),
    ...filling(base, volume, 'thin pool metadata', volume.metadataShare),
  ].slice(0, 1);
}

function filling(
  base: Pick<Parameters<typeof make>[0], 'host' | 'thing' | 'about'>,
  { group, name }: LogicalVolume,
  what: 'snapshot' | 'thin pool' | 'thin pool metadata',
  share: number | null,
): readonly Finding[] {
  if (share === null || share < FILLING) return [];
  const pool = what !== 'snapshot';
  return [
    make({
      ...base,
      code: pool ? 'LVM_THIN_POOL_FILLING' : 'LVM_SNAPSHOT_FILLING',
      severity: share >= NEARLY_FULL ? 'alert' : 'warning',
      title: `${what} fills up`,
      says: `${group}/${name}: ${percent(share)} of the ${what} taken.`,
      means: pool
        ? 'When it is full, every volume in it fails at once.'
        : 'When it is full, the snapshot is lost; the volume itself stays whole.',
      todo: `Make it larger (\`${what === 'thin pool metadata' ? 'lvextend --poolmetadatasize' : 'lvextend -L'} +SIZE ${group}/${name}\`), or remove what is not needed.`,
    }),
  ];
}
