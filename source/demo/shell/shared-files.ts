import type { InMemoryFs } from 'just-bash';
import { goalOfPath, joined, treeMounts, treeOf } from '../fleet/lizardfs-tree.js';
import type { Fleet, Machine } from '../fleet/state.js';

/** A folder is told from a file by having no text. */
type Entries = ReadonlyMap<string, string | undefined>;

/**
 * Files that all machines share, since they lie in the simulated file system: shown on a machine
 * before a script runs there, and what the script changed is taken over behind it.
 */
export class SharedFiles {
  /** What lies in a mount point itself, hidden while the tree is shown over it. */
  readonly #hidden = new Map<string, Entries>();

  constructor(
    private readonly files: InMemoryFs,
    private readonly fleet: Fleet,
    private readonly machine: Machine,
  ) {}

  /** Shows the tree under each mount point, and nothing of it where it is not mounted any more. */
  async show(): Promise<() => Promise<void>> {
    const mounts = treeMounts(this.machine);
    for (const [target, own] of this.#hidden) {
      if (mounts.some((one) => one.target === target)) continue;
      this.#hidden.delete(target);
      await this.#empty(target);
      for (const [path, text] of own) await this.#put(joined(target, path), text);
    }
    const { texts, goals } = treeOf(this.fleet);
    const all: Entries = new Map([
      ...[...goals.keys()].map((path) => [path, undefined] as const),
      ...texts,
    ]);
    const before = await Promise.all(
      mounts.map(async ({ target, subfolder }) => {
        if (!this.#hidden.has(target)) this.#hidden.set(target, await this.#under(target));
        await this.#empty(target);
        for (const [path, text] of all) {
          if (path !== subfolder && !path.startsWith(joined(subfolder, '/x').slice(0, -1)))
            continue;
          const at = joined(target, path.slice(subfolder === '/' ? 0 : subfolder.length));
          await this.#put(at, text);
        }
        return { target, subfolder, entries: await this.#under(target) };
      }),
    );
    return async () => {
      for (const { target, subfolder, entries } of before) {
        if (treeMounts(this.machine).some((one) => one.target === target)) {
          await this.#take(target, subfolder, entries);
        }
      }
    };
  }

  async #take(target: string, subfolder: string, before: Entries): Promise<void> {
    const tree = treeOf(this.fleet);
    const after = await this.#under(target);
    for (const [path, text] of after) {
      if (before.has(path) && before.get(path) === text) continue;
      const at = joined(subfolder, path);
      if (text === undefined) tree.goals.set(at, goalOfPath(tree, at));
      else tree.texts.set(at, text);
    }
    for (const path of before.keys()) {
      if (after.has(path)) continue;
      tree.texts.delete(joined(subfolder, path));
      tree.goals.delete(joined(subfolder, path));
    }
  }

  async #under(folder: string, below = ''): Promise<Map<string, string | undefined>> {
    const found = new Map<string, string | undefined>();
    for (const name of await this.files.readdir(joined(folder, below))) {
      const path = `${below}/${name}`;
      const at = joined(folder, path);
      if ((await this.files.stat(at)).isDirectory) {
        found.set(path, undefined);
        for (const [inner, text] of await this.#under(folder, path)) found.set(inner, text);
      } else found.set(path, await this.files.readFile(at));
    }
    return found;
  }

  async #put(path: string, text: string | undefined): Promise<void> {
    if (text === undefined) await this.files.mkdir(path, { recursive: true });
    else await this.files.writeFile(path, text);
  }

  async #empty(folder: string): Promise<void> {
    if (!(await this.files.exists(folder))) return;
    for (const name of await this.files.readdir(folder)) {
      await this.files.rm(joined(folder, name), { recursive: true, force: true });
    }
  }
}
