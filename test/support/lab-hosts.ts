import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { SBIN_PATH } from '../../source/core/batch.js';
import type { Host } from '../../source/core/host.js';
import { quoteAll, splitWords } from '../../source/core/quote.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const lab = `${process.env.HOLDFAST_LAB ?? `${root}../shared/lab`}/kernel/lab`;

const socket = join(tmpdir(), 'holdfast-lab-%C');

/** A virtual machine with a real kernel as a host that can be changed, or why there is none. */
export async function labHost(name: string): Promise<Host | string> {
  if (!existsSync(lab)) return `no lab at ${lab} (set HOLDFAST_LAB)`;
  const { stdout } = await execa(lab, ['sshcmd', name], { reject: false });
  const [program = 'ssh', ...given] = splitWords(stdout.trim()).map(({ word }) => word);
  // One login for all: an emulated machine takes seconds for each.
  const shared = ['ControlMaster=auto', 'ControlPersist=60', `ControlPath=${socket}`];
  const words = [
    '-o',
    'ConnectTimeout=25',
    ...shared.flatMap((option) => ['-o', option]),
    ...given,
  ];
  const login = [...words, 'true'];
  // Its output is not awaited: the shared connection keeps it open.
  const { exitCode } = await execa(program, login, {
    reject: false,
    timeout: 30_000,
    stdio: 'ignore',
  });
  if (exitCode !== 0) return `${name} does not answer: \`${lab} up\``;
  return {
    name,
    run: async ({ argv, input = '', deadline }) => {
      const line = `LC_ALL=C PATH=${SBIN_PATH}:$PATH; export LC_ALL PATH; ${quoteAll(argv)}`;
      const done = await execa(program, [...words, line], {
        reject: false,
        timeout: deadline,
        input,
        stripFinalNewline: false,
      });
      const { stdout: said, stderr } = done;
      if (done.timedOut) {
        return { kind: 'lost', why: 'deadline', reason: 'no answer in time', stdout: said };
      }
      return { kind: 'exited', code: done.exitCode ?? 255, stdout: said, stderr };
    },
  };
}

/** A machine's disk that nobody needs, with a shell of the machine to prepare it. */
export class SpareDisk {
  readonly #machine: Host | string;

  constructor(
    machine: Host | string,
    readonly device: string,
  ) {
    this.#machine = machine;
  }

  get host(): Host {
    if (typeof this.#machine === 'string') throw new Error(this.#machine);
    return this.#machine;
  }

  /** What a script printed on both streams; how its commands ended is not looked at. */
  async sh(script: string): Promise<string> {
    const argv = ['sh', '-c', script];
    const outcome = await this.host.run({ argv, effect: 'changes', deadline: 90_000 });
    if (outcome.kind !== 'exited') throw new Error(outcome.reason);
    return `${outcome.stdout}${outcome.stderr}`.trim();
  }

  /** Makes the disk as it was when it was new, its end included, where GPT keeps a copy. */
  async blank(): Promise<void> {
    const { device: d } = this;
    await this.sh(
      [
        `umount ${d} 2>/dev/null; swapoff ${d} 2>/dev/null`,
        `[ -b ${d}1 ] && wipefs -aq ${d}1; wipefs -aq ${d}`,
        `dd if=/dev/zero of=${d} bs=1M count=4 status=none; blockdev --rereadpt ${d}`,
        'udevadm settle',
      ].join('; '),
    );
  }
}
