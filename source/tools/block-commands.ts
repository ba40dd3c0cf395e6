import { reads, type Command } from '../core/host.js';

const LSBLK =
  'lsblk -nPb -o NAME,KNAME,PKNAME,TYPE,RO,SIZE,SERIAL,WWN,MODEL,FSTYPE,LABEL,UUID,MOUNTPOINT | sed "s/^/device /"';

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
  'for x in /sys/bus/xen-backend/devices/vbd-*/physical_device; do [ -e "$x" ] && echo "xen $(cat "$x")"; done',
];

/** What reads the disks themselves, walks over all processes, or may wait. */
const DEEP = [
  'lsblk -nr -o KNAME,TYPE | sort -u | while read -r n t; do [ "$t" = rom ] && continue; d=/dev/$n; case $n in *!*) d=/dev/$(echo "$n" | tr ! /);; esac; wipefs -n -p "$d" 2>/dev/null </dev/null | sed -n "/^#/!s,^,signature $n ,p"; blkid -p -o export "$d" 2>/dev/null </dev/null | sed -nE "s,^((UUID|LABEL|TYPE|PTTYPE)=),probe $n \\1,p"; done',
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
 */
export function blockDevicesCommand(): Command<'reads'> {
  // A drive that sleeps takes seconds to answer, one after the other.
  return reads(['sh', '-c', [LSBLK, ...KERNEL, ...DEEP, 'true'].join('\n')], 120_000);
}

/**
 * Asks for the same without what costs: what the kernel and udev have in memory. No disk is read,
 * so a drive that sleeps goes on sleeping; nothing that is mounted is touched, so a dead file
 * system holds nothing up; no process is looked into. What a disk holds is what udev remembers.
 */
export function blockGlanceCommand(): Command<'reads'> {
  return reads(['sh', '-c', ['echo from memory', LSBLK, ...KERNEL, 'true'].join('\n')], 15_000);
}
