import type { Command, IFileSystem } from 'just-bash';
import type { JustBash } from './just-bash.js';

/**
 * Commands of every system that just-bash 3.4.2 has in a form that is too small for what
 * administrators and programs type: `grep` with several `-e`, `ls` of several files without empty
 * lines between, `find -type l`, `! -name`, `-mindepth`, `-quit` and `-printf`, `bash -n`.
 */
export function extraCommands({ defineCommand, latin1FromBytes, parse }: JustBash): Command[] {
  return [
    defineCommand('grep', (args, context) => {
      const { program, rest } = asEgrep(args);
      const { exec } = context;
      if (!exec) return Promise.resolve({ stdout: '', stderr: 'grep: no shell\n', exitCode: 2 });
      return exec(program, {
        args: rest,
        cwd: context.cwd,
        stdin: latin1FromBytes(context.stdin),
        stdinKind: 'bytes',
      });
    }),
    defineCommand('bash', async (args, context) => {
      const { exec } = context;
      const [flag, file = ''] = args;
      if (flag !== '-n' || !exec)
        return exec ? exec('sh', { args: [...args], cwd: context.cwd }) : quiet(127);
      try {
        parse(await context.fs.readFile(context.fs.resolvePath(context.cwd, file)));
        return quiet(0);
      } catch (error) {
        const says = error instanceof Error ? error.message : '';
        return { ...quiet(2), stderr: `${file}: ${says}\n` };
      }
    }),
    defineCommand('ls', (args, context) => list(context.fs, context.cwd, args)),
    defineCommand('find', (args, context) => find(context.fs, context.cwd, args)),
  ];
}

function quiet(exitCode: number): Result {
  return { stdout: '', stderr: '', exitCode };
}

/** The same question for just-bash's egrep or fgrep, all patterns in one. */
function asEgrep(args: readonly string[]): { readonly program: string; readonly rest: string[] } {
  const flags: string[] = [];
  const patterns: string[] = [];
  const words: string[] = [];
  let kind: 'basic' | 'extended' | 'fixed' = 'basic';
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      words.push(...args.slice(i + 1));
      break;
    }
    if (arg === '-e' || arg === '--regexp') patterns.push(args[(i += 1)] ?? '');
    else if (/^-[ABCm]$/.test(arg)) flags.push(arg, args[(i += 1)] ?? '');
    else if (/^-[a-zA-Z]/.test(arg)) {
      if (arg.includes('E') || arg.includes('P')) kind = 'extended';
      else if (arg.includes('F')) kind = 'fixed';
      // s, a and H are about messages, bytes and names; the first two are dropped, the other kept.
      const left = arg.replace(/[EFPas]/g, '');
      const bare = left.endsWith('e') ? left.slice(0, -1) : left;
      if (left.endsWith('e')) patterns.push(args[(i += 1)] ?? '');
      if (bare !== '-') flags.push(bare);
    } else if (arg.startsWith('--')) flags.push(arg);
    else words.push(arg);
  }
  if (patterns.length === 0) patterns.push(words.shift() ?? '');
  if (kind === 'fixed' && patterns.length === 1) {
    return { program: 'fgrep', rest: [...flags, '--', patterns[0] ?? '', ...words] };
  }
  const extended = patterns.map((pattern) => {
    if (kind === 'extended') return pattern;
    return kind === 'fixed' ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : fromBasic(pattern);
  });
  const [only = ''] = extended;
  const whole = extended.length === 1 ? only : `(${extended.join('|')})`;
  return { program: 'egrep', rest: [...flags, '--', whole, ...words] };
}

/** In a basic expression `+?|(){}` are themselves, and special behind a backslash. */
function fromBasic(pattern: string): string {
  return pattern.replace(/\[\^?\]?[^\]]*\]|\\(.)|[+?|(){}]/g, (found, escaped?: string) => {
    if (escaped !== undefined) return /[+?|(){}]/.test(escaped) ? escaped : found;
    return found.startsWith('[') ? found : `\\${found}`;
  });
}

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

async function list(fs: IFileSystem, cwd: string, args: readonly string[]): Promise<Result> {
  const letters = args.filter((arg) => arg.startsWith('-')).join('');
  const words = args.filter((arg) => !arg.startsWith('-'));
  const names = (words.length > 0 ? words : ['.']).toSorted();
  const files: string[] = [];
  const folders: string[] = [];
  let stderr = '';
  for (const name of names) {
    const path = fs.resolvePath(cwd, name);
    if (!(await fs.exists(path))) {
      stderr += `ls: cannot access '${name}': No such file or directory\n`;
    } else if (letters.includes('d') || !(await fs.stat(path)).isDirectory) files.push(name);
    else folders.push(name);
  }
  const line = async (base: string, name: string) =>
    letters.includes('l') ? long(fs, fs.resolvePath(base, name), name) : `${name}\n`;
  let stdout = '';
  for (const name of files) stdout += await line(cwd, name);
  for (const folder of folders) {
    const path = fs.resolvePath(cwd, folder);
    const entries = (await fs.readdir(path))
      .filter((entry) => /[aA]/.test(letters) || !entry.startsWith('.'))
      .toSorted();
    if (names.length > 1) stdout += `${stdout === '' ? '' : '\n'}${folder}:\n`;
    if (letters.includes('l')) stdout += 'total 0\n';
    for (const entry of entries) stdout += await line(path, entry);
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 2 };
}

async function long(fs: IFileSystem, path: string, name: string): Promise<string> {
  const { isDirectory, isSymbolicLink, mode, size, mtime } = await fs.lstat(path);
  const kind = isDirectory ? 'd' : isSymbolicLink ? 'l' : '-';
  const bits = Array.from('rwxrwxrwx', (letter, bit) => (mode & (0o400 >> bit) ? letter : '-'));
  const date = mtime.toISOString().slice(0, 16).replace('T', ' ');
  const target = isSymbolicLink ? ` -> ${await fs.readlink(path)}` : '';
  return `${kind}${bits.join('')} 1 root root ${String(size).padStart(5)} ${date} ${name}${target}\n`;
}

async function find(fs: IFileSystem, cwd: string, args: readonly string[]): Promise<Result> {
  const firstTest = args.findIndex((arg) => arg.startsWith('-'));
  const roots = args.slice(0, firstTest < 0 ? args.length : firstTest);
  const value = (name: string) => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  const [type, name, format] = [value('-type'), value('-name'), value('-printf')];
  const least = Number(value('-mindepth') ?? 0);
  const deepest = Number(value('-maxdepth') ?? Infinity);
  const pattern = name === undefined ? undefined : globPattern(name);
  const unlike = args[args.indexOf('-name') - 1] === '!';
  const wanted = (last: string): boolean => pattern?.test(last) !== unlike;
  let stdout = '';
  let stderr = '';
  const visit = async (root: string, path: string, depth: number): Promise<void> => {
    if (args.includes('-quit') && stdout !== '') return;
    const facts = await fs.lstat(fs.resolvePath(cwd, path));
    const kind = facts.isSymbolicLink ? 'l' : facts.isDirectory ? 'd' : 'f';
    const last = path.split('/').at(-1) ?? '';
    if (depth >= least && (type === undefined || type === kind) && wanted(last)) {
      const link = kind === 'l' ? await fs.readlink(fs.resolvePath(cwd, path)) : '';
      const below = path === root ? '' : path.slice(root.length).replace(/^\//, '');
      stdout +=
        format === undefined
          ? `${path}\n`
          : shaped(format, { P: below, p: path, l: link, f: last });
    }
    if (kind !== 'd' || depth >= deepest) return;
    for (const entry of (await fs.readdir(fs.resolvePath(cwd, path))).toSorted()) {
      await visit(root, `${path.replace(/\/$/, '')}/${entry}`, depth + 1);
    }
  };
  for (const root of roots.length > 0 ? roots : ['.']) {
    if (await fs.exists(fs.resolvePath(cwd, root))) await visit(root, root, 0);
    else stderr += `find: ‘${root}’: No such file or directory\n`;
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`);
}

function shaped(format: string, parts: Readonly<Record<string, string>>): string {
  return format.replace(/%(\w)|\\([nt])/g, (whole, key?: string, escape?: string) => {
    if (escape !== undefined) return escape === 'n' ? '\n' : '\t';
    return parts[key ?? ''] ?? whole;
  });
}
