import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { SBIN_PATH } from '../../source/core/batch.js';
import type { Host, Outcome } from '../../source/core/host.js';
import { quoteAll, splitWords } from '../../source/core/quote.js';

/** The two virtual machines with a real kernel and a real DRBD. */
export const LAB_NODES = ['fiori', 'torchio'];

const root = fileURLToPath(new URL('../../../', import.meta.url));
const lab = `${process.env.HOLDFAST_LAB ?? `${root}../shared/lab`}/kernel/lab`;

const found = new Map<string, Promise<readonly string[]>>();

/** How ssh is called for a machine, over one connection: a handshake there takes a second and more. */
function sshTo(node: string): Promise<readonly string[]> {
  const known = found.get(node) ?? openShared(node);
  found.set(node, known);
  return known;
}

async function openShared(node: string): Promise<readonly string[]> {
  const { stdout } = await execa(lab, ['sshcmd', node], { reject: false });
  const [program = 'ssh', ...words] = splitWords(stdout.trim()).map(({ word }) => word);
  const socket = join(mkdtempSync(join(tmpdir(), 'hf-lab-')), 's');
  const target = words.at(-1) ?? '';
  const shared = [...words.slice(0, -1), '-S', socket];
  // Its output must not be a pipe: the master that stays behind would hold it open.
  await execa(program, [...shared, '-f', '-N', '-M', target], { reject: false, stdio: 'ignore' });
  masters.push([program, '-S', socket, '-O', 'exit', target]);
  return [program, ...shared, target];
}

const masters: string[][] = [];

/** Ends the connections to the machines. */
export async function leaveLab(): Promise<void> {
  for (const [program = 'ssh', ...words] of masters) {
    await execa(program, words, { reject: false, stdio: 'ignore' });
  }
}

/** Why the machines cannot be used; false: they can. */
export async function whyNoLab(): Promise<string | false> {
  if (!existsSync(lab)) return `no lab at ${lab} (set HOLDFAST_LAB)`;
  for (const node of LAB_NODES) {
    const [program = 'ssh', ...rest] = await sshTo(node);
    const { exitCode } = await execa(program, [...rest, 'true'], {
      reject: false,
      timeout: 10_000,
    });
    if (exitCode !== 0) return `${node} does not answer: \`${lab} up\``;
  }
  return false;
}

/** A machine of the lab as a host; every changing command is told to `log`. */
export function labHost(name: string, log: (line: string) => void = () => undefined): Host {
  return {
    name,
    run: async ({ argv, effect, input, deadline }) => {
      const [program = 'ssh', ...words] = await sshTo(name);
      const line = `LC_ALL=C PATH=${SBIN_PATH}:$PATH; export LC_ALL PATH; ${quoteAll(argv)}`;
      const done = await execa(program, [...words, line], {
        reject: false,
        timeout: deadline + 20_000,
        input: input ?? '',
        stripFinalNewline: false,
      });
      const code = done.exitCode ?? 255;
      if (effect !== 'reads' && argv[0] !== 'sh') log(`${name}: ${quoteAll(argv)} → ${code}`);
      if (code === 255) return { kind: 'unreachable', reason: done.stderr };
      return { kind: 'exited', code, stdout: done.stdout, stderr: done.stderr } satisfies Outcome;
    },
  };
}

/** Runs a script on a machine, for what a test arranges by itself; rejects if it fails. */
export async function onLab(node: string, script: string): Promise<string> {
  const [program = 'ssh', ...words] = await sshTo(node);
  const line = quoteAll(['sh', '-c', `PATH=${SBIN_PATH}; ${script}`]);
  const { stdout } = await execa(program, [...words, line], { timeout: 180_000, stdin: 'ignore' });
  return stdout;
}

/** The same on both machines at once. */
export async function onBoth(script: string): Promise<readonly string[]> {
  return Promise.all(LAB_NODES.map((node) => onLab(node, script)));
}
