import type { HostName, Reader } from '../../../../core/host.js';
import type { Block, Cell } from '../../../../core/pane.js';
import type { Case, Recovery } from '../../../../core/recovery.js';
import { clean, count, grouped, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { objections } from './judge.js';
import { lookAtDisk, type FoundDisk } from './look.js';
import { planRemoval } from './plan.js';

/** A disk is emptied and taken out, or a damaged one taken out once its chunks are whole elsewhere. */
export const diskDrain: Recovery = {
  id: 'lizardfs.disk-drain',
  title: 'Drain a chunk disk and take it out',
  says: 'Marks a disk, waits until its chunks are on other servers, and takes it out of mfshdd.cfg, the mounts and fstab.',
  gather,
};

async function gather(subject: string, hosts: ReadonlyMap<HostName, Reader>): Promise<Case> {
  const found = await lookAtDisk(subject, hosts);
  if (!found.ok) {
    const { verdict, happened, todo } = found;
    const told = { happened: clean(happened), todo: clean(todo) };
    return { verdict, mendable: false, ...told, blocks: [], ways: [] };
  }
  const { disk, host } = found;
  const against = objections(found);
  const value = disk.damaged ? 'remove' : 'drain';
  const says = disk.damaged
    ? `Take ${disk.path} out of ${host}, once all that was on it has its copies elsewhere.`
    : `Copy what is on ${disk.path} to other servers, and take it out of ${host}.`;
  return {
    verdict: disk.damaged ? 'disk damaged' : 'disk in use',
    mendable: true,
    happened: clean(
      disk.damaged
        ? `${host} took ${disk.path} out of use after errors; ${count(disk.chunks, 'chunk part')} were on it.`
        : `${host} uses ${disk.path}: ${count(disk.chunks, 'chunk part')}, ${bytes(disk.usedBytes)}${disk.toDelete ? '; it is marked for removal already' : ''}.`,
    ),
    todo: clean(
      against.length > 0
        ? `It cannot be taken out now: ${listed(against, 12)}.`
        : 'Look at the kernel log and SMART first: a disk that was only loose can be used again.',
    ),
    blocks: blocksOf(found),
    choosing: 'what is taken out',
    ways: [{ value, says: clean(says), loses: [], plan: () => planRemoval(found) }],
    ...(against.length === 0 && {
      recommended: { value, reasons: ['the other servers have room, and no goal falls short'] },
    }),
  };
}

function blocksOf(found: FoundDisk): readonly Block[] {
  const { disk, host, source, disks, hddFile } = found;
  const row = (label: string, text: string, tone?: Cell['tone']) => ({
    label,
    value: { text: clean(text), ...(tone && { tone }) },
  });
  const others = disks.filter((one) => one.server !== disk.server && !one.damaged && !one.toDelete);
  const free = others.reduce((sum, one) => sum + one.totalBytes - one.usedBytes, 0);
  const servers = new Set(others.map(({ server }) => server)).size;
  return [
    {
      kind: 'facts',
      rows: [
        row('disk', `${disk.path} of ${host} (${disk.server})`),
        row('state', disk.damaged ? 'damaged' : 'in use', disk.damaged ? 'alert' : 'good'),
        row(
          'on it',
          `${grouped(disk.chunks)} chunk parts, ${bytes(disk.usedBytes)} of ${bytes(disk.totalBytes)}`,
        ),
        row('mounted from', source ?? 'it is no mount point'),
        row('listed in', hddFile),
        row('room elsewhere', `${bytes(free)} on ${count(servers, 'other server')}`),
      ],
    },
  ];
}
