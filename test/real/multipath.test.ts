import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command, Outcome, Reader } from '../../source/core/host.js';
import { StorageGraph } from '../../source/core/graph.js';
import { judge } from '../../source/core/mute.js';
import { Now, type Reading } from '../../source/core/probe.js';
import { quoteAll, splitWords } from '../../source/core/quote.js';
import { multipath } from '../../source/stacks/multipath/index.js';

/**
 * Two virtual machines with a real kernel: fiori has two iSCSI paths to a disk of torchio. The
 * scene is loaded beforehand (`lab load iscsi`); where it is not, these tests say why they cannot.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = resolve(root, process.env.HOLDFAST_LAB ?? '../shared/lab');
const lab = resolve(folder, 'kernel/lab');
const HOST = 'fiori';

function runLab(...words: readonly string[]): { code: number | null; stdout: string } {
  const { status, stdout } = spawnSync(lab, words, { encoding: 'utf8', timeout: 30_000 });
  return { code: status, stdout };
}

/** Why the tests cannot run, or false if they can. */
function missing(): string | false {
  if (!existsSync(lab)) return `there is no ${lab}; set HOLDFAST_LAB`;
  if (runLab('ssh', HOST, 'true').code !== 0) return 'the virtual machines do not answer: lab up';
  const maps = runLab('ssh', HOST, 'multipathd show maps json').stdout;
  return maps.includes('"dev" : "sda"') ? false : 'the scene is not loaded: lab load iscsi';
}

/** The machine over ssh, one session a command. */
function machine(): Reader {
  const [program = 'ssh', ...flags] = splitWords(runLab('sshcmd', HOST).stdout.trim()).map(
    ({ word }) => word,
  );
  return {
    name: HOST,
    run: ({ argv, deadline }: Command) =>
      new Promise<Outcome>((done) => {
        const line = `PATH=$PATH:/usr/sbin:/sbin LC_ALL=C; export PATH LC_ALL; ${quoteAll(argv)}`;
        const child = spawn(program, [...flags, line], {
          stdio: ['ignore', 'pipe', 'pipe'],
          timeout: deadline,
        });
        let stdout = '';
        let stderr = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
        child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
        child.on('error', ({ message }) => done({ kind: 'unreachable', reason: message }));
        child.on('close', (code) => {
          if (code !== null) done({ kind: 'exited', code, stdout, stderr });
          else done({ kind: 'lost', why: 'deadline', reason: 'no answer', stdout });
        });
      }),
  };
}

async function look(host: Reader): Promise<Now> {
  const at = Date.now();
  const readings = await Promise.all(
    multipath.probes.map(async (probe): Promise<Reading<unknown>> => {
      const answer = await probe.read(host);
      const base = { probe, host: HOST, asked: [], at };
      return answer.kind === 'value'
        ? { ...base, ...answer, kind: 'fresh' }
        : { ...base, ...answer };
    }),
  );
  const state = { target: HOST, phase: 'up', since: at, stacks: ['multipath'] } as const;
  return new Now(at, [{ name: HOST, ...state }], readings);
}

function codes(now: Now): string[] {
  return multipath.diagnose(now).map(({ code, subject }) => `${code} ${subject}`);
}

/** Looks again and again, as the console does, until it sees this. */
async function until(host: Reader, seen: (now: Now) => boolean): Promise<Now> {
  const end = Date.now() + 90_000;
  for (;;) {
    const now = await look(host);
    if (seen(now)) return now;
    assert.ok(Date.now() < end, `after 90 s there is still: ${codes(now).join(', ') || 'nothing'}`);
  }
}

const reason = missing();
if (reason !== false) console.log(`SKIPPED, multipath on a real kernel: ${reason}`);

before(() => {
  if (reason === false) runLab('heal', 'all');
});

test('a real map with two paths is read whole and is healthy', { skip: reason }, async () => {
  const host = machine();
  const now = await until(
    host,
    (n) => codes(n).length === 0 && multipath.pane.metrics(n)[0]?.value === 2,
  );
  for (const probe of multipath.probes) {
    for (const reading of now.known(probe)) assert.deepEqual(reading.unread, [], probe.id);
  }
  const [map, first] = multipath.pane.draw(now).rows;
  assert.equal(map?.cells[2]?.text, '2/2');
  assert.equal(map.cells[5]?.text, '512 MiB');
  assert.match(first?.cells[0]?.text ?? '', /^\d+:0:0:1 sd[ab]$/);
  assert.match(first?.cells[4]?.text ?? '', /^192\.0\.2\.\d+:3260$/);
});

test(
  'a link that is cut is one cause with the lost path beneath it, and heals',
  { skip: reason },
  async () => {
    const host = machine();
    runLab('cut', 'b');
    try {
      const now = await until(host, (n) => {
        const seen = codes(n).join();
        return seen.includes('LAST_PATH') && seen.includes('PORTAL_DOWN');
      });
      const judged = judge(multipath.diagnose(now), new StorageGraph([multipath.graph(now)]));
      const portal = 'MULTIPATH_PORTAL_DOWN/192.0.2.130:3260';
      assert.deepEqual(
        judged.map(({ finding, severity, causedBy }) => [finding.code, severity, causedBy]),
        [
          ['MULTIPATH_LAST_PATH', 'alert', portal],
          ['MULTIPATH_PORTAL_DOWN', 'alert', undefined],
        ],
      );
    } finally {
      runLab('heal', 'b');
    }
    await until(host, (n) => codes(n).length === 0);
  },
);
