import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Json } from '../../source/core/json.js';
import type { Demo } from '../../source/demo/index.js';
import { demoFor } from './demo.js';

const bin = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));

/** The program as an administrator of a simulated fleet calls it, over SSH. */
export class DemoCli {
  private constructor(
    readonly demo: Demo,
    readonly folder: string,
  ) {}

  static async begin(t: TestContext, scenario: string): Promise<DemoCli> {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-demo-cli-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const cli = new DemoCli(await demoFor(t, scenario), folder);
    // How each is reached stands in the fleet's own ssh_config.
    const hosts = cli.demo.cluster.hosts.map(({ name }) => ({ name, address: name }));
    cli.#write('config.json', JSON.stringify({ version: 1, clusters: { demo: { hosts } } }));
    return cli;
  }

  /** Calls it and waits for its end, which must be by this exit code; gives all that it said. */
  async call(code: number, ...argv: readonly string[]): Promise<string> {
    const ways = [
      ...['--config', this.at('config.json')],
      ...['--ssh-config', this.demo.sshConfigFile],
    ];
    const { exitCode, all } = await execa(process.execPath, [bin, ...ways, ...argv], {
      reject: false,
      all: true,
      stdin: 'ignore',
      env: { HOLDFAST_STATE: this.folder, LANG: 'C.UTF-8' },
    });
    assert.equal(exitCode, code, all);
    return all;
  }

  /** Keeps answers for `plan --answers`, and says where. */
  answers(answers: Json): string {
    this.#write('answers.yaml', JSON.stringify(answers));
    return this.at('answers.yaml');
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  #write(name: string, text: string): void {
    writeFileSync(this.at(name), text, { mode: 0o600 });
  }
}
