import type { Finding } from '../../../core/finding.js';
import { clean, count, listed } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { poolNode } from '../graph.js';
import type { Pool } from '../read/state.js';
import { atBoot, missingMount, mountOf } from '../storage.js';
import { guestsIn, subjectOf, usedShare, type HostView } from '../view.js';
import { finding, shellWord } from './make.js';

/** A pool this full is told of, and one that is as good as full more gravely. */
const NEARLY = 0.9;
const FULL = 0.98;

/** What is wrong with a pool. */
export function poolFindings(view: HostView, pool: Pool): readonly Finding[] {
  return [
    ...inactive(view, pool),
    ...unmounted(view, pool),
    ...tooEarly(view, pool),
    ...nearlyFull(view, pool),
  ];
}

function base({ host, ...view }: HostView, pool: Pool) {
  return { subject: subjectOf({ host, ...view }, pool.name), about: [poolNode(host, pool)] };
}

function isActive({ state }: Pool): boolean {
  return state === 'running';
}

function inactive(view: HostView, pool: Pool): readonly Finding[] {
  const guests = guestsIn(view.report, pool).map(({ name }) => clean(name));
  const broken = pool.state === 'degraded' || pool.state === 'inaccessible';
  if (isActive(pool) || pool.state === 'building') return [];
  if (!broken && guests.length === 0 && !pool.autostart) return [];
  const [name, word] = [clean(pool.name), shellWord(pool.name)];
  const missing = missingMount(view.report, pool.target);
  const needs = guests.length > 0 ? ` ${listed(guests)} ${has(guests)} disks in it.` : '';
  return [
    finding(view, {
      ...base(view, pool),
      code: 'LIBVIRT_POOL_INACTIVE',
      severity: broken ? 'alert' : guests.length > 0 ? 'warning' : 'notice',
      title: `storage pool ${broken ? clean(pool.state) : 'inactive'}`,
      says: `The pool ${name} on ${view.host} is ${clean(pool.state)}.${needs}`,
      means:
        'Volumes in it cannot be made or moved, and a guest whose disk is named by its pool cannot start.',
      todo: missing
        ? `First mount ${clean(missing.target)}, which fstab has and which is not mounted; then: virsh pool-start ${word}`
        : `See that what it stands on is there (${clean(pool.target || pool.sources.join(', '))}); then: virsh pool-start ${word}`,
      proof: [pool.name],
    }),
  ];
}

function has(guests: readonly string[]): string {
  return guests.length === 1 ? 'has' : 'have';
}

function unmounted(view: HostView, pool: Pool): readonly Finding[] {
  const missing = isActive(pool) ? missingMount(view.report, pool.target) : undefined;
  if (!missing) return [];
  const [name, word] = [clean(pool.name), shellWord(pool.name)];
  const target = clean(missing.target);
  const beneath = mountOf(view.report, pool.target);
  return [
    finding(view, {
      ...base(view, pool),
      code: 'LIBVIRT_POOL_NOT_MOUNTED',
      severity: 'alert',
      title: 'storage pool on a bare mount point',
      says: `The pool ${name} on ${view.host} is active, but ${target} is not mounted: its folder lies on ${clean(beneath?.source ?? 'the root file system')} (${clean(beneath?.point ?? '/')}).`,
      means:
        'Images that are made now land there and fill it, and are out of sight once the file system is mounted over them.',
      todo: `virsh pool-destroy ${word} (it deletes nothing), look what lies in ${clean(pool.target)}, mount ${target}, then: virsh pool-start ${word}`,
      proof: [pool.name, missing.target],
    }),
  ];
}

function tooEarly(view: HostView, pool: Pool): readonly Finding[] {
  const boot =
    pool.autostart && pool.target.startsWith('/') ? atBoot(view.report, pool.target) : undefined;
  if (!boot || boot.there || pool.type !== 'dir') return [];
  const [name, word] = [clean(pool.name), shellWord(pool.name)];
  return [
    finding(view, {
      ...base(view, pool),
      code: 'LIBVIRT_POOL_AUTOSTART_TOO_EARLY',
      severity: 'warning',
      title: 'storage pool starts before its storage',
      says: `The pool ${name} on ${view.host} is started at boot, but ${clean(boot.because)}.`,
      means:
        'libvirtd then starts it on the bare folder: it looks empty, and what is written lands on the file system beneath.',
      todo: `virsh pool-autostart ${word} --disable, and start it once its storage is mounted.`,
      proof: [pool.name, mountOf(view.report, pool.target)?.point ?? ''],
    }),
  ];
}

function nearlyFull(view: HostView, pool: Pool): readonly Finding[] {
  const share = usedShare(pool) ?? 0;
  if (!isActive(pool) || share < NEARLY) return [];
  const guests = guestsIn(view.report, pool);
  return [
    finding(view, {
      ...base(view, pool),
      code: 'LIBVIRT_POOL_FULL',
      severity: share >= FULL ? 'alert' : 'warning',
      title: share >= FULL ? 'storage pool full' : 'storage pool nearly full',
      says: `The pool ${clean(pool.name)} on ${view.host} is ${percent(share)} full: ${bytes(pool.available)} of ${bytes(pool.capacity)} are left.`,
      means: `Guests whose disks grow are paused once nothing is left; ${count(guests.length, 'guest')} ${guests.length === 1 ? 'lies' : 'lie'} in it.`,
      todo: 'Free space in it, grow it, or move disks away.',
      proof: [pool.name, '<capacity', '<available'],
    }),
  ];
}
