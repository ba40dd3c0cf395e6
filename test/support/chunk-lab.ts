import assert from 'node:assert/strict';
import { quote } from '../../source/core/quote.js';
import type { Plan } from '../../source/core/plan.js';
import type { Drafted } from '../../source/core/wizard.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { chunkDisksSpec } from '../../source/stacks/lizardfs/wizards/chunk-disks/index.js';
import { labHost, onLab, type LabNode } from './lab.js';
import { wholeCluster } from './surroundings.js';

/** A stand-in for the chunkserver: it takes the disks of its list as the real one shows it. */
const CHUNKSERVER = [
  '#!/bin/sh',
  'case $1 in start|reload) grep "^/" /etc/mfs/mfshdd.cfg | while read -r d; do : > "$d/.lock"; done;; esac',
];

export const HDD_FILE = '/etc/mfs/mfshdd.cfg';

/** Makes a machine of the lab a host of a chunkserver, which holds chunks in one folder so far. */
export async function installChunkserver(node: LabNode): Promise<void> {
  await onLab(
    node,
    [
      'mkdir -p /etc/mfs /srv/old',
      `printf "# chunk disks\\n/srv/old\\n" > ${HDD_FILE}; cp -p ${HDD_FILE} /run/list.before`,
      'echo "WORKING_USER = oper" > /etc/mfs/mfschunkserver.cfg',
      `printf '%s\\n' ${CHUNKSERVER.map(quote).join(' ')} > /usr/local/bin/mfschunkserver`,
      'chmod 755 /usr/local/bin/mfschunkserver',
      'cp -p /etc/fstab /run/fstab.before',
    ].join('\n'),
  );
}

/** Makes all that a plan touched as it was before, by hand: faster than its undo, and no proof of it. */
export async function restore(node: LabNode, device: string): Promise<void> {
  const place = `/mnt/${device.slice('/dev/disk/by-id/'.length)}`;
  await onLab(
    node,
    [
      `umount ${place} 2>/dev/null; rmdir ${place} 2>/dev/null; wipefs -qa ${device}`,
      `cp -p /run/fstab.before /etc/fstab; cp -p /run/list.before ${HDD_FILE}`,
      'rm -rf /etc/fstab.holdfast-* /etc/mfs/*.holdfast-* /run/holdfast.lock',
    ].join('; '),
  );
}

/** What the wizard is answered, as an answers file would have it. */
type Given = Parameters<typeof chunkDisksSpec.answers.parse>[0];

/** Lets the wizard look at a machine and make a plan. */
export async function draft(node: LabNode, given: Given): Promise<Drafted> {
  const found = await chunkDisksSpec.look([labHost(node)], wholeCluster);
  return chunkDisksSpec.plan(found, chunkDisksSpec.answers.parse(given));
}

/** A plan that the wizard makes of a machine; it must make one. */
export async function planOf(node: LabNode, given: Given): Promise<Plan> {
  const drafted = await draft(node, given);
  assert.ok(drafted.ok, JSON.stringify(drafted));
  const origin = { kind: 'wizard', id: chunkDisksSpec.id, answers: {} } as const;
  return makePlan(drafted.draft, { origin, cluster: 'lab', madeBy: 'test@here' }, systemClock);
}

/** The stable name of one of the lab's spare disks: 1 is vdb. */
export function diskId(node: LabNode, number: number): string {
  return `/dev/disk/by-id/virtio-lab-${node}-d${number}`;
}
