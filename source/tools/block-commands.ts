import { reads, type Command } from '../core/host.js';

const LSBLK =
  'lsblk -nPb -o NAME,KNAME,PKNAME,TYPE,RO,SIZE,SERIAL,WWN,MODEL,TRAN,FSTYPE,LABEL,UUID,MOUNTPOINT | sed "s/^/device /"';

/** Which devices the words that are the script's arguments lead to. */
const ASKED = [
  'asked=$(for a do case $a in vg:*) vgs --noheadings -o pv_name -- "${a#vg:}" 2>/dev/null;; at:*) for o in "" -se; do findmnt $o -n -o SOURCE -- "${a#at:}" 2>/dev/null; done | sed "s/\\[.*//";; in:/*) d=${a#in:}; until findmnt -n -o SOURCE -- "$d" 2>/dev/null || [ "$d" = / ]; do d=${d%/*}; d=${d:-/}; done | sed "s/\\[.*//";; *) printf "%s\\n" "$a";; esac | while read -r p; do k=$(readlink -f -- "$p") && [ -b "$k" ] && printf "asked %s %s\\n" "${k#/dev/}" "$a"; done; done)',
  '[ -n "$asked" ] && printf "%s\\n" "$asked"',
];

/** All from /sys and /proc, where the kernel answers from memory. */
const KERNEL = [
  'find /dev/disk/by-id -type l -printf "link %l %f\\n" 2>/dev/null',
  'find /dev/disk -path /dev/disk/by-id -prune -o -type l -printf "path %l %p\\n" 2>/dev/null',
  'for s in /sys/class/block/*; do n=${s##*/}; [ -e "$s/dev" ] && read -r m <"$s/dev" && echo "number $n $m"; for h in "$s"/holders/*; do [ -e "$h" ] && echo "holder $n ${h##*/}"; done; done',
  'for s in /sys/block/md*/md; do [ -e "$s/level" ] || continue; n=${s%/md}; n=${n##*/}; echo "raid $n $(cat "$s/level") $(cat "$s/raid_disks")"; for m in "$s"/dev-*; do [ -e "$m/state" ] && echo "member $n ${m##*/dev-} $(cat "$m/state")"; done; done',
  'for f in /sys/block/loop*/loop/backing_file; do [ -e "$f" ] && n=${f#/sys/block/} && echo "file ${n%%/*} $(cat "$f")"; done',
  'sed "s/^/mount /" /proc/self/mountinfo',
  'sed -n "2,\\$s/^/swap /p" /proc/swaps',
  'for d in /sys/fs/btrfs/*/devices/*; do [ -e "$d" ] && echo "user ${d##*/} a mounted btrfs"; done',
  'for u in /sys/kernel/config/target/core/*/*/udev_path; do [ -s "$u" ] && d=$(readlink -f "$(cat "$u")") && echo "user ${d#/dev/} an iSCSI or other export of LIO"; done',
  'for u in /sys/kernel/config/nvmet/subsystems/*/namespaces/*/device_path /sys/kernel/scst_tgt/devices/*/filename; do [ -s "$u" ] && d=$(readlink -f "$(head -n 1 "$u")") && echo "user ${d#/dev/} an export of NVMe or SCST"; done',
  'for x in /sys/bus/xen-backend/devices/vbd-*/physical_device; do [ -e "$x" ] && echo "xen $(cat "$x")"; done',
];

/**
 * What reads the disks themselves, walks over all processes, or may wait. What is suspended in device
 * mapper, or stands on such a device, is not read: whoever reads it waits for its resume, and cannot even
 * be killed (seen on a real kernel with a snapshot that was suspended).
 */
const DEEP = [
  'waits() { ( [ -e "/sys/class/block/$1/dm/suspended" ] && read -r x <"/sys/class/block/$1/dm/suspended" && [ "$x" = 1 ] && exit 0; for s in "/sys/class/block/$1/slaves"/*; do [ -e "$s" ] && waits "${s##*/}" && exit 0; done; exit 1 ); }',
  'if [ $# -gt 0 ]; then for d in $(echo "$asked" | cut -d " " -f 2); do lsblk -nr -o KNAME,TYPE "/dev/$d"; done; else lsblk -nr -o KNAME,TYPE; fi | sort -u | while read -r n t; do [ "$t" = rom ] && continue; d=/dev/$n; case $n in *!*) d=/dev/$(echo "$n" | tr ! /);; esac; if waits "$n"; then echo "user $n whoever suspended it (dmsetup resume)"; continue; fi; wipefs -n -p "$d" 2>/dev/null </dev/null | sed -n "/^#/!s,^,signature $n ,p"; blkid -p -o export "$d" 2>/dev/null </dev/null | sed -nE "s,^((UUID|LABEL|TYPE|PTTYPE)=),probe $n \\1,p"; done',
  'for d in $(echo "$asked" | cut -d " " -f 2); do ! waits "$d" && [ "$(blkid -p -o value -s TYPE "/dev/$d" 2>/dev/null)" = xfs ] && [ "$(dd if="/dev/$d" bs=1 skip=126 count=1 2>/dev/null | od -An -tu1 | tr -d " ")" = 1 ] && echo "unfinished $d"; done',
  'command -v zpool >/dev/null 2>&1 && zpool list -vHPL 2>/dev/null | grep -o "/dev/[^[:blank:]]*" | sed "s,^/dev/\\(.*\\),user \\1 a ZFS pool,"',
  'find /proc/[0-9]*/fd -lname "/dev/*" -printf "%h %l\\n" 2>/dev/null | grep -Ev " /dev/(null|zero|u?random|tty|pts/|console|fuse|kmsg|kvm|net/|shm/|ptmx|rtc|vhost|mapper/control|input/|loop-control|watchdog)" | sort -u | while read -r p d; do p=${p#/proc/}; p=${p%/fd}; read -r c <"/proc/$p/comm" && echo "open ${d#/dev/} $p $c"; done',
];

/**
 * Asks for all block devices and everything that holds them, for those who are about to write on
 * one. One script, because the facts must be of one moment. It works from util-linux 2.23 on
 * (CentOS 7, XenServer 7): no `lsblk -J`. Signatures come from `wipefs` and `blkid -p`, which read
 * the device: `lsblk -f` shows udev's memory and missed new ones (captured on Debian 12).
 *
 * What else holds a device and shows in neither: btrfs with several devices, ZFS pools, LIO's
 * exports (configfs), Xen's blkback (the kernel's sysfs-driver-xen-blkback: hexadecimal
 * `major:minor`), and processes that have it open, such as qemu, tapdisk, tgtd and ceph-osd.
 * `find -lname` only reads the links: asking what is behind them can hang on a dead file system.
 *
 * mkfs.xfs writes its UUID first and ends by clearing sb_inprogress, byte 126 of the superblock;
 * mkfs.ext4 writes the superblock last (both seen by killing them at their writes).
 *
 * @param words what is asked about: paths of devices, `vg:NAME` for what a volume group is made of,
 *   `at:PATH` for what is mounted there now and by fstab, `in:PATH` for what a folder lies on, whether it is there
 *   yet or not. With any, signatures are looked for on what they lead to alone.
 */
export function blockDevicesCommand(...words: readonly string[]): Command<'reads'> {
  const script = [LSBLK, ...ASKED, ...KERNEL, ...DEEP, 'true'].join('\n');
  const asked = words.length > 0 ? ['sh', ...words] : [];
  // A drive that sleeps takes seconds to answer, one after the other.
  return reads(['sh', '-c', script, ...asked], 120_000);
}

/**
 * Asks for the same without what costs: what the kernel and udev have in memory. No disk is read,
 * so a drive that sleeps goes on sleeping; nothing that is mounted is touched, so a dead file
 * system holds nothing up; no process is looked into. What a disk holds is what udev remembers.
 */
export function blockGlanceCommand(): Command<'reads'> {
  return reads(['sh', '-c', ['echo from memory', LSBLK, ...KERNEL, 'true'].join('\n')], 15_000);
}
