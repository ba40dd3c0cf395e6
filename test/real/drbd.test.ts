import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import { execa } from 'execa';
import type { Exchange, Outcome, Reader } from '../../source/core/host.js';
import { Now, type HostState, type Reading } from '../../source/core/probe.js';
import { SBIN_PATH } from '../../source/core/batch.js';
import { quoteAll, splitWords } from '../../source/core/quote.js';
import { drbd } from '../../source/stacks/drbd/index.js';

/** The two virtual machines with a real kernel and a real DRBD, in whatever state they are. */
const NODES = ['fiori', 'torchio'];
const root = fileURLToPath(new URL('../../../', import.meta.url));
const lab = `${process.env.HOLDFAST_LAB ?? `${root}../shared/lab`}/kernel/lab`;

/** How ssh is called for a machine; undefined if it does not answer. */
async function findSsh(node: string): Promise<readonly string[] | undefined> {
  const { stdout } = await execa(lab, ['sshcmd', node], { reject: false });
  const words = splitWords(stdout.trim()).map(({ word }) => word);
  const [program = 'ssh', ...rest] = words;
  const { exitCode } = await execa(program, [...rest, 'true'], { reject: false, timeout: 10_000 });
  return exitCode === 0 ? words : undefined;
}

const found = new Map<string, Promise<readonly string[] | undefined>>();

function sshTo(node: string): Promise<readonly string[] | undefined> {
  const known = found.get(node) ?? findSsh(node);
  found.set(node, known);
  return known;
}

async function whySkipped(): Promise<string | false> {
  if (!existsSync(lab)) return `no lab at ${lab} (set HOLDFAST_LAB)`;
  for (const node of NODES) {
    if ((await sshTo(node)) === undefined) return `${node} does not answer: \`${lab} up\``;
  }
  return false;
}

const skip = await whySkipped();
if (skip !== false) console.error(`SKIPPED the real DRBD: ${skip}`);

const asked: Exchange[] = [];

async function reader(name: string): Promise<Reader> {
  const [program = 'ssh', ...words] = (await sshTo(name)) ?? [];
  return {
    name,
    run: async (command) => {
      const line = `LC_ALL=C PATH=${SBIN_PATH}:$PATH; export LC_ALL PATH; ${quoteAll(command.argv)}`;
      const at = Date.now();
      const done = await execa(program, [...words, line], {
        reject: false,
        timeout: 30_000,
        stdin: 'ignore',
        stripFinalNewline: false,
      });
      const outcome: Outcome = {
        kind: 'exited',
        code: done.exitCode ?? 255,
        stdout: done.stdout,
        stderr: done.stderr,
      };
      asked.push({ host: name, command, outcome, at, took: Date.now() - at });
      return outcome;
    },
  };
}

async function readAll(): Promise<Now> {
  const readings: Reading<unknown>[] = [];
  await Promise.all(
    NODES.map(async (host) => {
      const from = await reader(host);
      for (const probe of drbd.probes) {
        const answer = await probe.read(from);
        const base = { probe, host, at: Date.now(), asked: asked.filter((e) => e.host === host) };
        if (answer.kind === 'value') {
          readings.push({ ...base, kind: 'fresh', value: answer.value, unread: answer.unread });
        } else readings.push({ ...base, ...answer });
      }
    }),
  );
  const states = NODES.map((name): HostState => {
    return { name, target: name, phase: 'up', since: 0, stacks: ['drbd'] };
  });
  return new Now(Date.now(), states, readings);
}

async function isLoaded(node: string): Promise<boolean> {
  const outcome = await (
    await reader(node)
  ).run({ argv: ['test', '-e', '/proc/drbd'], effect: 'reads', deadline: 8000 });
  return outcome.kind === 'exited' && outcome.code === 0;
}

let loaded: readonly boolean[] = [];
let now: Now | undefined;

before(async () => {
  if (skip !== false) return;
  loaded = await Promise.all(NODES.map(isLoaded));
  now = await readAll();
});

test('every question to a real DRBD is answered and read to the last line', { skip }, () => {
  for (const probe of drbd.probes) {
    for (const reading of now?.of(probe) ?? []) {
      const where = `${reading.host} ${probe.id}`;
      assert.equal(reading.kind, 'fresh', `${where}: ${JSON.stringify(reading)}`);
      assert.deepEqual(reading.unread, [], where);
    }
  }
});

test('looking at a host does not load the DRBD module', { skip }, async () => {
  assert.deepEqual(await Promise.all(NODES.map(isLoaded)), loaded);
});

test('what the kernel shows is drawn with its name, and judged with proof', { skip }, () => {
  assert.ok(now);
  const { rows } = drbd.pane.draw(now);
  if (loaded.some((is) => is)) assert.ok(rows.every(({ id }) => !/^drbd\d+$/.test(id)));
  for (const finding of drbd.diagnose(now)) {
    assert.notEqual(finding.code, 'DRBD_UNKNOWN_STATE');
    if (/SPLIT|STANDALONE|SYNC/.test(finding.code)) assert.ok(finding.evidence.length > 0);
  }
});
