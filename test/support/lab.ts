import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { SBIN_PATH } from '../../source/core/batch.js';
import { FailureError } from '../../source/core/failure.js';
import type { Host, Outcome } from '../../source/core/host.js';
import { quoteAll, splitWords } from '../../source/core/quote.js';
import { claimRun } from '../../source/engine/run/claim-run.js';
import { shellHost } from '../../source/transport/runner.js';
import { labShell } from './lab-shell.js';

/** The two virtual machines with a real kernel. */
export const LAB_NODES = ['fiori', 'torchio'] as const;

export type LabNode = (typeof LAB_NODES)[number];

/** States of both machines: those of the lab, and those that a test saves for itself. */
export type Scene = 'clean' | 'drbd' | 'sb' | 'ocfs2' | 'iscsi' | 'lvm' | `test-${string}`;

/** All machines of the lab, as its tool lists them: the two, and more where it has more. */
export async function labNodes(): Promise<readonly string[]> {
  if (!existsSync(tool)) return [];
  return (await lab('status')).split('\n').flatMap((line) => {
    const [name = ''] = line.trim().split(' ');
    return name === '' ? [] : [name];
  });
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const tool = `${process.env.HOLDFAST_LAB ?? `${root}../shared/lab`}/kernel/lab`;

/** Runs the lab's own tool: `cut a`, `heal all`. Rejects if it fails. */
export async function lab(...words: readonly string[]): Promise<string> {
  return (await execa(tool, words, { timeout: 300_000, stdin: 'ignore' })).stdout;
}

let giveBack: (() => Promise<void>) | undefined;

/** A state that a test makes of another one, and saves for all files that begin from it. */
export interface Made {
  readonly from: Scene;
  readonly name: string;
  /** What makes it, as a text: where that changed, the state is made anew. */
  readonly by: string;
  readonly make: () => Promise<void>;
}

/**
 * Puts both machines into a saved state and keeps them for this process until `leaveLab`: tests of
 * other files wait for them. Nothing has to be cleaned up, since every file begins by this.
 *
 * @returns why the machines cannot be had, for node:test's `skip`; false: they can
 */
export async function enterLab(scene: Scene | Made, what: string): Promise<string | false> {
  const why = (await whyNoLab()) || (await load(scene));
  if (why !== false) {
    console.error(`SKIPPED ${what}: ${why}`);
    await leaveLab();
  }
  return why;
}

async function whyNoLab(): Promise<string | false> {
  if (!existsSync(tool)) return `no lab at ${tool} (set HOLDFAST_LAB)`;
  // While another test loads a state, the machines are down.
  giveBack ??= await claim();
  const status = await lab('status').catch(() => '');
  const listed = status.split('\n').map((line) => line.split(' '));
  const down = [...LAB_NODES, ...listed.map(([node = '']) => node)].find((node) => {
    return !listed.some(([name, word]) => name === node && word === 'pid');
  });
  return down === undefined ? false : `${down} is down: \`lab up\``;
}

/** Puts the machines, which this process has, into another saved state; says why it cannot. */
export async function load(scene: Scene | Made): Promise<string | false> {
  return typeof scene === 'string' ? loadSaved(scene) : loadMade(scene);
}

async function loadMade({ from, name, by, make }: Made): Promise<string | false> {
  const sum = createHash('sha256').update(by).digest('hex').slice(0, 8);
  const scene = `test-${name}-${sum}` as const;
  if (await isSaved(scene)) return loadSaved(scene);
  const why = await loadSaved(from);
  if (why !== false) return why;
  await make();
  await save(scene);
  return false;
}

async function isSaved(scene: Scene): Promise<boolean> {
  const states = await lab('states');
  return states.split('\n').some((line) => line.trim().split(/\s+/)[1] === scene);
}

async function loadSaved(scene: Scene): Promise<string | false> {
  if (!(await isSaved(scene))) {
    const how = scene === 'clean' ? 'lab save clean' : `lab scene ${scene}`;
    return `there is no saved state ${scene}: \`${how}\``;
  }
  await closeConnections();
  // The lab gives up on a machine that takes longer than five seconds to log in to.
  for (let tries = 1; ; tries += 1) {
    try {
      await lab('load', scene);
      break;
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
  // A link that a test left cut stays cut: it is no part of a machine's state.
  await lab('heal', 'all');
  return false;
}

/** Saves the state of both machines as they are now, for `load`. */
export async function save(scene: `test-${string}`): Promise<void> {
  await lab('save', scene);
}

async function claim(): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await claimRun(join(tmpdir(), 'holdfast-lab.claim'), 'lab');
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      await pause(300);
    }
  }
}

/** Lets other tests have the machines. */
export async function leaveLab(): Promise<void> {
  await closeConnections();
  await giveBack?.();
  giveBack = undefined;
}

/** A shared connection to a machine: a handshake there takes a second and more. */
interface Way {
  readonly argv: readonly string[];
  readonly host: Host;
  readonly close: () => Promise<void>;
}

const ways = new Map<string, Promise<Way>>();

async function closeConnections(): Promise<void> {
  const open = [...ways.values()];
  ways.clear();
  for (const way of open) await (await way).close();
}

async function wayTo(node: string): Promise<Way> {
  const known = ways.get(node) ?? openShared(node);
  ways.set(node, known);
  return known;
}

async function openShared(node: string): Promise<Way> {
  const words = await sshWords(node);
  const [program = 'ssh', ...options] = words.slice(0, -1);
  const target = words.at(-1) ?? '';
  const socket = join(mkdtempSync(join(tmpdir(), 'hf-lab-')), 's');
  const shared = [...options, '-S', socket];
  // Its output must not be a pipe: the master that stays behind would hold it open.
  const quiet = { reject: false, stdio: 'ignore' } as const;
  await execa(program, [...shared, '-f', '-N', '-M', target], quiet);
  const argv = [program, ...shared, target];
  return {
    argv,
    host: shellHost(node, labShell(argv)),
    close: async () => {
      await execa(program, ['-S', socket, '-O', 'exit', target], quiet);
      rmSync(dirname(socket), { recursive: true, force: true });
    },
  };
}

/** The words with which the lab itself calls ssh for a machine; the last one is the target. */
export async function sshWords(node: string): Promise<readonly string[]> {
  return splitWords((await lab('sshcmd', node)).trim()).map(({ word }) => word);
}

/**
 * A machine of the lab as a host; every changing command is told to `log`. It is reached by the program's
 * own transport; but the machines are emulated and share two cores, so a late answer is no fault of theirs.
 *
 * @param patience how much longer than its deadline an answer is awaited, in ms
 */
export function labHost(
  name: string,
  log: (line: string) => void = () => undefined,
  patience = 180_000,
): Host {
  return {
    name,
    run: async (command, signal): Promise<Outcome> => {
      const { argv, effect, deadline } = command;
      const { host } = await wayTo(name);
      const outcome = await host.run({ ...command, deadline: deadline + patience }, signal);
      if (effect !== 'reads' && argv[0] !== 'sh') {
        const end = outcome.kind === 'exited' ? outcome.code : outcome.kind;
        log(`${name}: ${quoteAll(argv)} → ${end}`);
      }
      return outcome;
    },
  };
}

/** Runs a script on a machine, for what a test arranges by itself; rejects if it fails. */
export async function onLab(node: string, script: string): Promise<string> {
  const [program = 'ssh', ...words] = (await wayTo(node)).argv;
  const line = quoteAll(['sh', '-c', `PATH=${SBIN_PATH}; ${script}`]);
  const { stdout } = await execa(program, [...words, line], { timeout: 180_000, stdin: 'ignore' });
  return stdout;
}

/** The same on several machines at once. */
export async function onEach(nodes: readonly string[], script: string): Promise<readonly string[]> {
  return Promise.all(nodes.map((node) => onLab(node, script)));
}

/** The same on both machines at once. */
export async function onBoth(script: string): Promise<readonly string[]> {
  return onEach(LAB_NODES, script);
}
