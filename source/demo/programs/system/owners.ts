import { usersOf } from '../../fleet/software.js';
import type { Fleet, Machine } from '../../fleet/state.js';
import type { BlockDevice } from './block-device.js';
import { blockTree, flat } from './devices.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

/** `chown USER:GROUP [--] PATH…`. */
export async function chown({ args, files, machine }: Call): Promise<Ran> {
  const [owner = '', ...paths] = args.filter((arg) => !arg.startsWith('-'));
  const [user = '', group = user] = owner.split(':');
  const users = usersOf(machine);
  const strange = [user, group].find((name) => !users.has(name));
  if (strange !== undefined) return failed(1, `chown: invalid user: ‘${owner}’\n`);
  for (const path of paths) {
    if (!(await exists(files, path))) {
      return failed(1, `chown: cannot access '${path}': No such file or directory\n`);
    }
    files?.setOwner(path, `${user}:${group}`);
  }
  return printed('');
}

/** `stat -c FORMAT [--] PATH…` of who owns it and what it is; `stat -f`: of its file system. */
export async function stat({ args, files, machine, fleet }: Call): Promise<Ran> {
  const { flags, values, words } = readArguments(args, new Set(['-c', '--format']));
  const format = values.get('-c') ?? values.get('--format') ?? '%n';
  if (flags.has('-f')) return statFileSystems(machine, format, words);
  let stdout = '';
  for (const path of words) {
    if (!(await exists(files, path))) {
      return failed(1, `stat: cannot statx '${path}': No such file or directory\n`, stdout);
    }
    const [user = 'root', group = 'root'] = files?.ownerOf(path).split(':') ?? [];
    const folder = (await files?.isFolder(path)) === true;
    const device = deviceAt(fleet, machine, path);
    const [major, minor] = (device?.majMin ?? '0:0')
      .split(':')
      .map((part) => Number(part).toString(16));
    const parts: Readonly<Record<string, string>> = {
      n: path,
      U: user,
      G: group,
      F: device ? 'block special file' : folder ? 'directory' : 'regular file',
      t: major ?? '0',
      T: minor ?? '0',
      Y: String(Math.floor(fleet.clock.now / 1000)),
      y: new Date(fleet.clock.now).toISOString().replace('T', ' ').replace('Z', ' +0000'),
      s: String(Buffer.byteLength((await files?.read(path)) ?? '')),
    };
    stdout += `${format.replace(/%(\w)/g, (whole, key: string) => parts[key] ?? whole)}\n`;
  }
  return printed(stdout);
}

/** statfs(2) of mounted file systems: blocks of 4 KiB, an inode for each 16 KiB where there are any. */
function statFileSystems(machine: Machine, format: string, paths: readonly string[]): Ran {
  let stdout = '';
  for (const path of paths) {
    const mount = machine.mounts.find(({ target }) => target === path);
    if (!mount) {
      const says = `stat: cannot read file system information for '${path}': No such file or directory\n`;
      return failed(1, says, stdout);
    }
    const { size, used, type } = mount;
    const free = String(Math.floor((size - used) / 4096));
    const inodes = type.startsWith('ext') ? Math.floor(size / 16_384) : 0;
    const parts: Readonly<Record<string, string>> = {
      n: path,
      S: '4096',
      s: '4096',
      b: String(Math.floor(size / 4096)),
      f: free,
      a: free,
      c: String(inodes),
      d: String(Math.floor(inodes * (1 - (0.4 * used) / size))),
    };
    stdout += `${format.replace(/%(\w)/g, (whole, key: string) => parts[key] ?? whole)}\n`;
  }
  return printed(stdout);
}

/** A device by any of its names. */
function deviceAt(fleet: Fleet, machine: Machine, path: string): BlockDevice | undefined {
  return flat(blockTree(fleet, machine)).find(({ path: own, kname, links }) => {
    return own === path || `/dev/${kname}` === path || links?.includes(path) === true;
  });
}

async function exists(files: Call['files'], path: string): Promise<boolean> {
  return (await files?.isFolder(path)) === true || (await files?.read(path)) !== undefined;
}
