import type { Command } from 'just-bash';
import type { JustBash } from './just-bash.js';

/**
 * What scripts that change files need and just-bash 3.4.2 has not: `mkdir -m`, `mktemp`, `cmp`, `sync`,
 * `umask`, `trap`, the test for a block device, and `sh -n`.
 */
export function fileCommands(
  { defineCommand }: JustBash,
  isDevice: (path: string) => boolean,
): Command[] {
  const quiet = { stdout: '', stderr: '', exitCode: 0 };
  let made = 0;
  return [
    defineCommand('mkdir', async (args, { fs, cwd }) => {
      let mode: string | undefined;
      let parents = false;
      let ended = false;
      const words: string[] = [];
      for (let i = 0; i < args.length; i += 1) {
        const arg = args[i] ?? '';
        if (ended || !arg.startsWith('-')) words.push(arg);
        else if (arg === '--') ended = true;
        else if (arg === '-m') mode = args[(i += 1)];
        else if (arg === '-p' || arg === '--parents') parents = true;
      }
      for (const word of words) {
        const path = fs.resolvePath(cwd, word);
        if (await fs.exists(path)) {
          if (parents && (await fs.stat(path)).isDirectory) continue;
          const stderr = `mkdir: cannot create directory ‘${word}’: File exists\n`;
          return { stdout: '', stderr, exitCode: 1 };
        }
        if (!parents && !(await fs.exists(path.slice(0, path.lastIndexOf('/')) || '/'))) {
          const stderr = `mkdir: cannot create directory ‘${word}’: No such file or directory\n`;
          return { stdout: '', stderr, exitCode: 1 };
        }
        await fs.mkdir(path, { recursive: true });
        if (mode !== undefined) await fs.chmod(path, Number.parseInt(mode, 8));
      }
      return quiet;
    }),
    defineCommand('mktemp', async (args, { fs, cwd }) => {
      const folder = args.some((arg) => arg.startsWith('-') && arg.includes('d'));
      const template = args.find((arg) => !arg.startsWith('-')) ?? '/tmp/tmp.XXXXXXXXXX';
      made += 1;
      const word = made.toString(36).padStart(6, '0');
      const path = fs.resolvePath(cwd, template.replace(/X+$/, word));
      await fs.mkdir(folder ? path : path.slice(0, path.lastIndexOf('/')), { recursive: true });
      if (!folder) await fs.writeFile(path, '');
      return { ...quiet, stdout: `${path}\n` };
    }),
    defineCommand('is-block-device', ([path = '']) =>
      Promise.resolve({ ...quiet, exitCode: isDevice(path) ? 0 : 1 }),
    ),
    defineCommand('check-script', async ([path = ''], { fs, cwd, exec }) => {
      const text = await fs.readFile(fs.resolvePath(cwd, path));
      // What stands in a branch that is not taken is read and not run.
      const read = await exec?.(`if false; then\n${text}\nfi`, { cwd });
      return { ...quiet, stderr: read?.stderr ?? '', exitCode: read?.exitCode === 0 ? 0 : 2 };
    }),
    defineCommand('cmp', async (args, { fs, cwd }) => {
      const paths = args
        .filter((arg) => !arg.startsWith('-'))
        .map((arg) => fs.resolvePath(cwd, arg));
      const missing = await Promise.all(paths.map(async (path) => !(await fs.exists(path))));
      if (missing.includes(true)) return { ...quiet, exitCode: 2 };
      const [a, b] = await Promise.all(paths.map((path) => fs.readFile(path)));
      return { ...quiet, exitCode: a === b ? 0 : 1 };
    }),
    // Nothing of these files outlives the process, so nothing is to be flushed or cleared away.
    ...['sync', 'umask', 'trap'].map((name) => defineCommand(name, () => Promise.resolve(quiet))),
  ];
}
