import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { JournalLine } from '../../source/core/journal.js';
import type { Plan } from '../../source/core/plan.js';
import { parseJournal } from '../../source/engine/run/journal-file.js';
import { onLab, sshWords, type LabNode } from './lab.js';
import { TcpGate } from './tcp-gate.js';

const bin = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));

/** What the program tells of a run with `--json`, as far as a test waits for it. */
const eventSchema = z.object({
  kind: z.string(),
  step: z.string().optional(),
  state: z.object({ kind: z.string() }).optional(),
});

/** `begun s1`, `command s1`, `done s1`, `undoing s1`. */
function instantOf(line: string): string {
  const { kind, step = '', state } = eventSchema.parse(JSON.parse(line));
  return `${state?.kind ?? kind} ${step}`;
}

/** The program in a process of its own, that reaches a machine of the lab through a gate. */
export class LabConsole {
  private constructor(
    readonly folder: string,
    readonly gate: TcpGate,
    readonly confirm: readonly string[],
  ) {}

  static async for(node: LabNode, folder: string, plan: Plan): Promise<LabConsole> {
    const words = await sshWords(node);
    const option = (flag: string) => words[words.indexOf(flag) + 1] ?? '';
    const gate = await TcpGate.before(Number(option('-p')));
    const at = (name: string) => join(folder, name);
    const key = (await onLab(node, 'cat /etc/ssh/ssh_host_ed25519_key.pub')).split(' ');
    writeFileSync(at('known_hosts'), `[127.0.0.1]:${gate.port} ${key.slice(0, 2).join(' ')}\n`);
    writeFileSync(
      at('ssh_config'),
      [
        `Host 127.0.0.1\n  Port ${gate.port}\n  User root`,
        `Host *\n  IdentityFile ${option('-i')}\n  IdentitiesOnly yes\n  IdentityAgent none`,
        `  UserKnownHostsFile ${at('known_hosts')}\n  GlobalKnownHostsFile none\n`,
      ].join('\n'),
    );
    const hosts = [{ name: node, address: '127.0.0.1' }];
    const config = { version: 1, clusters: { lab: { hosts } } };
    writeFileSync(at('config.json'), JSON.stringify(config), { mode: 0o600 });
    writeFileSync(at('plan.json'), JSON.stringify(plan), { mode: 0o600 });
    return new LabConsole(
      folder,
      gate,
      plan.confirmations.flatMap(({ word }) => ['--confirm', word]),
    );
  }

  /** Begins to carry the plan out. */
  apply(): LabRun {
    return this.#start('apply', join(this.folder, 'plan.json'), ...this.confirm);
  }

  /** Goes on with a run, the newest where none is named, or takes it back. */
  goOn(how: 'resume' | 'undo', run = this.run): LabRun {
    return this.#start(how, run);
  }

  /** The name of the newest run: the one whose journal was begun last. */
  get run(): string {
    const runs = join(this.folder, 'runs');
    const begun = (name: string) => statSync(join(runs, name)).birthtimeMs;
    const journals = readdirSync(runs).filter((name) => name.endsWith('.jsonl'));
    const newest = journals.sort((a, b) => begun(a) - begun(b)).at(-1) ?? '';
    return newest.replace('.jsonl', '');
  }

  /** What the newest run wrote down. */
  get journal(): readonly JournalLine[] {
    const text = readFileSync(join(this.folder, 'runs', `${this.run}.jsonl`), 'utf8');
    return parseJournal(text).lines;
  }

  /** What the journal last says of a step. */
  newest(step: string): string {
    return (
      this.journal.filter((line) => 'step' in line && line.step === step).at(-1)?.kind ?? 'none'
    );
  }

  #start(...argv: readonly string[]): LabRun {
    const files = ['config', 'ssh_config'].map((name) => join(this.folder, name));
    const ways = ['--config', `${files[0] ?? ''}.json`, '--ssh-config', files[1] ?? ''];
    return new LabRun(
      spawn(process.execPath, [bin, ...ways, ...argv, '--yes', '--json'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, HOLDFAST_STATE: this.folder, LANG: 'C.UTF-8' },
      }),
    );
  }
}

/** The machine was too busy to answer its keepalives: that is another fault than the one meant. */
export class TooSlow extends Error {}

/** A process that carries a run out. */
export class LabRun {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  readonly #seen = new Set<string>();
  #waiting: { readonly instant: string; readonly reached: () => void }[] = [];
  #torn = '';
  out = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, 'close');
    child.stdout?.on('data', (piece: Buffer) => this.#take(piece.toString()));
    child.stderr?.on('data', (piece: Buffer) => void (this.out += piece.toString()));
  }

  /** Resolves as soon as the run tells this; rejects where it ends before. */
  async at(instant: string): Promise<void> {
    if (this.#seen.has(instant)) return;
    const reached = new Promise<void>((resolve) => {
      this.#waiting.push({ instant, reached: resolve });
    });
    await this.until(reached, instant);
  }

  /** Waits for what comes about while the run goes on; rejects where the run ends before. */
  async until<T>(event: Promise<T>, what: string): Promise<T> {
    const reached = event.then((value) => ({ value }));
    const first = await Promise.race([reached, this.#closed]);
    if ('value' in first) return first.value;
    this.#unlessTooSlow();
    assert.fail(`it ended before ${what}: ${this.out}`);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** Resolves when it has ended, and ended with this exit code. */
  async ends(expected: number): Promise<void> {
    const [code] = await this.#closed;
    if (code === expected) return;
    this.#unlessTooSlow();
    assert.fail(`it ended with ${String(code)}: ${this.out}`);
  }

  #unlessTooSlow(): void {
    if (/silent for|took too long|timed out/.test(this.out)) throw new TooSlow();
  }

  #take(text: string): void {
    this.out += text;
    const lines = `${this.#torn}${text}`.split('\n');
    this.#torn = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('{')) continue;
      const instant = instantOf(line);
      this.#seen.add(instant);
      for (const one of this.#waiting) if (one.instant === instant) one.reached();
    }
  }
}
