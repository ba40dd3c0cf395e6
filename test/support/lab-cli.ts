import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Json } from '../../source/core/json.js';
import { LAB_NODES, onLab, sshWords } from './lab.js';

const bin = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));

/** How a call of the program ended. */
export interface Called {
  readonly code: number | undefined;
  /** All that it said, on both streams. */
  readonly out: string;
  /** On stdout alone, such as JSON. */
  readonly stdout: string;
}

/** The program as an administrator of both machines of the lab calls it. */
export class LabCli {
  private constructor(readonly folder: string) {}

  /** A folder with its config and ways to log in. */
  static async make(): Promise<LabCli> {
    const cli = new LabCli(mkdtempSync(join(tmpdir(), 'holdfast-lab-cli-')));
    const nodes = await Promise.all(
      LAB_NODES.map(async (name) => {
        const words = await sshWords(name);
        const option = (flag: string): string => words[words.indexOf(flag) + 1] ?? '';
        const key = (await onLab(name, 'cat /etc/ssh/ssh_host_ed25519_key.pub')).split(' ');
        return { name, port: Number(option('-p')), identity: option('-i'), key };
      }),
    );
    const hosts = nodes.map(({ name, port }) => ({
      name,
      address: '127.0.0.1',
      port,
      user: 'root',
    }));
    const config = { version: 1, clusters: { lab: { hosts } } };
    cli.#write('config.json', JSON.stringify(config));
    cli.#write(
      'known_hosts',
      nodes.map(({ port, key }) => `[127.0.0.1]:${port} ${key.slice(0, 2).join(' ')}\n`).join(''),
    );
    cli.#write(
      'ssh_config',
      [
        `Host *\n  IdentityFile ${nodes[0]?.identity ?? ''}\n  IdentitiesOnly yes\n  IdentityAgent none`,
        `  UserKnownHostsFile ${cli.#at('known_hosts')}\n  GlobalKnownHostsFile none\n`,
      ].join('\n'),
    );
    return cli;
  }

  /** Calls it and waits for its end, however it ends. */
  async call(...argv: readonly string[]): Promise<Called> {
    const ways = ['--config', this.#at('config.json'), '--ssh-config', this.#at('ssh_config')];
    const { exitCode, all, stdout } = await execa(process.execPath, [bin, ...ways, ...argv], {
      reject: false,
      all: true,
      stdin: 'ignore',
      env: { HOLDFAST_STATE: this.folder, LANG: 'C.UTF-8' },
    });
    return { code: exitCode, out: all, stdout };
  }

  /** Lets a wizard make a plan from answers; gives the plan's path beside what it said. */
  async plan(wizard: string, answers: Json): Promise<Called & { readonly file: string }> {
    this.#write('answers.yaml', JSON.stringify(answers));
    const file = this.#at(`${wizard}.json`);
    const words = ['plan', wizard, '--answers', this.#at('answers.yaml'), '-o', file];
    for (let tries = 1; ; tries += 1) {
      const called = await this.call(...words);
      // An emulated machine may be late, which the program says: whoever asks then asks again.
      if (tries === 5 || !/no answer in \d+ s/.test(called.out)) return { ...called, file };
    }
  }

  /**
   * Plans by a wizard and applies it at once; the test fails with the program's own words where that
   * does not end well.
   *
   * @param confirm the words that the plan wants typed
   * @returns what applying it printed
   */
  async carryOut(wizard: string, answers: Json, confirm: readonly string[] = []): Promise<string> {
    const planned = await this.plan(wizard, answers);
    // 1: there is something to be done.
    assert.equal(planned.code, 1, planned.out);
    const words = confirm.flatMap((word) => ['--confirm', word]);
    const applied = await this.call('apply', planned.file, '--yes', ...words);
    assert.equal(applied.code, 0, applied.out);
    return applied.out;
  }

  /** Forgets all of it. */
  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #at(name: string): string {
    return join(this.folder, name);
  }

  #write(name: string, text: string): void {
    writeFileSync(this.#at(name), text, { mode: 0o600 });
  }
}
