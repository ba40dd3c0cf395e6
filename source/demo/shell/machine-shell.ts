import { quoteAll } from '../../core/quote.js';
import { programsOf } from '../programs/index.js';
import type { Files, Program, Ran } from '../programs/program.js';
import type { Fleet, Machine } from '../fleet/state.js';
import { FIRST_LOCATION, poolOn } from '../fleet/xapi.js';
import { blockTree, flat } from '../programs/system/devices.js';
import { extraCommands } from './extra-commands.js';
import { fileCommands } from './file-commands.js';
import { packageFiles } from '../fleet/software.js';
import { firstFiles, firstLinks } from './first-files.js';
import type { JustBash } from './just-bash.js';
import { liveFiles } from './live-files.js';
import { SharedFiles } from './shared-files.js';

/** What a simulated machine does when it is told to run something. */
export interface MachineShell {
  /** Runs one program with these arguments. */
  run(argv: readonly string[], input: string, signal: AbortSignal): Promise<Ran>;
  /** Runs a line or a script of a shell. */
  script(text: string, input: string, signal: AbortSignal): Promise<Ran>;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The shell of one machine: just-bash with the simulated programs and files. */
export async function machineShell(
  justBash: JustBash,
  fleet: Fleet,
  machine: Machine,
): Promise<MachineShell> {
  const startPrograms = () => programsOf(machine);
  const files = new justBash.InMemoryFs(firstFiles(fleet, machine));
  for (const [path, target] of firstLinks(fleet, machine)) {
    files.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    await files.symlink(target, path);
  }
  for (const folder of [
    '/run',
    '/run/systemd/system',
    '/mnt',
    ...machine.mounts.map(({ target }) => target),
  ]) {
    if (folder !== '/') files.mkdirSync(folder, { recursive: true });
  }
  if (poolOn(fleet, machine.name)) files.mkdirSync(FIRST_LOCATION, { recursive: true });
  for (const path of files.getAllPaths()) {
    if (path.startsWith('/usr/local/sbin/')) await files.chmod(path, 0o755);
  }
  const shared = new SharedFiles(files, fleet, machine);
  const owners = new Map<string, string>();
  for (const { target } of machine.mounts) {
    if (target.startsWith('/mnt/ata-')) owners.set(target, 'mfs:mfs');
  }
  const seen: Files = {
    read: async (path) => {
      const there = (await files.exists(path)) && !(await files.stat(path)).isDirectory;
      return there ? files.readFile(path) : undefined;
    },
    isFolder: async (path) => (await files.exists(path)) && (await files.stat(path)).isDirectory,
    ownerOf: (path) => owners.get(path) ?? 'root:root',
    setOwner: (path, owner) => void owners.set(path, owner),
    write: async (path, text) => {
      files.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
      await files.writeFile(path, text);
    },
    remove: (path) => files.rm(path, { force: true }),
    list: async (path) => ((await files.exists(path)) ? files.readdir(path) : []),
  };
  /** Programs are given the kernel's names of disks: they look where udev's links lead. */
  const led = (args: readonly string[]): Promise<string[]> =>
    Promise.all(
      args.map(async (arg) => {
        const isLink = /^\/dev\/(?:disk\/by-|drbd\/by-)/.test(arg) && (await files.exists(arg));
        return isLink ? files.realpath(arg) : arg;
      }),
    );
  const call = {
    fleet,
    machine,
    files: seen,
    run: (argv: readonly string[]) => script(quoteAll(argv), '', new AbortController().signal),
  };
  let signalNow = new AbortController().signal;

  const started = async (
    name: string,
    program: Program,
    args: readonly string[],
    input: string,
  ) => {
    const signal = signalNow;
    if (machine.stuck.has(name)) await aborted(signal);
    const ran = await program({ ...call, args: await led(args), input, signal });
    return { stdout: ran.stdout, stderr: ran.stderr, exitCode: ran.exit };
  };
  const bashWith = (programs: ReadonlyMap<string, Program>) =>
    new justBash.Bash({
      fs: files,
      cwd: '/root',
      env: { PATH, HOME: '/root', USER: 'root', LC_ALL: 'C' },
      // Its guard replaces globals of the process, in which the console runs as well.
      defenseInDepth: false,
      executionLimits: { maxExecutionTimeMs: 600_000 },
      processInfo: { pid: 4711, ppid: 4710, uid: 0, gid: 0 },
      customCommands: [
        ...extraCommands(justBash),
        ...fileCommands(justBash, (path) =>
          flat(blockTree(fleet, machine)).some((device) => device.path === path),
        ),
        ...[...programs].map(([name, program]) =>
          justBash.defineCommand(name, (args, context) =>
            started(name, program, args, justBash.decodeBytesToUtf8(context.stdin)),
          ),
        ),
      ],
    });

  let known = '';
  let shell = bashWith(startPrograms());
  /** A package that was installed or taken away changes what the shell can start. */
  const bash = () => {
    const programs = startPrograms();
    const now = [...programs.keys()].join(' ');
    if (now !== known) {
      shell = bashWith(programs);
      known = now;
      // just-bash puts files of its own in the places of programs.
      const own = Object.entries({ ...firstFiles(fleet, machine), ...packageFiles(machine) });
      for (const [path, text] of own) {
        if (path.startsWith('/usr/bin/')) files.writeFileSync(path, text);
      }
    }
    return shell;
  };

  const script = async (text: string, input: string, signal: AbortSignal): Promise<Ran> => {
    const takeOver = await shared.show();
    for (const [path, content] of liveFiles(fleet, machine)) {
      if (content === undefined) await files.rm(path, { force: true });
      else files.writeFileSync(path, content);
    }
    signalNow = signal;
    const result = await bash().exec(knownTests(text), { stdin: input, signal, rawScript: true });
    await takeOver();
    return {
      stdout: textOf(result.stdout, result.stdoutEncoding),
      stderr: inShellsWords(machine, result.stderr),
      exit: result.exitCode,
    };
  };

  return {
    script,
    run: async (argv, input, signal) => {
      const [name = '', ...args] = argv;
      const program = startPrograms().get(name.split('/').at(-1) ?? '');
      if (program) {
        if (machine.stuck.has(name)) await aborted(signal);
        return program({ ...call, args: await led(args), input, signal });
      }
      const [flag, body] = args;
      if ((name === 'sh' || name === 'bash') && flag === '-c' && body !== undefined) {
        // What follows the script is its $0 and its arguments.
        const words = args.slice(3);
        const given = words.length > 0 ? `set -- ${quoteAll(words)}\n` : '';
        return script(given + body, input, signal);
      }
      return script(quoteAll(argv), input, signal);
    },
  };
}

/**
 * just-bash's files are never devices, so `[ -b X ]` is asked of a command that knows the machine's
 * disks; and its `sh` knows no `-n`.
 */
function knownTests(script: string): string {
  return script
    .replace(/\[ -b ("[^"]*"|\S+) \]/g, 'is-block-device $1')
    .replace(/\bsh -n ("\$1")/g, 'check-script $1');
}

function textOf(output: string, encoding: 'binary' | undefined): string {
  return encoding === 'binary' ? Buffer.from(output, 'latin1').toString() : output;
}

/** A missing program in the words of the system's own shell: dash on Debian, bash on XCP-ng. */
function inShellsWords(machine: Machine, stderr: string): string {
  const prefix =
    machine.kind === 'xenserver' ? 'sh: $1: command not found' : 'sh: 1: $1: not found';
  return stderr.replace(/^bash: (?:line \d+: )?([^\n]*): command not found$/gm, prefix);
}

/** Resolves when the signal is aborted, and never otherwise. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
