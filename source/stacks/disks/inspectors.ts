import { defineInspector, type Inspector } from '../../core/inspector.js';
import { notThis, parsed, type Parsed } from '../../core/parsed.js';
import { linesOf } from '../../core/text.js';
import { parseFstab } from '../../files/fstab.js';
import { parseBlockDevices } from '../../tools/block-devices.js';
import { parseMountLine, type MountEntry } from '../../tools/mountinfo.js';
import { FIELDS, parseLvm } from '../../tools/lvm.js';
import { parseMdstat, type MdArray } from './read/mdstat.js';
import { faults } from './rules/fstab.js';
import { lvmFindings } from './rules/lvm.js';
import { raidFindings } from './rules/raid.js';

const LSBLK_SAMPLE = `NAME="vdd" KNAME="vdd" PKNAME="" TYPE="disk" RO="0" SIZE="536870912" SERIAL="lab-fiori-d3" WWN="" MODEL="" FSTYPE="LVM2_member" LABEL="" UUID="ZUllz4-j6Fy-LWMR-Fzv2-jKfb-sTbx-ffyYy1" MOUNTPOINT=""
NAME="hfvg-data" KNAME="dm-1" PKNAME="vdd" TYPE="lvm" RO="0" SIZE="25165824" SERIAL="" WWN="" MODEL="" FSTYPE="" LABEL="" UUID="5761c9c3ecb038ed" MOUNTPOINT=""
`;

const MDSTAT_SAMPLE = `Personalities : [raid1] [raid6] [raid5] [raid4]
md0 : active raid1 sdb1[1](F) sda1[0]
      976630464 blocks super 1.2 [2/1] [U_]
      bitmap: 3/8 pages [12KB], 65536KB chunk

unused devices: <none>
`;

const MOUNTINFO_SAMPLE = `24 1 254:0 / / rw,noatime shared:1 - ext4 /dev/vda rw
26 23 0:22 / /dev/shm rw,nosuid,nodev shared:3 - tmpfs tmpfs rw,inode64
`;

const VGS_SAMPLE = `  LVM2_VG_NAME='hfvg' LVM2_VG_SIZE='532676608' LVM2_VG_FREE='507510784' LVM2_VG_MISSING_PV_COUNT='0'
`;
const PVS_SAMPLE = `  LVM2_PV_NAME='/dev/vdd' LVM2_VG_NAME='hfvg' LVM2_PV_ATTR='a--'
`;
const LVS_SAMPLE = `  LVM2_VG_NAME='hfvg' LVM2_LV_NAME='data' LVM2_LV_SIZE='25165824' LVM2_LV_ATTR='-wi-ao----' LVM2_SEGTYPE='linear' LVM2_ORIGIN='' LVM2_DATA_PERCENT='' LVM2_METADATA_PERCENT=''
`;
const FSTAB_SAMPLE = `UUID=968902fc-7e34-44b7-a1b8-4a199961d731 / ext4 noatime,errors=remount-ro 0 1
`;

/** What `holdfast inspect` can read of disks. */
export const disksInspectors: readonly Inspector[] = [
  defineInspector({
    id: 'disks.lsblk',
    reads:
      'lsblk -nPb -o NAME,KNAME,PKNAME,TYPE,RO,SIZE,SERIAL,WWN,MODEL,FSTYPE,LABEL,UUID,MOUNTPOINT',
    sample: LSBLK_SAMPLE,
    parse: parseLsblk,
    findings: () => [],
  }),
  defineInspector({
    id: 'disks.mdstat',
    reads: 'cat /proc/mdstat',
    sample: MDSTAT_SAMPLE,
    parse: parseArrays,
    findings: ({ arrays }) => raidFindings('', arrays),
  }),
  defineInspector({
    id: 'disks.mountinfo',
    reads: 'cat /proc/self/mountinfo',
    sample: MOUNTINFO_SAMPLE,
    parse: parseMounts,
    findings: () => [],
  }),
  ...(['vgs', 'pvs', 'lvs'] as const).map((tool) =>
    defineInspector({
      id: `disks.${tool}`,
      reads: `${tool} --noheadings --nameprefixes --nosuffix --units b -o ${FIELDS[tool]}`,
      sample: { vgs: VGS_SAMPLE, pvs: PVS_SAMPLE, lvs: LVS_SAMPLE }[tool],
      parse: parseLvm,
      findings: (lvm) => lvmFindings('', lvm),
    }),
  ),
  defineInspector({
    id: 'disks.fstab',
    reads: 'cat /etc/fstab',
    sample: FSTAB_SAMPLE,
    parse: (text) => parsed({ fstab: parseFstab(text) }),
    findings: ({ fstab }) => faults('', fstab),
  }),
];

function parseArrays(text: string): Parsed<{ readonly arrays: readonly MdArray[] }> {
  const result = parseMdstat(text);
  return result.ok ? { ...result, value: { arrays: result.value } } : result;
}

function parseLsblk(text: string) {
  // The parser knows each line by the word that the probe's script puts before it.
  const lines = linesOf(text).map((line) => (line.trim() === '' ? '' : `device ${line}`));
  return parseBlockDevices(['from memory', ...lines].join('\n'));
}

function parseMounts(text: string): Parsed<{ readonly mounts: readonly MountEntry[] }> {
  const unread: string[] = [];
  const mounts = linesOf(text).flatMap((line) => {
    const entry = parseMountLine(line);
    if (!entry && line.trim() !== '') unread.push(line);
    return entry ? [entry] : [];
  });
  if (mounts.length === 0) return notThis(1, '`36 35 98:0 / /mnt rw … - ext4 /dev/sda1 rw`');
  return parsed({ mounts }, unread);
}
