import type { Json } from '../../../../core/json.js';
import type { Confirmation } from '../../../../core/plan.js';
import { count, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import { addFstabEntry, fstabFaults, parseFstab, printFstab } from '../../../../files/fstab.js';
import { mayBeShared } from '../../../../tools/disk-identity.js';
import { addHddPath, parseHddFile, printHddFile } from '../../../../files/mfshdd.js';
import { bootWarnings, enable, switchOn } from '../boot.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { ChunkDiskAnswers } from './answers.js';
import { checkAnswers, type Target } from './checks.js';
import { chunkService, stopping } from './chunk-service.js';
import type { Found, KnownHost } from './look.js';

/**
 * The plan: for each host all file systems, all folders, one edit of fstab, all mounts, their
 * owners, one edit of the list of disks and one reload; at the end the master is asked.
 *
 * fstab and the list are edited once a host and not once a disk: one diff shows the whole change,
 * and undo puts the reviewed file back in one move.
 */
export function plan(found: Found, answers: ChunkDiskAnswers): Drafted {
  const checked = checkAnswers(found, answers);
  if (!checked.ok) return checked;
  const steps = new Steps();
  for (const [host, targets] of checked.hosts) addHost(steps, host, targets, answers);
  const all = [...checked.hosts.values()].flat();
  const waits = addWait(steps, found, checked.hosts);
  const withData = all.filter(({ accepted }) => accepted.length > 0);
  const names = [...checked.hosts.keys()].map(({ name }) => name);
  return {
    ok: true,
    draft: {
      title: `${count(all.length, 'chunk disk')} for LizardFS on ${listed(names)}`,
      steps: steps.list,
      basis: all.flatMap(({ disk }) => disk.basis),
      // Every disk is named by who destroys it, also a blank one: a slip of the hand picks those too.
      confirmations: all.map(confirmation),
      loses: withData.map(({ disk, accepted }) => {
        const { device, host } = disk;
        return `${listed(accepted, 20)} on ${device.kernelName} of ${host} (${device.model || device.type}, ${bytes(device.sizeBytes)}, serial ${device.serial || 'unknown'})`;
      }),
      putBack:
        'The lines are taken out of the list of disks and of fstab, the chunkservers told, the disks unmounted, empty folders taken away. The new file systems stay, with the chunks written to them by then, which the cluster has no longer.',
      warnings: [
        ...[...checked.hosts].flatMap(([host, targets]) => warnings(host, targets)),
        ...all.flatMap((target) => notJudged(found, target)),
        ...(waits
          ? []
          : ['No master could be asked from here: that it lists the disks is not checked.']),
      ],
    },
  };
}

function addHost(
  steps: Steps,
  host: KnownHost,
  targets: readonly Target[],
  { fileSystem }: ChunkDiskAnswers,
): void {
  const { name, facts } = host;
  for (const { disk, device, accepted } of targets) {
    steps.add(name, 'disk.make-file-system', {
      device,
      type: fileSystem,
      uuid: disk.freshUuid,
      serial: disk.device.serial,
      wwn: disk.device.wwn,
      sizeBytes: disk.device.sizeBytes,
      accepted,
    });
  }
  for (const { mountPoint } of targets) steps.add(name, 'file.make-folder', { path: mountPoint });
  steps.add(name, 'file.edit', fstabEdit(host, targets, fileSystem));
  for (const { disk, mountPoint } of targets) {
    steps.add(name, 'file-system.mount', { target: mountPoint, uuid: disk.freshUuid });
  }
  const { owner, hddFile } = facts;
  if (owner === undefined || hddFile === undefined) return;
  // Only now: before the mount the owner of the bare folder would be changed.
  for (const { mountPoint } of targets) {
    steps.add(name, 'file.own', { path: mountPoint, ...owner, mounted: true });
  }
  const service = chunkService(facts);
  steps.add(name, 'file.edit', {
    path: hddFile,
    before: host.hddText,
    after: printHddFile(
      targets.reduce(
        (file, { mountPoint }) => addHddPath(file, mountPoint),
        parseHddFile(host.hddText ?? ''),
      ),
    ),
    ...(service && facts.running && { afterUndo: service.argv }),
  });
  if (!service) return;
  if (!facts.running) switchOn(steps, name, host.boot);
  steps.add(name, 'service.action', {
    ...service,
    shows: takenBy(targets.map(({ mountPoint }) => mountPoint)),
    ...(!facts.running && { undo: { says: 'stop it again', argv: stopping(service) } }),
  });
  if (!facts.running) enable(steps, name, host.boot);
}

function fstabEdit(host: KnownHost, targets: readonly Target[], type: string): Json {
  const after = targets.reduce(
    (fstab, { device, mountPoint }) =>
      addFstabEntry(fstab, {
        source: device,
        target: mountPoint,
        type,
        // Without nofail a missing disk keeps the host from booting.
        options: ['defaults', 'nofail'],
        dump: 0,
        pass: 2,
      }),
    parseFstab(host.fstab ?? ''),
  );
  return {
    path: '/etc/fstab',
    before: host.fstab,
    after: printFstab(after),
    ...(host.facts.verifies && { checker: ['findmnt', '--verify', '-F', '{}'] }),
  };
}

/**
 * A chunkserver makes and locks the file `.lock` in each disk that it takes into use, and these
 * file systems are new, so that nobody else has made it.
 */
function takenBy(paths: readonly string[]): Json {
  const script =
    'for p do [ -e "$p/.lock" ] || { echo "$p is not taken yet"; exit 0; }; done; echo taken';
  return { argv: ['sh', '-c', script, 'sh', ...paths], expect: 'taken' };
}

function addWait(
  steps: Steps,
  { master }: Found,
  hosts: ReadonlyMap<KnownHost, readonly Target[]>,
): boolean {
  const able = [...hosts].filter(([{ facts }]) => chunkService(facts) !== undefined);
  if (!master || able.length < hosts.size) return false;
  const wanted = able.map(([{ name, facts }, targets]) => ({
    host: name,
    addresses: [...facts.addresses, '127.0.0.1'],
    paths: targets.map(({ mountPoint }) => mountPoint),
  }));
  const { from, admin, place } = master;
  const params = { admin, place: { ...place }, wanted };
  steps.add(from, 'lizardfs.wait-for-disks', params, steps.ends);
  return true;
}

function confirmation({ disk, device, accepted }: Target): Confirmation {
  const name = device.slice('/dev/disk/by-id/'.length);
  const { kernelName } = disk.device;
  return {
    word: `${disk.host}:${kernelName}`,
    accepts:
      accepted.length > 0
        ? `${listed(accepted, 20)} on ${kernelName} of ${disk.host} (${name}) is lost`
        : `a new file system on ${kernelName} of ${disk.host} (${name}); it was blank when it was looked at`,
  };
}

/** A disk that hosts may use which could not be asked cannot be judged in full. */
function notJudged({ notAsked }: Found, { disk }: Target): readonly string[] {
  if (notAsked.length === 0 || !mayBeShared(disk.device)) return [];
  const names = notAsked.map(({ host, because }) => `${host} (${because})`);
  return [
    `${disk.host}: other hosts may see ${disk.device.name} too, and not all could be asked whether they use it: ${listed(names)}.`,
  ];
}

function warnings(host: KnownHost, targets: readonly Target[]): readonly string[] {
  const { name, facts, fstab } = host;
  const broken = fstabFaults(parseFstab(fstab ?? '')).map(({ line, says }) => {
    return `${name}: line ${line} of /etc/fstab is broken as it stands: ${says}. It is left as it is.`;
  });
  const found = facts.fstabFaults.map((says) => {
    return `${name}: findmnt finds fault with /etc/fstab as it stands: ${says}. The edited file is not checked by it.`;
  });
  const others = facts.otherHddFiles.map((file) => {
    return `${name}: there is also ${file}; ${facts.hddFile ?? ''} is edited.`;
  });
  const idle = facts.running
    ? []
    : [`${name}: its chunkserver does not run; it is started.`, ...bootWarnings(name, host.boot)];
  const none = [`${name}: no chunkserver was found to be reloaded; do it by hand.`];
  const maps = targets.filter(({ disk }) => disk.device.serial === '' && disk.device.wwn === '');
  return [
    ...broken,
    ...(broken.length > 0 ? [] : found),
    ...others,
    ...(chunkService(facts) ? idle : none),
    ...maps.map(({ disk }) => {
      return `${name}: ${disk.device.kernelName} tells no serial; it is known by its name and size alone.`;
    }),
  ];
}
