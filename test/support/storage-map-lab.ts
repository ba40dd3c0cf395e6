import assert from 'node:assert/strict';
import { Steps } from '../../source/core/plan-steps.js';
import type { Json } from '../../source/core/json.js';
import type { HostName } from '../../source/core/host.js';
import type { Draft } from '../../source/core/wizard.js';
import { iscsiDiskPath } from '../../source/steps/iscsi/log-in.js';
import { labHost, onLab } from './lab.js';
import { labPlan, LabRun } from './lab-run.js';
import { Killed } from './mark-host.js';

/*
 * The device layer of a storage map on two real kernels: torchio is the NAS and fiori the container. LVM's
 * volumes stand for ZFS's, so that machines without ZFS do (with it: zfs-map-lab.ts).
 */

export const WAY = { target: 'iqn.2001-04.com.torchio-vol1', portal: '192.0.2.2:3260' };
export const DISK = iscsiDiskPath(WAY);
/** On the NAS. */
export const IMAGE = '/dev/nas/vol1';
/** On the container. */
export const LOCAL = '/dev/box/vol1';
export const TEMP = '/dev/box/temp';
export const SNAP = 'vol1-snap';
export const SECTORS = (96 * 1024 * 1024) / 512;
export const TARGET = { target: WAY.target, backing: IMAGE, acl: ['192.0.2.1'] };

/** A plan of these steps, one after the other. */
export function planOf(...steps: readonly (readonly [HostName, string, Json])[]) {
  const list = new Steps('one by one');
  for (const [host, kind, params] of steps) list.add(host, kind, params);
  const draft: Draft = {
    ...{ title: 'free a stuck storage map', steps: list.list, basis: [], confirmations: [] },
    ...{ loses: [], putBack: '', warnings: [] },
  };
  return labPlan(draft, 'imgstorage.stuck');
}

export function runOf(...steps: readonly (readonly [HostName, string, Json])[]): LabRun {
  return new LabRun(planOf(...steps));
}

/** The volumes of both, the image full of noise, the target handed out and the container logged in. */
export async function setUp(): Promise<void> {
  await onLab(
    'torchio',
    `pvcreate -q /dev/vdd && vgcreate -q nas /dev/vdd && lvcreate -qy -n vol1 -L 96M nas && dd if=/dev/urandom of=${IMAGE} bs=1M count=96 conv=fsync 2>/dev/null && systemctl start tgt`,
  );
  await onLab(
    'fiori',
    'pvcreate -q /dev/vdd && vgcreate -q box /dev/vdd && lvcreate -qy -n vol1 -L 96M box && lvcreate -qy -n temp -L 64M box && dd if=/dev/zero of=/dev/box/temp bs=1M count=1 conv=fsync 2>/dev/null && systemctl start iscsid',
  );
  await runOf(['torchio', 'iscsi.make-target', TARGET], ['fiori', 'iscsi.log-in', WAY]).finish();
  // As the roll sends the image to the container.
  await onLab('fiori', `dd if=${DISK} of=${LOCAL} bs=1M conv=fsync iflag=direct 2>/dev/null`);
}

/** As the roll makes it (imgstoragevm.py, `map_zvol`), and as a guest then writes: 12 MiB in pieces. */
export async function beside(kind: 'P' | 'PO' = 'P'): Promise<void> {
  await onLab(
    'fiori',
    [
      `dmsetup create ${SNAP} --table '0 ${SECTORS} snapshot ${DISK} ${TEMP} ${kind} 16'`,
      `for i in 3 17 40 71; do dd if=/dev/urandom of=/dev/mapper/${SNAP} bs=1M count=3 seek=$i conv=fsync oflag=direct 2>/dev/null; done`,
      'udevadm settle',
    ].join('\n'),
  );
}

export async function sum(node: 'fiori' | 'torchio', device: string): Promise<string> {
  // What another host wrote is not in the cache of this one.
  return onLab(node, `blockdev --flushbufs ${device}; sha256sum < ${device}`);
}

/** The live table, as a plan is made of it. */
export async function tableOf(name: string): Promise<string> {
  return (await onLab('fiori', `dmsetup table ${name}`)).trim();
}

export async function status(name: string): Promise<string> {
  return (await onLab('fiori', `dmsetup status ${name}`)).trim();
}

/**
 * Carries a run out, dying before and after each of its changing commands, until it has come to its end.
 *
 * @param instants how far each console comes, in turn: an even number dies before a command, an odd one after it
 */
export async function killedAtEachInstant(
  run: LabRun,
  most = 60,
  instants: readonly number[] = [0, 1, 3],
): Promise<number> {
  const hosts = run.lines.flatMap((line) =>
    line.kind === 'begun' ? line.plan.steps.map(({ host }) => host) : [],
  );
  // Each console that goes on asks its hosts for their locks first: a command each, counted twice.
  const locks = 2 * new Set(hosts).size;
  for (let deaths = 0; deaths < most; deaths += 1) {
    // Before a command, after it, and within a step of two; at the end it may give the locks back.
    run.left = run.isDone ? undefined : locks + (instants[deaths % instants.length] ?? 0);
    try {
      const end = await run.apply();
      assert.equal(end.kind === 'failed' ? JSON.stringify(end.failure) : end.kind, 'finished');
      return deaths;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
  assert.fail(`it never came to its end: ${run.commands.slice(-12).join('\n')}`);
}

export const fiori = labHost('fiori');
