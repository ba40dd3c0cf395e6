import { setMaxListeners } from 'node:events';
import type { Bash } from 'just-bash';
import { quoteAll } from '../../core/quote.js';
import { isSideWork } from '../programs/drbd/side-work.js';
import { programsOf } from '../programs/index.js';
import type { Call, Files, Program, Ran } from '../programs/program.js';
import type { Fleet, Machine } from '../fleet/state.js';
import { blockTree, flat } from '../programs/system/devices.js';
import { extraCommands } from './extra-commands.js';
import { fileCommands } from './file-commands.js';
import { GATEWAY } from '../fleet/nics.js';
import { packageFiles } from '../fleet/software.js';
import { firstFiles, firstLinks } from './first-files.js';
import type { JustBash } from './just-bash.js';
import { liveFiles } from './live-files.js';
import { asInShells, backgroundCommands, inBackground } from './background.js';
import { boot, shutDown } from '../programs/system/boot.js';
import { installSystem } from '../fleet/system.js';
import { deviceFiles } from './device-files.js';
import { mapFiles } from './map-files.js';
import { mountsFollower } from './shared-mounts.js';

/** What a simulated machine does when it is told to run something. */
export interface MachineShell {
  /** Runs one program with these arguments. */
  run(argv: readonly string[], input: string, signal: AbortSignal): Promise<Ran>;
  /** Runs a line or a script of a shell. */
  script(text: string, input: string, signal: AbortSignal): Promise<Ran>;
}

/** One for what somebody waits for, and one for what runs by itself, in the fleet's own time. */
type Shell = 'heard' | 'unheard';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The shell of one machine: just-bash with the simulated programs and files. */
export async function machineShell(
  justBash: JustBash,
  fleet: Fleet,
  machine: Machine,
): Promise<MachineShell> {
  const startPrograms = () => programsOf(machine);
  const own = new justBash.InMemoryFs(firstFiles(fleet, machine));
  for (const [path, target] of firstLinks(machine)) {
    own.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    await own.symlink(target, path);
  }
  for (const folder of [
    '/run',
    '/run/systemd/system',
    '/mnt',
    ...[...machine.firstMounts, ...machine.mounts].map(({ target }) => target),
  ]) {
    if (folder !== '/') own.mkdirSync(folder, { recursive: true });
  }
  for (const path of own.getAllPaths()) {
    if (/^\/(?:usr\/local\/sbin|opt\/rocks\/bin|etc\/init\.d)\//.test(path))
      await own.chmod(path, 0o755);
  }
  // just-bash fills a file system with its programs where it can do so at once.
  const files = Object.assign(new justBash.MountableFs({ base: own }), {
    mkdirSync: own.mkdirSync.bind(own),
    writeFileSync: own.writeFileSync.bind(own),
    writeFileLazy: own.writeFileLazy.bind(own),
  });
  const followMounts = mountsFollower(justBash, fleet, machine, files);
  const owners = new Map<string, string>();
  /** The root of a file system is its own: it keeps its owner while it is not mounted. */
  const owned = (path: string): string => {
    const mount = machine.mounts.find(({ target }) => target === path);
    const device = flat(blockTree(fleet, machine)).find((one) => one.path === mount?.source);
    return device?.signature?.uuid ?? path;
  };
  for (const { target } of machine.mounts) {
    if (target.startsWith('/mnt/ata-')) owners.set(owned(target), 'mfs:mfs');
  }
  const seen: Files = {
    read: async (path) => {
      const there = (await files.exists(path)) && !(await files.stat(path)).isDirectory;
      return there ? files.readFile(path) : undefined;
    },
    isFolder: async (path) => (await files.exists(path)) && (await files.stat(path)).isDirectory,
    ownerOf: (path) => owners.get(owned(path)) ?? 'root:root',
    setOwner: (path, owner) => void owners.set(owned(path), owner),
    write: async (path, text) => {
      await files.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
      await files.writeFile(path, text);
      if (text.startsWith('#!')) await files.chmod(path, 0o755);
    },
    remove: (path) => files.rm(path, { force: true }),
    list: async (path) => ((await files.exists(path)) ? files.readdir(path) : []),
  };
  /** A device by its path or its node: a volume is shown by its name and has a number for a node. */
  const deviceAt = (path: string, how: 'by-kernel' | 'by-any' = 'by-any') =>
    flat(blockTree(fleet, machine)).find(
      ({ path: own, kname, links }) =>
        own === path ||
        `/dev/${kname}` === path ||
        (how === 'by-any' && links?.includes(path) === true),
    );
  /** Programs are given the kernel's names of disks: they look where udev's links lead. */
  const led = (args: readonly string[]): Promise<string[]> =>
    Promise.all(
      args.map(async (arg) => {
        // dd(1) has its words behind a key.
        const [, key = '', name = arg] = /^(if=)(\/.*)$/.exec(arg) ?? [];
        const isName = /^\/dev\/(?:disk\/by-|drbd\/by-|mapper\/|dm-|vg)/.test(name);
        const path = isName && (await files.exists(name)) ? await files.realpath(name) : name;
        // A link into /dev/zvol is the only name by which a volume's image is known: it stays.
        return key + (deviceAt(path, 'by-kernel')?.path ?? path);
      }),
    );
  const never = new AbortController().signal;
  /** What a program is given, and whatever it runs in turn. */
  const callIn = (which: Shell) => ({
    fleet,
    machine,
    files: seen,
    run: (argv: readonly string[]) => inShell(which, quoteAll(argv), '', never),
  });
  const byItself = { ...callIn('unheard'), args: [], input: '', signal: never };
  installSystem(machine, {
    start: () => boot(byItself),
    stop: () => shutDown(byItself),
    run: (argv, input, signal) => runIn('heard', argv, input, signal),
  });

  const started = async (
    program: Program,
    given: Pick<Call, 'args' | 'input' | 'signal'> & { readonly name: string },
    which: Shell,
  ) => {
    const { name, args, input, signal } = given;
    if (machine.stuck.has(name)) await aborted(signal);
    followMounts();
    const ran = await program({ ...callIn(which), args: await led(args), input, signal });
    followMounts();
    return ran;
  };
  const bashWith = (programs: ReadonlyMap<string, Program>, which: Shell) =>
    new justBash.Bash({
      fs: files,
      ...(which === 'unheard' && { sleep: (ms) => fleet.clock.sleep(ms, never) }),
      cwd: '/root',
      env: {
        PATH,
        HOME: '/root',
        USER: 'root',
        LC_ALL: 'C',
        SSH_CONNECTION: `${GATEWAY} 50022 ${machine.address} 22`,
      },
      // Its guard replaces globals of the process, in which the console runs as well.
      defenseInDepth: false,
      executionLimits: { maxExecutionTimeMs: 600_000 },
      processInfo: { pid: 4711, ppid: 4710, uid: 0, gid: 0 },
      customCommands: [
        ...extraCommands(justBash),
        ...fileCommands(justBash, (path) => deviceAt(path) !== undefined),
        ...backgroundCommands(justBash, own, (argv, signal) =>
          runIn('unheard', isSideWork(argv) ? ['setsid', ...argv] : argv, '', signal),
        ),
        ...[...programs].map(([name, program]) =>
          justBash.defineCommand(name, async (args, { stdin, signal = never }) => {
            const input = justBash.decodeBytesToUtf8(stdin);
            const ran = await started(program, { name, args, input, signal }, which);
            return { stdout: ran.stdout, stderr: ran.stderr, exitCode: ran.exit };
          }),
        ),
      ],
    });

  let known = '';
  let shells: Partial<Record<Shell, Bash>> = {};
  /** A package that was installed or taken away changes what the shells can start. */
  const shell = (which: Shell): Bash => {
    const programs = startPrograms();
    const now = [...programs.keys()].join(' ');
    if (now !== known) {
      shells = {};
      known = now;
    }
    const made = shells[which] ?? bashWith(programs, which);
    if (!shells[which]) restorePrograms();
    shells[which] = made;
    return made;
  };
  /** just-bash puts files of its own in the places of programs. */
  const restorePrograms = () => {
    const brought = Object.entries({ ...firstFiles(fleet, machine), ...packageFiles(machine) });
    for (const [path, text] of brought) {
      if (path.startsWith('/usr/bin/')) own.writeFileSync(path, text);
    }
  };

  /** Nodes and links of devices that come and go with the roll's images. */
  const showMapped = () => {
    const { gone, nodes, links } = mapFiles(fleet, machine);
    for (const path of gone) void own.rm(path, { force: true });
    for (const path of nodes) own.writeFileSync(path, '');
    for (const [path, target] of links) {
      own.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
      void own.symlink(target, path);
    }
  };

  const script = (text: string, input: string, signal: AbortSignal): Promise<Ran> => {
    const [, left] = /^(\([^]*\)) >\/dev\/null 2>&1 &$/.exec(text.trim()) ?? [];
    if (left === undefined) return inShell('heard', text, input, signal);
    void inShell('unheard', left, '', never);
    return Promise.resolve({ stdout: '', stderr: '', exit: 0 });
  };

  const inShell = async (
    which: Shell,
    text: string,
    input: string,
    signal: AbortSignal,
  ): Promise<Ran> => {
    followMounts();
    const devices = deviceFiles(fleet, machine);
    showMapped();
    // All begun before anything is waited for: what runs beside this sees them as well.
    await Promise.all(
      devices.links.map(([path, target]) => {
        own.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
        return own.symlink(target, path);
      }),
    );
    for (const path of devices.gone) await files.rm(path, { force: true, recursive: true });
    for (const [path, content] of [...liveFiles(fleet, machine), ...devices.files]) {
      if (content === undefined) await files.rm(path, { force: true, recursive: true });
      else own.writeFileSync(path, content);
    }
    // Each command of a script listens for itself: that is many, and no leak.
    setMaxListeners(0, signal);
    const result = await shell(which).exec(knownTests(text), {
      stdin: input,
      signal,
      rawScript: true,
    });
    return {
      stdout: textOf(result.stdout, result.stdoutEncoding),
      stderr: inShellsWords(machine, result.stderr),
      exit: result.exitCode,
    };
  };

  const inLine = (which: Shell, text: string, input: string, signal: AbortSignal): Promise<Ran> =>
    which === 'heard' ? script(text, input, signal) : inShell(which, text, input, signal);

  const runIn = async (
    which: Shell,
    argv: readonly string[],
    input: string,
    signal: AbortSignal,
  ): Promise<Ran> => {
    const [name = '', ...args] = argv;
    const program = startPrograms().get(name.split('/').at(-1) ?? '');
    if (program) return started(program, { name, args, input, signal }, which);
    const [flag, body] = args;
    if ((name === 'sh' || name === 'bash') && flag === '-c' && body !== undefined) {
      // What follows the script is its $0 and its arguments.
      const words = args.slice(3);
      const given = words.length > 0 ? `set -- ${quoteAll(words)}\n` : '';
      return inLine(which, given + body, input, signal);
    }
    return inLine(which, quoteAll(argv), input, signal);
  };

  return { script, run: (argv, input, signal) => runIn('heard', argv, input, signal) };
}

/**
 * just-bash's files are never devices, so `[ -b X ]` is asked of a command that knows the machine's
 * disks; and its `sh` knows no `-n`.
 */
function knownTests(script: string): string {
  return asInShells(inBackground(script))
    .replace(/\[ -b ("[^"]*"|\S+) \]/g, 'is-block-device $1')
    .replace(/^test -b ('[^']*'|\S+)$/gm, 'is-block-device $1')
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
