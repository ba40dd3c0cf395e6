import type { Fleet, Machine, Mount } from './state.js';

/** What the master knows of the simulated file system. */
export interface Tree {
  /** Goals by path, of those that were given one. */
  readonly goals: Map<string, string>;
  /** Whether there is such a folder; the shells, which hold the files, say it. */
  isFolder: (path: string) => Promise<boolean>;
}

const trees = new WeakMap<Fleet, Tree>();
const subfolders = new WeakMap<Mount, string>();

/** The tree of a fleet's file system; new folders have the goal of the one above. */
export function treeOf(fleet: Fleet): Tree {
  const known = trees.get(fleet) ?? firstTree(fleet);
  trees.set(fleet, known);
  return known;
}

function firstTree({ pools }: Fleet): Tree {
  const repository: readonly [string, string][] = pools.length > 0 ? [['/sr', '2']] : [];
  const goals = new Map([['/', '1'], ...repository]);
  return { goals, isFolder: (path) => Promise.resolve(goals.has(path)) };
}

/** The mounts of it on a machine, and which folder of it each shows: `/` is all. */
export function treeMounts(
  machine: Machine,
): readonly { readonly target: string; readonly subfolder: string }[] {
  return machine.mounts
    .filter(({ source }) => source.startsWith('mfs#'))
    .map((mount) => ({
      target: mount.target,
      subfolder: subfolders.get(mount) ?? mount.root ?? '/',
    }));
}

/** Mounts it on a machine. */
export function mountTree(
  machine: Machine,
  master: string,
  target: string,
  subfolder: string,
): void {
  const GIB = 1024 ** 3;
  const options = 'rw,nosuid,nodev,relatime,user_id=0,group_id=0,allow_other';
  const source = `mfs#${master}:9421`;
  const mount: Mount = { source, target, type: 'fuse', options, size: 1374 * GIB, used: 546 * GIB };
  subfolders.set(mount, subfolder);
  machine.mounts.push(mount);
}

/** Where a path of a machine lies in the tree; undefined: not in it. */
export function inTree(machine: Machine, path: string): string | undefined {
  const mount = treeMounts(machine)
    .filter(({ target }) => path === target || path.startsWith(`${target}/`))
    .toSorted((a, b) => b.target.length - a.target.length)[0];
  if (!mount) return undefined;
  return joined(mount.subfolder, path.slice(mount.target.length));
}

/** A path of the tree from its parts, without slashes twice. */
export function joined(...parts: readonly string[]): string {
  return `/${parts.join('/')}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
}

/** The goal of a path: its own, else that of the nearest folder above. */
export function goalOfPath({ goals }: Tree, path: string): string {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const goal = goals.get(at);
    if (goal !== undefined) return goal;
    if (at === '/') return '1';
  }
}
