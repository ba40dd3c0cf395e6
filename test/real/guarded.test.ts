import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../source/core/json.js';
import { temporaryFolder } from '../support/cli.js';
import { netnsMissing, networkSpace, type NetworkSpace } from '../support/netns.js';
import { sshdMissing, startSshd, type Sshd } from '../support/sshd.js';

const bin = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));
const skip = sshdMissing() || netnsMissing('ip', 'iptables', 'iptables-restore');
/** How long the host waits to be confirmed, in s: as short as the step allows. */
const SECONDS = 10;

/** A rule of the firewall that lies before all others, as a guarded change. */
function rule(text: string): Json {
  const look = `iptables -C INPUT ${text} 2>/dev/null && echo there`;
  return {
    title: 'a rule',
    on: 'the firewall',
    commands: [
      {
        argv: ['iptables-restore', '--noflush'],
        input: `*filter\n-I INPUT 1 ${text}\nCOMMIT\n`,
      },
    ],
    shows: { argv: ['sh', '-c', look], expect: 'there' },
    undo: { says: 'take the rule out', argv: ['sh', '-c', `iptables -D INPUT ${text}; true`] },
    seconds: SECONDS,
  };
}

/** A machine with a firewall of its own, and a plan of one guarded rule for it. */
class Scene {
  readonly folder: string;
  readonly #space: NetworkSpace;
  readonly #sshd: Sshd;

  static async begin(t: TestContext, nth: number, text: (port: number) => string): Promise<Scene> {
    const space = networkSpace(nth);
    t.after(() => space.remove());
    const sshd = await startSshd({ host: space.host, within: space.within });
    t.after(() => sshd.stop());
    return new Scene(t, space, sshd, text(sshd.port));
  }

  private constructor(t: TestContext, space: NetworkSpace, sshd: Sshd, text: string) {
    this.folder = temporaryFolder(t);
    this.#space = space;
    this.#sshd = sshd;
    const hosts = [{ name: 'box', address: space.host }];
    this.#write('config.json', { version: 1, clusters: { main: { hosts } } });
    this.#write('plan.json', {
      schema: 1,
      id: 'p1',
      title: 'A rule',
      cluster: 'main',
      origin: { kind: 'wizard', id: 'test.rule', answers: null },
      madeAt: '2026-11-20T14:00:00Z',
      madeBy: 'me@here',
      steps: [
        { id: 's1', kind: 'host.guarded-change', host: 'box', needs: [], params: rule(text) },
      ],
      basis: [],
      confirmations: [],
      loses: [],
      putBack: '',
      warnings: [],
    });
  }

  start(...argv: readonly string[]): ChildProcess {
    const ways = ['--config', join(this.folder, 'config.json')];
    return spawn(
      process.execPath,
      [bin, ...ways, '--ssh-config', this.#sshd.sshConfigFile, ...argv],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, HOLDFAST_STATE: this.folder, LANG: 'C.UTF-8' },
      },
    );
  }

  async run(...argv: readonly string[]) {
    const child = this.start(...argv);
    let out = '';
    const add = (piece: Buffer) => void (out += piece.toString());
    child.stdout?.on('data', add);
    child.stderr?.on('data', add);
    const closing: unknown[] = await once(child, 'close');
    return { code: closing[0], out };
  }

  apply() {
    return this.run('apply', join(this.folder, 'plan.json'), '--yes');
  }

  sh(line: string): string {
    return this.#space.sh(line);
  }

  get rules(): string {
    return this.#space.sh('iptables -S INPUT');
  }

  get journal(): { readonly name: string; readonly text: string } {
    const folder = join(this.folder, 'runs');
    const file = readdirSync(folder).find((name) => name.endsWith('.jsonl')) ?? '';
    return { name: file.replace('.jsonl', ''), text: readFileSync(join(folder, file), 'utf8') };
  }

  #write(name: string, value: Json): void {
    writeFileSync(join(this.folder, name), JSON.stringify(value), { mode: 0o600 });
  }
}

/** What lets old connections live, and no new one through. */
const walled = (port: number): string => `-p tcp --dport ${port} --syn -j DROP`;

test('a rule that lets the console in is confirmed by a new connection', { skip }, async (t) => {
  const scene = await Scene.begin(t, 1, () => '-p tcp --dport 9421 -j ACCEPT');
  const { code, out } = await scene.apply();
  assert.equal(code, 0, out);
  assert.match(scene.rules, /--dport 9421 -j ACCEPT/);
  await pause(SECONDS * 1000 + 500);
  assert.match(scene.rules, /--dport 9421 -j ACCEPT/);
  const undone = await scene.run('undo', scene.journal.name, '--yes');
  assert.equal(undone.code, 0, undone.out);
  assert.doesNotMatch(scene.rules, /9421/);
});

test('a rule that keeps every new connection out is put back by the host', { skip }, async (t) => {
  const scene = await Scene.begin(t, 2, walled);
  const { code, out } = await scene.apply();
  assert.equal(code, 2, out);
  assert.match(out, /no new connection to box came about in time[^]*the host has put it back/);
  assert.doesNotMatch(scene.rules, /DROP/);
  assert.match(scene.journal.text, /"kind":"put-back"/);
});

test(
  'an undo that keeps every new connection out is made good by the host',
  { skip },
  async (t) => {
    let behind = '';
    const scene = await Scene.begin(t, 4, (port) => {
      behind = walled(port);
      return `-p tcp --dport ${port} -j ACCEPT`;
    });
    const { code, out } = await scene.apply();
    assert.equal(code, 0, out);
    scene.sh(`iptables -A INPUT ${behind}`);
    const cut = await scene.run('undo', scene.journal.name, '--yes');
    assert.equal(cut.code, 2, cut.out);
    assert.match(cut.out, /guarded: unless a new connection confirms it within 10 s/);
    assert.match(
      cut.out,
      /no new connection to box came about in time[^]*the host has made it again/,
    );
    assert.equal(scene.rules.match(/ACCEPT/g)?.length, 2, scene.rules);
    scene.sh(`iptables -D INPUT ${behind}`);
    const undone = await scene.run('undo', scene.journal.name, '--yes');
    assert.equal(undone.code, 0, undone.out);
    assert.doesNotMatch(scene.rules, /dport/);
  },
);

test(
  'a console that is killed in the middle leaves a host that puts it back',
  { skip },
  async (t) => {
    const scene = await Scene.begin(t, 3, walled);
    const child = scene.start('apply', join(scene.folder, 'plan.json'), '--yes');
    const closed = once(child, 'close');
    while (!scene.rules.includes('DROP')) await pause(50);
    child.kill('SIGKILL');
    await closed;
    const end = Date.now() + (SECONDS + 5) * 1000;
    while (scene.rules.includes('DROP') && Date.now() < end) await pause(200);
    assert.doesNotMatch(scene.rules, /DROP/);
    // The run is found put back, and its host unlocked, when it is undone.
    const undone = await scene.run('undo', scene.journal.name, '--yes');
    assert.equal(undone.code, 0, undone.out);
    assert.match(scene.journal.text, /"kind":"put-back"/);
  },
);
