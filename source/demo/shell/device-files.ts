import { upOn } from '../fleet/drbd/side.js';
import { nineOf } from '../fleet/nine/state.js';
import { modulesOf } from '../fleet/modules.js';
import type { Fleet, Machine } from '../fleet/state.js';
import { blockTree, flat } from '../programs/system/devices.js';
import { nfsFiles } from './nfs-files.js';
import { ocfs2Files } from './ocfs2-files.js';
import type { Entry, Shown } from './shown.js';
import { volumeFiles } from './volume-files.js';

const before = new WeakMap<Machine, ReadonlySet<string>>();

/**
 * What kernel and udev show of a machine's volumes, resources and servers: files with their text, and
 * links that are told once, when they appear.
 */
export function deviceFiles(
  fleet: Fleet,
  machine: Machine,
): {
  readonly files: readonly Entry[];
  readonly links: readonly Entry[];
  readonly gone: readonly string[];
} {
  const shown = [
    classFiles(fleet, machine),
    volumeFiles(machine),
    drbdFiles(fleet, machine),
    clusterFiles(fleet, machine),
  ];
  const files = shown.flatMap((one) => one.files);
  const links = shown.flatMap((one) => one.links);
  const was = before.get(machine) ?? new Set<string>();
  const paths = [...files, ...links].map(([path]) => path);
  const folders = paths.flatMap((path) =>
    foldersAbove(
      path,
      shown.flatMap((one) => one.folders),
    ),
  );
  const now = new Set([...paths, ...folders]);
  before.set(machine, now);
  return {
    files,
    links: links.filter(([path]) => !was.has(path)),
    gone: [...was].filter((path) => !now.has(path)),
  };
}

/** The folders above a path that are there for it alone. */
function foldersAbove(path: string, roots: readonly string[]): readonly string[] {
  const root = roots.find((one) => path.startsWith(`${one}/`));
  if (root === undefined) return [];
  const parts = path
    .slice(root.length + 1)
    .split('/')
    .slice(0, -1);
  return parts.map((_, index) => `${root}/${parts.slice(0, index + 1).join('/')}`);
}

/** What /sys/class/block says of each device: its number, its size, and what stands on it. */
function classFiles(fleet: Fleet, machine: Machine): Shown {
  const files = flat(blockTree(fleet, machine)).flatMap(
    ({ kname, majMin, size, children }): Entry[] => {
      const folder = `/sys/class/block/${kname}`;
      const holders = children.filter(({ type }) => type !== 'part');
      return [
        [`${folder}/dev`, `${majMin}\n`],
        [`${folder}/size`, `${Math.floor(size / 512)}\n`],
        ...holders.map((child): Entry => [`${folder}/holders/${child.kname}`, '']),
      ];
    },
  );
  return { files, links: [], folders: ['/sys/class/block'] };
}

/** The devices of what is up. */
function drbdFiles(fleet: Fleet, machine: Machine): Shown {
  const up = upOn(fleet, machine.name);
  return {
    files: up.flatMap(({ resource: { minor, size } }): Entry[] => [
      [`/dev/drbd${minor}`, ''],
      [`/sys/block/drbd${minor}/size`, `${size * 2}\n`],
    ]),
    links: [...up.map(({ resource }) => resource), ...(nineOf(fleet)?.resources ?? [])].map(
      ({ name, minor }): Entry => [`/dev/drbd/by-res/${name}/0`, `../../../drbd${minor}`],
    ),
    folders: ['/dev', '/sys/block'],
  };
}

function clusterFiles(fleet: Fleet, machine: Machine): Shown {
  const modules = modulesOf(machine);
  return {
    files: [
      ...ocfs2Files(fleet, machine),
      ...nfsFiles(machine),
      [
        '/proc/filesystems',
        `nodev\tproc\n\text4\n\txfs\n${modules.has('ocfs2') ? '\tocfs2\n' : ''}`,
      ],
    ],
    links: [],
    folders: ['/sys/kernel/config/cluster', '/sys/kernel/debug'],
  };
}
