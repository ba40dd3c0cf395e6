import { existsSync } from 'node:fs';
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

/** How ssh is called for a machine. */
function sshTo(node: string): Promise<readonly string[]> {
  const known =
    found.get(node) ??
    execa(lab, ['sshcmd', node], { reject: false }).then(({ stdout }) =>
      splitWords(stdout.trim()).map(({ word }) => word),
    );
  found.set(node, known);
  return known;
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
