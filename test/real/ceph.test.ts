import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../source/core/host.js';
import { Now, type Answer } from '../../source/core/probe.js';
import { ceph } from '../../source/stacks/ceph/index.js';
import { healthDetailProbe, osdTreeProbe, statusProbe } from '../../source/stacks/ceph/probes.js';
import type { CephStatus } from '../../source/stacks/ceph/read/status.js';
import { fresh } from '../stacks/ceph/views.js';

/**
 * Against a real Ceph on loopback: `ceph-lab create` or `up` makes one. The tests stop and start
 * its daemons and leave it as they found it.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const lab = join(process.env.HOLDFAST_LAB ?? join(root, '../shared/lab'), 'ceph/ceph-lab');

/** Why these tests cannot run here, or undefined if they can. */
function missing(): string | undefined {
  if (!existsSync(lab)) return `no lab: ${lab} is not there (HOLDFAST_LAB)`;
  const { stdout } = spawnSync(lab, ['status'], { encoding: 'utf8' });
  const isUp = ['mon.a', 'mgr.x', 'osd.0', 'osd.1', 'osd.2'].every((daemon) =>
    new RegExp(`^${daemon} pid=\\d+ up$`, 'm').test(stdout),
  );
  return isUp ? undefined : 'the lab is not up: run `ceph-lab up`';
}

const why = missing();
if (why !== undefined) console.log(`SKIPPED, real Ceph: ${why}`);

/** Runs commands through the lab, which sets CEPH_CONF. */
const reader: Reader = {
  name: 'lab',
  run: ({ argv, deadline }) =>
    new Promise<Outcome>((resolve) => {
      const child = spawn(lab, ['sh', ...argv], {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: deadline,
      });
      const out = { stdout: '', stderr: '' };
      child.stdout.on('data', (data: Buffer) => (out.stdout += data.toString()));
      child.stderr.on('data', (data: Buffer) => (out.stderr += data.toString()));
      child.on('error', ({ message }) => resolve({ kind: 'unreachable', reason: message }));
      child.on('close', (code) =>
        resolve(
          code === null
            ? { kind: 'lost', why: 'deadline', reason: 'no answer', stdout: out.stdout }
            : { kind: 'exited', code, ...out },
        ),
      );
    }),
};

function daemon(...verb: readonly string[]): void {
  const { status, stderr } = spawnSync(lab, verb, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  assert.equal(status, 0, stderr);
}

async function value<T>(answer: Promise<Answer<T>>): Promise<T> {
  const got = await answer;
  assert.ok(got.kind === 'value', JSON.stringify(got));
  assert.deepEqual(got.unread, []);
  return got.value;
}

/** Asks until the cluster says so, for at most two minutes; `ceph -s` itself takes the time between. */
async function until(says: (status: CephStatus) => boolean): Promise<CephStatus> {
  const end = performance.now() + 120_000;
  for (;;) {
    const status = await value(statusProbe.read(reader));
    if (says(status)) return status;
    assert.ok(performance.now() < end, `the cluster stayed at ${JSON.stringify(status)}`);
  }
}

function isHealthy(status: CephStatus): boolean {
  return (
    status.health === 'HEALTH_OK' && status.osds?.up === 3 && status.manager?.available === true
  );
}

async function now(status: CephStatus): Promise<Now> {
  const detail = await value(healthDetailProbe.read(reader));
  const tree = await value(osdTreeProbe.read(reader));
  return new Now(
    Date.now(),
    [],
    [
      fresh(statusProbe, 'lab', status),
      fresh(healthDetailProbe, 'lab', detail),
      fresh(osdTreeProbe, 'lab', tree),
    ],
  );
}

function codes(at: Now): readonly string[] {
  return ceph.diagnose(at).map(({ code }) => code);
}

test('a real cluster is read whole', { skip: why }, async () => {
  const status = await until(isHealthy);
  const at = await now(status);
  assert.deepEqual(codes(at), []);
  assert.deepEqual(status.osds, { up: 3, in: 3, total: 3 });
  assert.equal(ceph.pane.summary(at).tone, 'good');
});

test(
  'a stopped OSD is found with its host, and is gone when it is back',
  { skip: why },
  async () => {
    try {
      daemon('osd-stop', '0');
      const at = await now(await until(({ osds }) => osds?.up === 2));
      const [lost] = ceph.diagnose(at);
      assert.equal(lost?.code, 'CEPH_OSD_DOWN');
      assert.equal(lost.says, '1 of 3 OSDs is down: osd.0 on stor1.');
    } finally {
      daemon('osd-start', '0');
    }
    await until(isHealthy);
  },
);

test(
  'a stopped manager is found, and its figures are drawn as not current',
  { skip: why },
  async () => {
    try {
      daemon('mgr-stop');
      const at = await now(await until(({ manager }) => manager?.available === false));
      assert.ok(codes(at).includes('CEPH_MGR_DOWN'));
      const groups = ceph.pane.draw(at).rows.find(({ id }) => id === 'pgs');
      if (groups) assert.equal(groups.tone, 'unknown');
    } finally {
      daemon('mgr-start');
    }
    await until(isHealthy);
  },
);

test(
  'without its monitor the cluster is said to have no quorum, in time',
  { skip: why },
  async () => {
    try {
      daemon('mon-stop');
      const start = performance.now();
      const answer = await statusProbe.read(reader);
      assert.ok(performance.now() - start < 9000);
      assert.ok(answer.kind === 'failed');
      assert.equal(answer.failure.what, 'no Ceph monitor answers');
    } finally {
      daemon('mon-start');
    }
    await until(isHealthy);
  },
);
