import assert from 'node:assert/strict';
import type { Case } from '../../source/core/recovery.js';
import { LAB_NODES, onBoth, onLab } from './lab.js';
import { askDrbd, LabRun, runOfWay, why } from './lab-run.js';

/** The resource of the test. Its disk is a device of device mapper, which can be made to fail. */
export const NAME = 'hfrec';
export const DEVICE = '/dev/drbd22';
export const DISK = '/dev/mapper/hfdisk';
const LINEAR = '0 65536 linear /dev/vdc 0';

const CONFIG = `resource ${NAME} { net { protocol C; allow-two-primaries yes; ping-int 1; connect-int 3; } disk { on-io-error detach; c-plan-ahead 0; resync-rate 4M; } ${LAB_NODES.map(
  (node, index) =>
    `on ${node} { device ${DEVICE} minor 22; disk ${DISK}; address 192.0.2.${index + 1}:7722; meta-disk internal; }`,
).join(' ')} }`;

/** Both sides up, UpToDate and alike in every byte. */
export async function setUp(): Promise<void> {
  await onBoth(
    `dd if=/dev/zero of=/dev/vdc bs=1M count=34 oflag=direct 2>/dev/null; echo '${CONFIG}' > /etc/drbd.d/${NAME}.res; dmsetup create hfdisk --table '${LINEAR}'; drbdadm create-md --force ${NAME} >/dev/null 2>&1; drbdadm up ${NAME}`,
  );
  await onLab(
    'fiori',
    `drbdadm wait-connect ${NAME}; drbdadm new-current-uuid --clear-bitmap ${NAME}`,
  );
}

/** Puts another table beneath the disk of a node: errors at each access, or the disk as it was. */
export async function retable(node: string, what: 'error' | 'linear'): Promise<void> {
  const table = what === 'error' ? '0 65536 error' : LINEAR;
  await onLab(
    node,
    `dmsetup suspend --nolockfs hfdisk; dmsetup load hfdisk --table '${table}'; dmsetup resume hfdisk`,
  );
}

/** Waits until a node shows a state; the test fails where it never does. */
export async function until(
  node: string,
  what: 'cstate' | 'dstate' | 'role',
  is: string,
): Promise<void> {
  await onLab(
    node,
    `for i in $(seq 90); do case $(drbdadm ${what} ${NAME} 2>/dev/null) in ${is}) exit 0;; esac; sleep 0.5; done; cat /proc/drbd; exit 1`,
  );
}

/** The sum of a side's data as it lies on the disk, past every cache. */
export async function sum(node: string, disk = DISK): Promise<string> {
  const said = await onLab(
    node,
    `s=$(($(cat /sys/block/drbd22/size) * 512)); sync; dd if=${disk} iflag=direct bs=64k 2>/dev/null | head -c $s | sha256sum`,
  );
  return said.split(' ')[0] ?? '';
}

/** Writes so many MiB on a Primary. */
export async function write(node: string, mib: number, at = 1): Promise<void> {
  await onLab(
    node,
    `dd if=/dev/urandom of=${DEVICE} bs=1M count=${mib} seek=${at} oflag=direct 2>/dev/null`,
  );
}

/** Asks a recovery about the resource on both machines. */
export function ask(id: string, subject = NAME): Promise<Case> {
  return askDrbd(id, subject, LAB_NODES);
}

/** Carries a way out to its end, and shows what it did where it does not come to it. */
export async function carryOut(found: Case, value: string): Promise<LabRun> {
  const run = runOfWay(found, value);
  assert.equal(why(await run.apply()), 'finished', run.commands.join('\n'));
  return run;
}

/** What stands against a way out. */
export function faultsOf(found: Case, value: string): string {
  const drafted = found.ways.find((one) => one.value === value)?.plan({ keepCopy: false });
  assert.ok(drafted && !drafted.ok, `${value} is open: ${found.happened}`);
  return drafted.faults.map(({ says }) => says).join('\n');
}
