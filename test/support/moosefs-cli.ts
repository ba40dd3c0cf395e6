import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { MooseLab } from './moosefs-lab.js';

const bin = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));

/** How a command of the program ended, and all that it said. */
export interface Said {
  readonly code: number | undefined;
  readonly text: string;
}

/** The program as its users call it, on the hosts of the lab. */
export class MooseCli {
  #plans = 0;

  constructor(private readonly lab: MooseLab) {}

  async run(...words: readonly string[]): Promise<Said> {
    const { net } = this.lab;
    const argv = [bin, '--config', net.configFile, '--ssh-config', net.sshConfigFile, ...words];
    const { exitCode, all } = await execa(process.execPath, argv, {
      reject: false,
      stdin: 'ignore',
      all: true,
      env: { HOLDFAST_STATE: net.folder, LANG: 'C.UTF-8' },
    });
    return { code: exitCode, text: all };
  }

  /** The review of a plan, and its file; the test fails where none is made. */
  async plan(
    ...words: readonly string[]
  ): Promise<{ readonly file: string; readonly text: string }> {
    const file = join(this.lab.net.folder, `plan-${(this.#plans += 1)}.json`);
    const { code, text } = await this.run(...words, '-o', file);
    assert.equal(code, 1, text);
    return { file, text };
  }

  /** What a wizard says to answers: its plan, or its faults. */
  answers(answers: unknown): string {
    const file = join(this.lab.net.folder, `answers-${(this.#plans += 1)}.json`);
    writeFileSync(file, JSON.stringify(answers));
    return file;
  }

  /** Carries a plan out to its end; what it said on the way. */
  async apply(file: string): Promise<string> {
    const { code, text } = await this.run('apply', file, '--yes');
    assert.equal(code, 0, text);
    return text;
  }
}

/** Asks again and again until it is so; fails with what was said last. */
export async function until(
  ask: () => Promise<string>,
  is: RegExp | ((said: string) => boolean),
  seconds = 180,
): Promise<string> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const said = await ask();
    if (typeof is === 'function' ? is(said) : is.test(said)) return said;
    assert.ok(performance.now() < end, `not ${String(is)} within ${seconds} s: ${said}`);
    await pause(500);
  }
}
