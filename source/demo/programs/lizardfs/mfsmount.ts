import { masterRuns } from '../../fleet/lizardfs.js';
import { mountTree, treeOf } from '../../fleet/lizardfs-tree.js';
import { failed, printed, type Call, type Ran } from '../program.js';

/**
 * `mfsmount TARGET [-H HOST] [-S FOLDER] [-c CONFIG] [-o OPTIONS]`, with the refusals of libfuse 2 and of the
 * client: it is not repeatable.
 */
export async function mfsmount({ args, fleet, machine, files, run }: Call): Promise<Ran> {
  const value = (flag: string): string => args[args.indexOf(flag) + 1] ?? '';
  const given = (flag: string): boolean => args.includes(flag);
  const options = new Map(
    (given('-o') ? value('-o') : '').split(',').map((option) => {
      const [key = '', text = ''] = option.split('=');
      return [key, text] as const;
    }),
  );
  const configFile = given('-c') ? value('-c') : options.get('mfscfgfile');
  for (const line of ((configFile && (await files?.read(configFile))) ?? '').split('\n')) {
    const [key = '', text = ''] = line.split('=');
    if (!line.startsWith('#') && !options.has(key)) options.set(key, text);
  }
  const target = args.find((arg) => arg.startsWith('/')) ?? '';
  const master = given('-H') ? value('-H') : (options.get('mfsmaster') ?? 'mfsmaster');
  const subfolder = given('-S') ? value('-S') : (options.get('mfssubfolder') ?? '/');
  const known = await run?.(['getent', 'hosts', master]);
  if (known?.exit !== 0) {
    return failed(1, `can't resolve master hostname and/or portname (${master}:9421)\n`);
  }
  if (!masterRuns(fleet)) {
    return failed(1, `can't connect to mfsmaster ("${known.stdout.split(' ')[0] ?? ''}":"9421")\n`);
  }
  if (!(await treeOf(fleet).isFolder(subfolder))) {
    return failed(1, 'mfsmaster register error: No such file or directory\n');
  }
  if (!(await files?.isFolder(target))) {
    return failed(1, `fuse: bad mount point \`${target}': No such file or directory\n`);
  }
  const inside = await run?.(['ls', '-A', target]);
  if (machine.mounts.some((one) => one.target === target) || inside?.stdout !== '') {
    return failed(
      1,
      `fuse: mountpoint '${target}' is not empty\nfuse: if you are sure this is safe, use the 'nonempty' mount option\n`,
    );
  }
  mountTree(machine, master, target, subfolder);
  return printed(
    'mfsmaster accepted connection with parameters: read-write,restricted_ip ; root mapped to root:root\n',
  );
}
