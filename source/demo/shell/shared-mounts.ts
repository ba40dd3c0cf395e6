import type { IFileSystem, InMemoryFs, MountableFs } from 'just-bash';
import { treeMounts, treeOf } from '../fleet/lizardfs-tree.js';
import type { Fleet, Machine } from '../fleet/state.js';
import { blockTree, flat } from '../programs/system/devices.js';
import type { JustBash } from './just-bash.js';
import { SharedFolder } from './shared-folder.js';

const shared = new WeakMap<Fleet, InMemoryFs>();

/** The one file system that all machines mount. */
function sharedFiles({ InMemoryFs }: JustBash, fleet: Fleet): InMemoryFs {
  const known = shared.get(fleet);
  if (known) return known;
  const tree = treeOf(fleet);
  const files = new InMemoryFs();
  for (const path of tree.goals.keys()) files.mkdirSync(path, { recursive: true });
  tree.isFolder = async (path) =>
    (await files.exists(path)) && (await files.stat(path)).isDirectory;
  shared.set(fleet, files);
  return files;
}

const volumes = new WeakMap<Fleet, Map<string, InMemoryFs>>();

/** What lies in the file system of that UUID, whoever has it mounted. */
function filesOf({ InMemoryFs }: JustBash, fleet: Fleet, uuid: string): InMemoryFs {
  const all = volumes.get(fleet) ?? new Map<string, InMemoryFs>();
  volumes.set(fleet, all);
  const known = all.get(uuid) ?? new InMemoryFs();
  all.set(uuid, known);
  return known;
}

/** A mount point, what is seen in it, and by what that can be told from anything else. */
interface Seen {
  readonly target: string;
  readonly key: string;
  readonly files: () => IFileSystem;
}

/**
 * Keeps a machine's files in step with its mounts of what several machines share, and of volumes: what
 * lies in a mount point itself is hidden while something is mounted there.
 */
export function mountsFollower(
  justBash: JustBash,
  fleet: Fleet,
  machine: Machine,
  files: MountableFs,
): () => void {
  const whole = sharedFiles(justBash, fleet);
  const tree = treeOf(fleet);
  const gone = (path: string): void => {
    for (const one of tree.goals.keys()) {
      if (one === path || one.startsWith(`${path}/`)) tree.goals.delete(one);
    }
  };
  const seenNow = (): readonly Seen[] => [
    ...treeMounts(machine).map(({ target, subfolder }) => ({
      ...{ target, key: subfolder },
      files: () => new SharedFolder(whole, subfolder, gone),
    })),
    ...volumeMounts(fleet, machine).map(({ target, uuid }) => ({
      ...{ target, key: uuid },
      files: () => filesOf(justBash, fleet, uuid),
    })),
  ];
  const shown = new Map<string, string>();
  return () => {
    const wanted = seenNow();
    for (const [target, key] of shown) {
      if (wanted.some((one) => one.target === target && one.key === key)) continue;
      files.unmount(target);
      shown.delete(target);
    }
    for (const { target, key, files: within } of wanted) {
      if (shown.has(target)) continue;
      files.mount(target, within());
      shown.set(target, key);
    }
  };
}

/** The file systems of logical volumes and of DRBD devices that are mounted. */
function volumeMounts(fleet: Fleet, machine: Machine) {
  const mounts = machine.mounts.filter(({ source }) => /^\/dev\/(?:drbd|mapper\/)/.test(source));
  if (mounts.length === 0) return [];
  const devices = flat(blockTree(fleet, machine));
  return mounts.flatMap(({ source, target }) => {
    const device = devices.find(({ path }) => path === source);
    const uuid = device?.signature?.uuid ?? '';
    const isVolume = device?.type === 'lvm' || source.startsWith('/dev/drbd');
    return isVolume && uuid !== '' ? [{ target, uuid }] : [];
  });
}
