import type { Fault } from '../../../../core/form.js';
import type { Json } from '../../../../core/json.js';
import { Steps } from '../../../../core/plan-steps.js';
import { bytes } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import {
  addFstabEntry,
  fstabEntries,
  fstabFaults,
  parseFstab,
  printFstab,
} from '../../../../files/fstab.js';
import { volumePath } from '../../../../steps/logical-volume/volume.js';
import { groupBasis, wholeExtents } from '../../../../tools/volume-groups.js';
import type { LocalVolumeAnswers } from './answers.js';
import type { Found, KnownHost } from './look.js';
import { GIB, groupKey, placesOf, type Place } from './questions.js';

/** mkfs.xfs refuses smaller devices (seen with xfsprogs 6.1). */
const SMALLEST_XFS = 300 * 1024 * 1024;

/** The plan: the volume, its file system, the folder, its line in fstab, and the mount. */
export function plan(found: Found, answers: LocalVolumeAnswers): Drafted {
  const place = placesOf(found).find((one) => groupKey(one) === answers.group);
  if (!place) {
    const says = `${answers.group}: there is no such volume group among the hosts that were looked at`;
    return { ok: false, faults: [{ key: 'group', says }] };
  }
  const sizeBytes = sizeIn(place, answers);
  const faults = faultsOf(place, answers, sizeBytes);
  if (faults.length > 0) return { ok: false, faults };
  const { host, group } = place;
  const { fileSystem, folder, name } = answers;
  const device = volumePath(group.name, name);
  const uuid = found.fresh.fileSystem;
  const steps = new Steps();
  const add = (kind: string, params: Json): void => steps.add(host.name, kind, params);
  add('lvm.create-volume', {
    ...{ vg: group.name, name, sizeBytes, id: found.fresh.volume },
    mayHold: [fileSystem],
  });
  add('disk.make-file-system', {
    ...{ device, type: fileSystem, uuid, sizeBytes },
    // A logical volume has neither; that it is the plan's own is held by the step before.
    ...{ serial: '', wwn: '', accepted: [] },
  });
  add('file.make-folder', { path: folder });
  add('file.edit', fstabEdit(host, device, answers));
  add('file-system.mount', { target: folder, uuid, keepsFiles: true });
  return {
    ok: true,
    draft: {
      title: `${fileSystem} of ${bytes(sizeBytes)} at ${folder} on ${host.name}`,
      steps: steps.list,
      basis: [groupBasis(group)],
      confirmations: [],
      loses: [],
      putBack: `${folder} is unmounted, its line taken out of fstab and ${group.name}/${name} removed, as long as ${folder} holds no files. Once it does, nothing is taken back.`,
      warnings: warnings(host),
    },
  };
}

/** Rounded up to whole extents; what is left over at the end of a group counts as asked for. */
function sizeIn({ group }: Place, { size }: LocalVolumeAnswers): number {
  return wholeExtents(Math.round(size * GIB), group.extentBytes);
}

function faultsOf(
  { host, group }: Place,
  { name, fileSystem, folder }: LocalVolumeAnswers,
  sizeBytes: number,
): readonly Fault[] {
  const faults: Fault[] = [];
  const fault = (key: string, says: string): void => void faults.push({ key, says });
  if (!group.gate.open) fault('group', `${group.name} of ${host.name}: ${group.gate.because}`);
  if (group.volumes.some((volume) => volume.name === name)) {
    fault('name', `${group.name} has a volume called ${name} already`);
  }
  if (sizeBytes > group.freeBytes) {
    fault('size', `${group.name} has ${bytes(group.freeBytes)} free, not ${bytes(sizeBytes)}`);
  }
  if (!host.facts.makers.includes(`mkfs.${fileSystem}`)) {
    fault('fileSystem', `mkfs.${fileSystem} is not on ${host.name}`);
  }
  if (fileSystem === 'xfs' && sizeBytes < SMALLEST_XFS) {
    fault('size', `${bytes(sizeBytes)} is too small for xfs, which needs 300 MiB`);
  }
  const entries = fstabEntries(parseFstab(host.fstab ?? ''));
  const device = volumePath(group.name, name);
  if (entries.some(({ target }) => target.replace(/\/+$/, '') === folder)) {
    fault('folder', `/etc/fstab of ${host.name} has a line for ${folder} already`);
  }
  if (entries.some(({ source }) => [device, `/dev/${group.name}/${name}`].includes(source))) {
    fault('name', `/etc/fstab of ${host.name} has a line for ${device} already`);
  }
  if (host.mounts.includes(folder)) {
    fault('folder', `something is mounted at ${folder} of ${host.name} already`);
  }
  return faults;
}

function fstabEdit(
  { fstab, facts }: KnownHost,
  source: string,
  { folder, fileSystem, bootsWithout }: LocalVolumeAnswers,
): Json {
  const after = addFstabEntry(parseFstab(fstab ?? ''), {
    source,
    target: folder,
    type: fileSystem,
    options: ['noatime', 'nodiratime', ...(bootsWithout ? ['nofail'] : [])],
    dump: 0,
    // fsck.xfs(8) does nothing.
    pass: fileSystem === 'xfs' ? 0 : 2,
  });
  return {
    path: '/etc/fstab',
    before: fstab,
    after: printFstab(after),
    ...(facts.verifies && { checker: ['findmnt', '--verify', '-F', '{}'] }),
  };
}

function warnings({ name, fstab, facts }: KnownHost): readonly string[] {
  const broken = fstabFaults(parseFstab(fstab ?? '')).map(
    ({ line, says }) =>
      `${name}: line ${line} of /etc/fstab is broken as it stands: ${says}. It is left as it is.`,
  );
  const found = facts.fstabFaults.map(
    (says) =>
      `${name}: findmnt finds fault with /etc/fstab as it stands: ${says}. The edited file is not checked by it.`,
  );
  return broken.length > 0 ? broken : found;
}
