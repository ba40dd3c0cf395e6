import { notThis, parsed, type Parsed } from '../core/parsed.js';
import { linesOf } from '../core/text.js';
import { lsblkPairs, unescapeOctal, wipefsType } from './block-lines.js';
import { parseMountLine, type MountEntry } from './mountinfo.js';

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
  /**
   * All that libblkid finds on it, partition tables too: `ext4`, `LVM2_member`, `gpt`. After a
   * glance (`blockGlanceCommand`) only what udev remembers.
   */
  readonly signatures: readonly string[];
  /** Its file system was begun and never finished: mkfs was killed (only looked for if asked about). */
  readonly unfinished: boolean;
  /** Names in /dev/disk/by-id, without the folder. */
  readonly ids: readonly string[];
  /** Its other names, whole paths: links in /dev/disk. */
  readonly links: readonly string[];
  /** Kernel names of what it stands on. */
  readonly lowers: readonly string[];
  /** Where it is mounted itself, not what stands on it. */
  readonly mounts: readonly string[];
  readonly swap: boolean;
  /** Uses that neither the stack of devices nor the mounts show, in words. */
  readonly users: readonly string[];
  /** Of a loop device: the file beneath it. */
  readonly file?: string;
  /** Of an array of the kernel's md. */
  readonly raid?: Raid;
}

/** An md array as its folder in /sys has it (the kernel's Documentation/admin-guide/md.rst). */
export interface Raid {
  /** `raid1`, `raid10`, `linear`. */
  readonly level: string;
  /** How many members it is made for, spares not among them. */
  readonly disks: number;
  /** By kernel name: `in_sync`, `spare` (also while it is rebuilt), `faulty`, `in_sync,write_mostly`. */
  readonly members: ReadonlyMap<string, string>;
}

/** All block devices of a host at one moment. */
export interface BlockDevices {
  readonly devices: readonly BlockDevice[];
  /** The kernel names behind each word that was asked about; none: there is no such block device. */
  readonly asked: ReadonlyMap<string, readonly string[]>;
  /** Everything that is mounted, with a device or without, in the kernel's order. */
  readonly mountTable: readonly MountEntry[];
  /** What the kernel swaps to, devices and files, as /proc/swaps names them. */
  readonly swaps: readonly string[];
}

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

/** Reads what either script of block-commands.ts printed. Lines of no known kind are told. */
export function parseBlockDevices(stdout: string): Parsed<BlockDevices> {
  const facts = new Facts();
  const unread = linesOf(stdout).filter((line) => line !== '' && !facts.take(line));
  if (facts.devices.size === 0) return notThis(1, 'block devices as `lsblk -P` prints them');
  const devices = [...facts.devices.values()].map((one) => facts.device(one));
  const { asked, mountTable, swaps } = facts;
  return parsed({ devices, asked, mountTable, swaps }, unread);
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
  readonly mountTable: MountEntry[] = [];
  readonly swaps: string[] = [];
  readonly #links = new Lists();
  readonly #signatures = new Lists();
  readonly #mounts = new Lists();
  readonly #users = new Lists();
  readonly #swaps = new Set<string>();
  readonly #unfinished = new Set<string>();
  /** Whether the disks were not read: what they hold is what udev remembers. */
  #remembered = false;
  readonly #probes = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #files = new Map<string, string>();
  readonly #raids = new Map<
    string,
    { level: string; disks: number; members: Map<string, string> }
  >();

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
      case 'from':
        this.#remembered = rest === 'memory';
        return this.#remembered;
      case 'link':
        this.#links.add(kernelNameOf(first), `${BY_ID}${second}`);
        return true;
      case 'path':
        this.#links.add(kernelNameOf(first), second);
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
        this.swaps.push(unescapeOctal(first));
        this.#swaps.add(kernelNameOf(unescapeOctal(first)));
        return true;
      case 'user':
        this.#users.add(kernelNameOf(first), second);
        return true;
      case 'file':
        // A loop device may have a device beneath it, which is neither told as held nor as open.
        if (second.startsWith('/dev/')) this.devices.get(first)?.lowers.add(kernelNameOf(second));
        else this.#files.set(first, second);
        return true;
      case 'raid':
        return this.#takeRaid(first, second);
      case 'member':
        return this.#takeMember(first, second);
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
    const links = this.#links.of(kernelName);
    const file = this.#files.get(kernelName);
    const raid = this.#raids.get(kernelName);
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
      signatures: this.#signaturesOf(kernelName, field('FSTYPE')),
      unfinished: this.#unfinished.has(kernelName),
      ids: links.flatMap((link) => (link.startsWith(BY_ID) ? [link.slice(BY_ID.length)] : [])),
      links,
      lowers: [...lowers],
      mounts: [...new Set([...this.#mounts.of(kernelName), ...more])],
      swap: mount === '[SWAP]' || this.#swaps.has(kernelName) || this.#swaps.has(`mapper!${dm}`),
      // Where udev makes nodes and no links in /dev/mapper (CentOS 5), that is how they are opened.
      users: [...this.#users.of(kernelName), ...this.#users.of(`mapper!${dm}`)],
      ...(file !== undefined && { file }),
      ...(raid && { raid }),
    };
  }

  /** What was found on the disk itself; else udev's memory, and of a path always that. */
  #signaturesOf(kernelName: string, udev: string): readonly string[] {
    const found = this.#signatures.of(kernelName);
    // libblkid cannot know that a disk is a path; udev does, by multipath's own rule.
    const remembered = udev === 'mpath_member' || (udev !== '' && this.#remembered) ? [udev] : [];
    return [...new Set([...found, ...remembered])];
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

  #takeMount(text: string): boolean {
    const entry = parseMountLine(text);
    if (!entry) return false;
    // btrfs has a number of its own that is no device's.
    const source = entry.source.startsWith('/dev/') ? kernelNameOf(entry.source) : undefined;
    const name = this.#names.get(entry.number) ?? source;
    if (name !== undefined) this.#mounts.add(name, entry.point);
    this.mountTable.push(entry);
    return true;
  }

  #takeRaid(kernelName: string, text: string): boolean {
    const [level = '', disks = ''] = text.split(' ');
    if (!/^\d+$/.test(disks)) return false;
    this.#raids.set(kernelName, { level, disks: Number(disks), members: new Map() });
    return true;
  }

  #takeMember(kernelName: string, text: string): boolean {
    const [member = '', state = ''] = text.split(' ');
    this.#raids.get(kernelName)?.members.set(member, state);
    return member !== '';
  }

  #takeXen(text: string): boolean {
    const [major = '', minor = ''] = text.split(':');
    const number = `${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}`;
    const name = this.#names.get(number);
    if (name !== undefined) this.#users.add(name, 'a virtual disk of a Xen machine');
    return true;
  }
}

const BY_ID = '/dev/disk/by-id/';

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
