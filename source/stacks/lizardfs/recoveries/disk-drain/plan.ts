import type { Json } from '../../../../core/json.js';
import { count } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import { parseFstab, printFstab, removeFstabEntries } from '../../../../files/fstab.js';
import {
  markHddPath,
  parseHddFile,
  printHddFile,
  removeHddPath,
} from '../../../../files/mfshdd.js';
import { samePath } from '../../steps/disk-at.js';
import { Steps } from '../../../../core/plan-steps.js';
import { placeOf, type FoundDisk } from './look.js';
import { objections } from './judge.js';

/**
 * The plan: a disk that works is marked and emptied before it is taken out; of one that is damaged
 * nothing can be moved, so the copies that its chunks have elsewhere are waited for.
 */
export function planRemoval(found: FoundDisk): Drafted {
  const against = objections(found);
  if (against.length > 0) {
    return { ok: false, faults: against.map((says) => ({ key: '', says })) };
  }
  const { disk, host, service, hddFile } = found;
  const steps = new Steps();
  const plain = parseHddFile(found.hddText);
  const marked = disk.damaged ? plain : markHddPath(plain, disk.path, true);
  const argv = [...service.argv];
  const edit = (before: string, after: string): void => {
    if (before === after) return;
    steps.add(host, 'file.edit', { path: hddFile, before, after, afterUndo: argv });
  };
  const place = { ...placeOf(found), place: { ...placeOf(found).place } };
  const reload = (then: string): void => {
    steps.add(host, 'lizardfs.reload-disks', { ...place, then, service: service.service, argv });
  };
  const [now, drained, gone] = [plain, marked, removeHddPath(marked, disk.path)].map(printHddFile);
  edit(now ?? '', drained ?? '');
  if (!disk.damaged) reload('marked');
  const until = disk.damaged ? 'copied' : 'drained';
  steps.add(host, 'lizardfs.wait-for-drain', { ...place, until, chunks: disk.chunks });
  edit(drained ?? '', gone ?? '');
  reload('gone');
  addUnmount(steps, found);
  const name = `${disk.path} of ${host}`;
  return {
    ok: true,
    draft: {
      title: disk.damaged ? `take the damaged ${name} out` : `drain ${name} and take it out`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack:
        'Before it is taken out: the mark is taken away, and the disk is used as before. After it: the disk is mounted and listed again, with what is on it then.',
      warnings: warnings(found),
    },
  };
}

function addUnmount(steps: Steps, { host, source, disk, fstab, facts }: FoundDisk): void {
  if (source === undefined) return;
  const target = disk.path.replace(/\/+$/, '');
  steps.add(host, 'file-system.unmount', { target, source });
  const after = printFstab(
    removeFstabEntries(parseFstab(fstab), (entry) => samePath(entry.target, target)),
  );
  if (after === fstab) return;
  const checker = ['findmnt', '--verify', '-F', '{}'];
  const params: Json = {
    path: '/etc/fstab',
    before: fstab,
    after,
    ...(facts.verifies && { checker }),
  };
  steps.add(host, 'file.edit', params);
}

function warnings({ disk, source, host }: FoundDisk): readonly string[] {
  const target = disk.path.replace(/\/+$/, '');
  return [
    ...(disk.damaged
      ? [`Nothing of the ${count(disk.chunks, 'chunk part')} on it is moved: it serves nothing.`]
      : [
          `${count(disk.chunks, 'chunk part')}, ${bytes(disk.usedBytes)}, are copied to other servers first. That may take days; the run may be left and resumed.`,
        ]),
    ...(source === undefined
      ? [`${target} is not a mount point: nothing is unmounted, and its files stay.`]
      : [
          `When ${source} is out, the wizard lizardfs.chunk-disks takes a new disk on ${host} into use.`,
        ]),
  ];
}
