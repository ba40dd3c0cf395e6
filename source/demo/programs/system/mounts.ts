import { upOn } from '../../fleet/drbd/side.js';
import { usersOf } from '../../fleet/openers.js';
import type { Machine, Mount } from '../../fleet/state.js';
import {
  failed,
  joined,
  printed,
  readArguments,
  type Arguments,
  type Call,
  type Ran,
} from '../program.js';
import { mfsmount } from '../lizardfs/mfsmount.js';
import { ocfs2Refusal } from '../ocfs2/mounting.js';
import { blockTree, flat } from './devices.js';

/** `mount` alone: what is mounted; `mount [--] TARGET`: what fstab says of it, mounted. */
export async function mount(call: Call): Promise<Ran> {
  const { args, machine } = call;
  if (args.length === 0) {
    return printed(
      machine.mounts
        .map(
          ({ source, target, type, options }) =>
            `${source} on ${target} type ${type} (${options})\n`,
        )
        .join(''),
    );
  }
  const given = readArguments(args, new Set(['-t', '-o']));
  if (given.values.has('-t')) return mountDevice(call, given);
  const words = args.filter((arg) => !arg.startsWith('-'));
  const target = words.at(-1) ?? '';
  const row = await fstabRow(call, target);
  if (!row) return failed(1, `mount: ${target}: can't find in /etc/fstab.\n`);
  if (row.type === 'fuse') {
    return mfsmount({ ...call, args: [row.target, '-o', row.options] });
  }
  const device = deviceOf(call, row.source);
  if (!device) return failed(1, `mount: ${target}: can't find ${row.source}.\n`);
  if (!(await call.files?.isFolder(row.target))) {
    return failed(32, `mount: ${row.target}: mount point does not exist.\n`);
  }
  if (machine.mounts.some((one) => one.target === row.target && one.source === device.path)) {
    return failed(32, `mount: ${row.target}: ${device.path} already mounted on ${row.target}.\n`);
  }
  if (isSecondary(call, device.path)) {
    return failed(32, `mount: ${row.target}: mount(2) system call failed: Wrong medium type.\n`);
  }
  if (device.signature?.type !== row.type) {
    return failed(
      32,
      `mount: ${row.target}: wrong fs type, bad option, bad superblock on ${device.path}, missing codepage or helper program, or other error.\n`,
    );
  }
  const refusal =
    row.type === 'ocfs2' ? ocfs2Refusal(call, device.signature, row.target) : undefined;
  if (refusal) return refusal;
  const { path: source } = device;
  const size = device.signature.bytes ?? device.size;
  const options = `rw,${row.options}`;
  machine.mounts.push({ source, target: row.target, type: row.type, options, size, used: 2 ** 25 });
  return printed('');
}

/** `mount -t TYPE -o OPTIONS [--] DEVICE TARGET`. */
function mountDevice({ fleet, machine }: Call, { values, words }: Arguments): Ran {
  const [source = '', target = ''] = words;
  const type = values.get('-t') ?? '';
  const device = flat(blockTree(fleet, machine)).find(({ path }) => path === source);
  if (device?.signature?.type !== type) {
    return failed(
      32,
      `mount: ${target}: wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.\n`,
    );
  }
  const { size } = device;
  machine.mounts.push({
    source,
    target,
    type,
    options: values.get('-o') ?? 'rw',
    size,
    used: 2 ** 25,
  });
  return printed('');
}

/** `mountpoint [-q] PATH`: 0 where something is mounted there, else 1 (32 since util-linux 2.39). */
export function mountpoint({ args, machine }: Call): Ran {
  const path = args.find((arg) => !arg.startsWith('-')) ?? '';
  const is = machine.mounts.some(({ target }) => target === path);
  const says = args.includes('-q') ? '' : `${path} is ${is ? '' : 'not '}a mountpoint\n`;
  return printed(says, is ? 0 : 1);
}

/** fstab's line of a mount point or a source. */
export async function fstabRow(call: Call, wanted: string): Promise<FstabRow | undefined> {
  const rows = await fstabRows(call);
  return rows.find(({ source, target }) => target === wanted || source === wanted);
}

interface FstabRow {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: string;
}

/** The lines of fstab, in their order. */
export async function fstabRows({ files }: Call): Promise<readonly FstabRow[]> {
  const text = (await files?.read('/etc/fstab')) ?? '';
  return text.split('\n').flatMap((line) => {
    const [source = '', target = '', type = '', options = ''] = line.trim().split(/\s+/);
    return source.startsWith('#') || target === '' ? [] : [{ source, target, type, options }];
  });
}

/** The device that a source of fstab means. */
export function deviceOf({ fleet, machine }: Call, source: string) {
  const uuid = /^UUID="?([^"]*)/.exec(source)?.[1];
  const id = source.slice(source.lastIndexOf('/') + 1);
  return flat(blockTree(fleet, machine)).find(({ path, signature, serial }) => {
    if (uuid !== undefined) return signature?.uuid === uuid;
    const isId = source.startsWith('/dev/disk/by-id/');
    return isId ? serial !== undefined && id.endsWith(`_${serial}`) : path === source;
  });
}

function isSecondary({ fleet, machine }: Call, path: string): boolean {
  return upOn(fleet, machine.name).some(
    ({ resource, self }) => path === `/dev/drbd${resource.minor}` && self.role === 'Secondary',
  );
}

/** `umount TARGET…`; what is in use stays: exit 32. */
export function umount({ args, fleet, machine }: Call): Ran {
  const targets = args.filter((arg) => !arg.startsWith('-'));
  return joined(
    targets.map((target) => {
      const found = machine.mounts.find((one) => one.target === target || one.source === target);
      if (!found || found.target === '/') {
        return failed(32, `umount: ${target}: ${found ? 'target is busy' : 'not mounted'}.\n`);
      }
      if (usersOf(fleet, machine.name, found).length > 0) {
        return failed(32, `umount: ${found.target}: target is busy.\n`);
      }
      machine.mounts = machine.mounts.filter((one) => one !== found);
      return printed('');
    }),
  );
}

/** `df` with -P, -T, -h, -B1 and a file system or a mount point. */
export function df({ args, machine }: Call): Ran {
  const { flags, words } = readArguments(args, new Set(['-t', '-x', '-B']));
  const letters = [...flags].join('');
  const typed = /-\w*T/.test(letters);
  const scale = letters.includes('B1') || args.join(' ').includes('-B 1') ? 1 : 1024;
  const asked = words.map((word) => mountOf(machine, word));
  const rows = machine.mounts.filter((one) => words.length === 0 || asked.includes(one));
  if (rows.length === 0) {
    return failed(1, `df: ${words[0] ?? ''}: No such file or directory\n`);
  }
  const cells = rows.map((one) => row(one, scale, typed));
  const head = [
    'Filesystem',
    ...(typed ? ['Type'] : []),
    scale === 1 ? '1-blocks' : '1024-blocks',
    'Used',
    'Available',
    'Capacity',
    'Mounted on',
  ];
  const all = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const left = new Set([0, ...(typed ? [1] : []), head.length - 1]);
  return printed(
    all
      .map((line) => {
        const padded = line.map((text, column) => {
          const width = widths[column] ?? 0;
          return left.has(column) ? text.padEnd(width) : text.padStart(width);
        });
        return `${padded.join(' ').trimEnd()}\n`;
      })
      .join(''),
  );
}

/** The mount that a word names, or on which a path lies. */
function mountOf({ mounts }: Machine, word: string): Mount | undefined {
  const named = mounts.find(({ target, source }) => word === target || word === source);
  if (named || !/^\/(?!dev\/)/.test(word)) return named;
  const above = mounts.filter(({ target }) =>
    `${word}/`.startsWith(`${target.replace(/\/$/, '')}/`),
  );
  return above.toSorted((a, b) => b.target.length - a.target.length)[0];
}

function row({ source, type, target, size, used }: Mount, scale: number, typed: boolean): string[] {
  const n = (bytes: number) => String(Math.floor(bytes / scale));
  const share = `${Math.ceil((used * 100) / size)}%`;
  return [source, ...(typed ? [type] : []), n(size), n(used), n(size - used), share, target];
}
