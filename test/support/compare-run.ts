import assert from 'node:assert/strict';
import type { Case } from '../../source/core/recovery.js';
import { draftOf } from './carry-out.js';
import type { LabVolume } from './compare-lab.js';
import { LAB_NODES, onLab } from './lab.js';
import { labPlan, LabRun } from './lab-run.js';
import { ask } from './split-brain-lab.js';

/** The run of a way out that was offered. */
export function runOf(found: Case, value: string): LabRun {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `${value} is not among ${found.ways.map((one) => one.value).join()}`);
  return new LabRun(labPlan(draftOf(way.plan({ keepCopy: false })), 'drbd.split-brain'));
}

/** The names that differ once both sides of `parted` were compared, and in what. */
const DIFFER = [
  '/ blank  only there',
  '/both size, time',
  '/mail/box/1 only there',
  '/same rights',
  '/same.img rewritten',
  '/two^Jlines only there',
  '/web/gone only there',
  '/web/new/ only there',
  '/web/new/up.jpg only there',
].sort();

/** What a side of `parted` alone has, or has otherwise. */
export const OWN = {
  fiori: ['both', 'same', 'same.img', 'mail/box/1', ' blank ', 'two\nlines'],
  torchio: ['both', 'same', 'same.img', 'web/gone', 'web/new/up.jpg'],
} as const;

/** Exactly the names that differ are listed. */
export function isListed({ blocks }: Case): void {
  const rows = blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
  const listed = rows.map((row) => `${row[0]?.text ?? ''} ${row[3]?.text ?? ''}`);
  assert.deepEqual(listed.sort(), DIFFER);
}

/** Both sides are compared; nothing is left of it but the lists. */
export async function compared(volume: LabVolume): Promise<void> {
  await runOf(await ask(volume.name), 'compare').finish();
  await isLeft('/run/holdfast-compare');
}

/** The same, and exactly what differs is listed. */
export async function compares(volume: LabVolume): Promise<Case> {
  await compared(volume);
  const found = await ask(volume.name);
  isListed(found);
  return found;
}

/** Snapshots, mounts and notes of a comparison that are on the machines; empty: none. */
export async function isLeft(expected: '' | '/run/holdfast-compare'): Promise<void> {
  const look =
    "lvs --noheadings -o lv_name -S 'lv_name=~compare' hfvg; grep holdfast /proc/mounts; ls -d /run/holdfast* 2>/dev/null; true";
  for (const node of LAB_NODES) assert.equal((await onLab(node, look)).trim(), expected, node);
}

/** Sums, rights, owners and times of files beneath a folder. */
export async function factsOf(
  node: string,
  folder: string,
  files: readonly string[],
): Promise<string> {
  const words = files.map((file) => `'${file}'`).join(' ');
  const said = await onLab(
    node,
    `cd ${folder} && sha256sum -- ${words} && stat -c '%n %a %u:%g %Y %s' -- ${words}`,
  );
  assert.notEqual(said, '');
  return said;
}

/** The files lie aside with the very facts that they had on the victim, and no others do. */
export async function isAside(
  { name }: LabVolume,
  victim: string,
  { files, was }: { readonly files: readonly string[]; readonly was: string },
): Promise<void> {
  const folder = (await onLab(victim, `ls -d /var/lib/holdfast/aside/${name}-*`)).trim();
  assert.equal(await factsOf(victim, folder, files), was);
  const all = `cd ${folder}; find . ! -type d -print0 | tr -cd '\\0' | wc -c`;
  assert.equal(Number(await onLab(victim, all)), files.length);
}
