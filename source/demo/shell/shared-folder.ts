import type { IFileSystem } from 'just-bash';
import { joined } from '../fleet/lizardfs-tree.js';

type Args<K extends keyof IFileSystem> = Parameters<NonNullable<IFileSystem[K]>>;

/** A folder of a file system as a file system of its own, as a mount of a subfolder shows it. */
export class SharedFolder implements IFileSystem {
  /**
   * @param whole what it lies in
   * @param folder its path there
   * @param gone told the path of what is taken away
   */
  constructor(
    private readonly whole: IFileSystem,
    private readonly folder: string,
    private readonly gone: (path: string) => void,
  ) {}

  readFile(path: string, ...rest: Rest<'readFile'>) {
    return this.whole.readFile(this.#at(path), ...rest);
  }
  readFileBuffer(path: string) {
    return this.whole.readFileBuffer(this.#at(path));
  }
  writeFile(path: string, ...rest: Rest<'writeFile'>) {
    return this.whole.writeFile(this.#at(path), ...rest);
  }
  appendFile(path: string, ...rest: Rest<'appendFile'>) {
    return this.whole.appendFile(this.#at(path), ...rest);
  }
  exists(path: string) {
    return this.whole.exists(this.#at(path));
  }
  stat(path: string) {
    return this.whole.stat(this.#at(path));
  }
  lstat(path: string) {
    return this.whole.lstat(this.#at(path));
  }
  mkdir(path: string, ...rest: Rest<'mkdir'>) {
    return this.whole.mkdir(this.#at(path), ...rest);
  }
  readdir(path: string) {
    return this.whole.readdir(this.#at(path));
  }
  async rm(path: string, ...rest: Rest<'rm'>) {
    await this.whole.rm(this.#at(path), ...rest);
    this.gone(this.#at(path));
  }
  cp(from: string, to: string, ...rest: RestOfTwo<'cp'>) {
    return this.whole.cp(this.#at(from), this.#at(to), ...rest);
  }
  async mv(from: string, to: string) {
    await this.whole.mv(this.#at(from), this.#at(to));
    this.gone(this.#at(from));
  }
  resolvePath(base: string, path: string) {
    return this.whole.resolvePath(base, path);
  }
  getAllPaths() {
    const above = this.#at('/');
    const within = above === '/' ? '' : above;
    return this.whole
      .getAllPaths()
      .flatMap((path) => (path.startsWith(`${within}/`) ? [path.slice(within.length)] : []));
  }
  chmod(path: string, mode: number) {
    return this.whole.chmod(this.#at(path), mode);
  }
  symlink(target: string, path: string) {
    return this.whole.symlink(target, this.#at(path));
  }
  link(from: string, to: string) {
    return this.whole.link(this.#at(from), this.#at(to));
  }
  readlink(path: string) {
    return this.whole.readlink(this.#at(path));
  }
  async realpath(path: string) {
    const real = await this.whole.realpath(this.#at(path));
    return joined(real.slice(this.#at('/') === '/' ? 0 : this.#at('/').length));
  }
  utimes(path: string, ...rest: Rest<'utimes'>) {
    return this.whole.utimes(this.#at(path), ...rest);
  }

  #at(path: string): string {
    return joined(this.folder, path);
  }
}

type Rest<K extends keyof IFileSystem> = Args<K> extends [unknown, ...infer R] ? R : never;
type RestOfTwo<K extends keyof IFileSystem> =
  Args<K> extends [unknown, unknown, ...infer R] ? R : never;
