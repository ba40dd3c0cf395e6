import type { InMemoryFs, MountableFs } from 'just-bash';
import { treeMounts, treeOf } from '../fleet/lizardfs-tree.js';
import type { Fleet, Machine } from '../fleet/state.js';
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

/**
 * Keeps a machine's files in step with its mounts of the simulated file system: what lies in a mount
 * point itself is hidden while it is mounted.
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
  const shown = new Map<string, string>();
  return () => {
    const wanted = new Map(
      treeMounts(machine).map(({ target, subfolder }) => [target, subfolder] as const),
    );
    for (const [target, subfolder] of shown) {
      if (wanted.get(target) === subfolder) continue;
      files.unmount(target);
      shown.delete(target);
    }
    for (const [target, subfolder] of wanted) {
      if (shown.has(target)) continue;
      files.mount(target, new SharedFolder(whole, subfolder, gone));
      shown.set(target, subfolder);
    }
  };
}
