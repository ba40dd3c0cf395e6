import { reads, type Command } from '../core/host.js';
import { notThis, parsed, type Parsed } from '../core/parsed.js';
import { linesOf } from '../core/text.js';
import { lsblkPairs, unescapeOctal, wipefsType } from './block-lines.js';

/** A block device of a host, as its kernel and libblkid see it. */
export interface BlockDevice {
  /** The kernel's name: `sdi`, `dm-0`, `cciss!c0d0`. */
  readonly kernelName: string;
  /** `mpatha`, `vg-lv`; the kernel's name where it has no other. */
  readonly name: string;
  /** lsblk's word: `disk`, `part`, `mpath`, `lvm`, `raid1`, `crypt`, `loop`, `rom`. */
  readonly type: string;
  readonly sizeBytes: number;
  readonly readOnly: boolean;
  readonly serial: string;
  readonly wwn: string;
  readonly model: string;
  /** lsblk's word for its bus: `sata`, `iscsi`, `fc`; empty: not known, or none. */
  readonly transport: string;
  readonly uuid: string;
  readonly label: string;
  /** All that libblkid finds on it, partition tables too: `ext4`, `LVM2_member`, `gpt`. */
  readonly signatures: readonly string[];
  /** Its file system was begun and never finished: mkfs was killed (only looked for if asked about). */
  readonly unfinished: boolean;
  /** Names in /dev/disk/by-id, without the folder. */
  readonly ids: readonly string[];
  /** Kernel names of what it stands on. */
  readonly lowers: readonly string[];
  /** Where it is mounted itself, not what stands on it. */
  readonly mounts: readonly string[];
  readonly swap: boolean;
  /** Uses that neither the stack of devices nor the mounts show, in words. */
  readonly users: readonly string[];
}

/** All block devices of a host at one moment. */
export interface BlockDevices {
  readonly devices: readonly BlockDevice[];
  /** The kernel names behind each word that was asked about; none: there is no such block device. */
  readonly asked: ReadonlyMap<string, readonly string[]>;
}

/**
 * One script, because the facts must be of one moment. It works from util-linux 2.23 on (CentOS 7,
 * XenServer 7): no `lsblk -J`. Signatures come from `wipefs` and `blkid -p`, which read the device:
 * `lsblk -f` shows udev's memory and missed new ones (captured on Debian 12).
 *
 * What else holds a device and shows in neither: btrfs with several devices, ZFS pools, LIO's
 * exports (configfs), Xen's blkback (the kernel's sysfs-driver-xen-blkback: hexadecimal
 * `major:minor`), and processes that have it open, such as qemu, tapdisk, tgtd and ceph-osd.
 * `find -lname` only reads the links: asking what is behind them can hang on a dead file system.
 * A loop device on a disk is neither a holder nor a process (seen with Linux 6.1).
 *
 * The arguments are paths of devices, `vg:NAME` or `at:MOUNTPOINT`. With any, signatures are looked for
 * on what they lead to alone. mkfs.xfs writes its UUID first and ends by clearing sb_inprogress,
 * byte 126 of the superblock; mkfs.ext4 writes the superblock last (both seen by killing them at
 * each write).
 */
const SCRIPT = [
  'lsblk -nPb -o NAME,KNAME,PKNAME,TYPE,RO,SIZE,SERIAL,WWN,MODEL,TRAN,FSTYPE,LABEL,UUID,MOUNTPOINT | sed "s/^/device /"',
  'asked=$(for a do case $a in vg:*) vgs --noheadings -o pv_name -- "${a#vg:}" 2>/dev/null;; at:*) for o in "" -se; do findmnt $o -n -o SOURCE -- "${a#at:}" 2>/dev/null; done | sed "s/\\[.*//";; *) echo "$a";; esac | while read -r p; do k=$(readlink -f -- "$p") && [ -b "$k" ] && echo "asked ${k#/dev/} $a"; done; done)',
  '[ -n "$asked" ] && echo "$asked"',
  'find /dev/disk/by-id -type l -printf "link %l %f\\n" 2>/dev/null',
  'for s in /sys/class/block/*; do n=${s##*/}; [ -e "$s/dev" ] && read -r m <"$s/dev" && echo "number $n $m"; for h in "$s"/holders/*; do [ -e "$h" ] && echo "holder $n ${h##*/}"; done; done',
  'if [ $# -gt 0 ]; then for d in $(echo "$asked" | cut -d " " -f 2); do lsblk -nr -o KNAME,TYPE "/dev/$d"; done; else lsblk -nr -o KNAME,TYPE; fi | sort -u | while read -r n t; do [ "$t" = rom ] && continue; d=/dev/$n; case $n in *!*) d=/dev/$(echo "$n" | tr ! /);; esac; wipefs -n -p "$d" 2>/dev/null </dev/null | sed -n "/^#/!s,^,signature $n ,p"; blkid -p -o export "$d" 2>/dev/null </dev/null | sed -nE "s,^((UUID|LABEL|TYPE|PTTYPE)=),probe $n \\1,p"; done',
  'for d in $(echo "$asked" | cut -d " " -f 2); do [ "$(blkid -p -o value -s TYPE "/dev/$d" 2>/dev/null)" = xfs ] && [ "$(dd if="/dev/$d" bs=1 skip=126 count=1 2>/dev/null | od -An -tu1 | tr -d " ")" = 1 ] && echo "unfinished $d"; done',
  'sed "s/^/mount /" /proc/self/mountinfo',
  'sed -n "2,\\$s/^/swap /p" /proc/swaps',
  'for d in /sys/fs/btrfs/*/devices/*; do [ -e "$d" ] && echo "user ${d##*/} a mounted btrfs"; done',
  'command -v zpool >/dev/null 2>&1 && zpool list -vHPL 2>/dev/null | grep -o "/dev/[^[:blank:]]*" | sed "s,^/dev/\\(.*\\),user \\1 a ZFS pool,"',
  'for u in /sys/kernel/config/target/core/*/*/udev_path; do [ -s "$u" ] && d=$(readlink -f "$(cat "$u")") && echo "user ${d#/dev/} an iSCSI or other export of LIO"; done',
  'for u in /sys/kernel/config/nvmet/subsystems/*/namespaces/*/device_path /sys/kernel/scst_tgt/devices/*/filename; do [ -s "$u" ] && d=$(readlink -f "$(head -n 1 "$u")") && echo "user ${d#/dev/} an export of NVMe or SCST"; done',
  'for u in /sys/block/loop*/loop/backing_file; do [ -s "$u" ] && read -r d <"$u" && case $d in /dev/*) l=${u#/sys/block/}; echo "user ${d#/dev/} the loop device ${l%%/*}";; esac; done',
  'for x in /sys/bus/xen-backend/devices/vbd-*/physical_device; do [ -e "$x" ] && echo "xen $(cat "$x")"; done',
  'find /proc/[0-9]*/fd -lname "/dev/*" -printf "%h %l\\n" 2>/dev/null | grep -Ev " /dev/(null|zero|u?random|tty|pts/|console|fuse|kmsg|kvm|net/|shm/|ptmx|rtc|vhost|mapper/control|input/|loop-control|watchdog)" | sort -u | while read -r p d; do p=${p#/proc/}; p=${p%/fd}; read -r c <"/proc/$p/comm" && echo "open ${d#/dev/} $p $c"; done',
  'true',
].join('\n');

/** They keep disks open to watch them, and use nothing on them. */
export const WATCHERS: ReadonlySet<string> = new Set([
  'multipathd',
  'smartd',
  'udisksd',
  'systemd-udevd',
  '(udev-worker)',
  'lvmetad',
  'dmeventd',
  // The looks themselves: another console may look at the same time.
  'lsblk',
  'blkid',
  'wipefs',
]);

/**
 * Asks for all block devices.
 *
 * @param words what is asked about: paths, `vg:NAME`, `at:MOUNTPOINT`; signatures are then looked for
 *   there alone. None: everywhere.
 */
export function blockDevicesCommand(...words: readonly string[]): Command<'reads'> {
  const asked = words.length > 0 ? ['sh', ...words] : [];
  // A drive that sleeps takes seconds to answer, one after the other.
  return reads(['sh', '-c', SCRIPT, ...asked], 120_000);
}

/** Reads what the script printed. Lines of no known kind are told. */
export function parseBlockDevices(stdout: string): Parsed<BlockDevices> {
  const facts = new Facts();
  const unread = linesOf(stdout).filter((line) => line !== '' && !facts.take(line));
  if (facts.devices.size === 0) return notThis(1, 'block devices as `lsblk -P` prints them');
  const devices = [...facts.devices.values()].map((one) => facts.device(one));
  return parsed({ devices, asked: facts.asked }, unread);
}

/** What lsblk says of a device, once for each that it stands on. */
interface Listed {
  readonly kernelName: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly lowers: Set<string>;
}

/** The lines of the script, sorted by what they are about. */
class Facts {
  readonly devices = new Map<string, Listed>();
  readonly asked = new Map<string, readonly string[]>();
  readonly #ids = new Lists();
  readonly #signatures = new Lists();
  readonly #mounts = new Lists();
  readonly #users = new Lists();
  readonly #swaps = new Set<string>();
  readonly #unfinished = new Set<string>();
  readonly #probes = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** False: the line is none of ours. */
  take(line: string): boolean {
    const blank = line.indexOf(' ');
    const rest = line.slice(blank + 1);
    const next = rest.indexOf(' ');
    const first = next < 0 ? rest : rest.slice(0, next);
    const second = next < 0 ? '' : rest.slice(next + 1);
    switch (line.slice(0, Math.max(blank, 0))) {
      case 'asked':
        this.asked.set(second, [...(this.asked.get(second) ?? []), kernelNameOf(first)]);
        return true;
      case 'device':
        return this.#takeDevice(rest);
      case 'link':
        this.#ids.add(kernelNameOf(first), second);
        return true;
      case 'number':
        this.#names.set(second, first);
        return true;
      case 'holder':
        this.devices.get(second)?.lowers.add(first);
        return true;
      case 'signature':
        this.#signatures.add(first, wipefsType(second));
        return true;
      case 'probe':
        return this.#takeProbe(first, second);
      case 'unfinished':
        this.#unfinished.add(kernelNameOf(first));
        return true;
      case 'mount':
        return this.#takeMount(rest);
      case 'swap':
        this.#swaps.add(kernelNameOf(unescapeOctal(first)));
        return true;
      case 'user':
        this.#users.add(kernelNameOf(first), second);
        return true;
      case 'xen':
        return this.#takeXen(first);
      case 'open': {
        const [pid = '', ...name] = second.split(' ');
        const process = name.join(' ');
        if (!WATCHERS.has(process)) {
          this.#users.add(kernelNameOf(first), `the process ${process} (${pid})`);
        }
        return true;
      }
      default:
        return false;
    }
  }

  device({ kernelName, fields, lowers }: Listed): BlockDevice {
    const field = (key: string): string => (fields.get(key) ?? '').trim();
    const mount = field('MOUNTPOINT');
    const more = mount === '' || mount === '[SWAP]' ? [] : [mount];
    const dm = field('NAME');
    return {
      kernelName,
      name: dm,
      type: field('TYPE'),
      sizeBytes: Number(field('SIZE')),
      readOnly: field('RO') === '1',
      serial: field('SERIAL'),
      wwn: field('WWN'),
      model: field('MODEL'),
      transport: field('TRAN'),
      uuid: this.#probes.get(`${kernelName} UUID`) ?? field('UUID'),
      label: this.#probes.get(`${kernelName} LABEL`) ?? field('LABEL'),
      // libblkid cannot know that a disk is a path; udev does, by multipath's own rule.
      signatures: [
        ...this.#signatures.of(kernelName),
        ...(field('FSTYPE') === 'mpath_member' ? ['mpath_member'] : []),
      ],
      unfinished: this.#unfinished.has(kernelName),
      ids: this.#ids.of(kernelName),
      lowers: [...lowers],
      mounts: [...new Set([...this.#mounts.of(kernelName), ...more])],
      swap: mount === '[SWAP]' || this.#swaps.has(kernelName) || this.#swaps.has(`mapper!${dm}`),
      // Where udev makes nodes and no links in /dev/mapper (CentOS 5), that is how they are opened.
      users: [...this.#users.of(kernelName), ...this.#users.of(`mapper!${dm}`)],
    };
  }

  #takeDevice(text: string): boolean {
    const fields = lsblkPairs(text);
    const kernelName = fields.get('KNAME')?.replaceAll('/', '!') ?? '';
    if (kernelName === '' || !/^\d+$/.test(fields.get('SIZE') ?? '')) return false;
    const lower = fields.get('PKNAME') ?? '';
    const known = this.devices.get(kernelName) ?? { kernelName, fields, lowers: new Set<string>() };
    if (lower !== '') known.lowers.add(lower.replaceAll('/', '!'));
    this.devices.set(kernelName, known);
    return true;
  }

  #takeProbe(kernelName: string, text: string): boolean {
    const equals = text.indexOf('=');
    if (equals < 0) return false;
    const key = text.slice(0, equals);
    // `blkid -o export` writes what is not plain with a backslash before it.
    const value = text.slice(equals + 1).replace(/\\(.)/g, '$1');
    if (key === 'TYPE' || key === 'PTTYPE') this.#signatures.add(kernelName, value);
    else this.#probes.set(`${kernelName} ${key}`, value);
    return true;
  }

  /** mountinfo (proc_pid_mountinfo(5)): `36 35 98:0 /root /mount options … - type source options`. */
  #takeMount(text: string): boolean {
    const fields = text.split(' ');
    const source = fields[fields.indexOf('-') + 2] ?? '';
    const [number, , mountPoint] = fields.slice(2);
    if (number === undefined || mountPoint === undefined) return false;
    // btrfs has a number of its own that is no device's.
    const name = this.#names.get(number) ?? (source.startsWith('/dev/') ? source : undefined);
    if (name !== undefined) this.#mounts.add(kernelNameOf(name), unescapeOctal(mountPoint));
    return true;
  }

  #takeXen(text: string): boolean {
    const [major = '', minor = ''] = text.split(':');
    const number = `${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}`;
    const name = this.#names.get(number);
    if (name !== undefined) this.#users.add(name, 'a virtual disk of a Xen machine');
    return true;
  }
}

/** Lists by kernel name, each entry once. */
class Lists {
  readonly #lists = new Map<string, Set<string>>();

  add(kernelName: string, entry: string): void {
    const list = this.#lists.get(kernelName);
    if (list) list.add(entry);
    else this.#lists.set(kernelName, new Set([entry]));
  }

  of(kernelName: string): readonly string[] {
    return [...(this.#lists.get(kernelName) ?? [])];
  }
}

/** `/dev/cciss/c0d0` and `../../cciss/c0d0` are `cciss!c0d0` to the kernel. */
function kernelNameOf(path: string): string {
  return path.replace(/^\/dev\/|^(?:\.\.\/)+/, '').replaceAll('/', '!');
}
