import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../../source/core/host.js';
import type { Failure } from '../../../source/core/failure.js';
import type { Answer, Reading } from '../../../source/core/probe.js';
import { diagnose } from '../../../source/stacks/ceph/diagnose.js';
import { statusProbe } from '../../../source/stacks/ceph/probes.js';
import type { CephStatus } from '../../../source/stacks/ceph/read/status.js';
import { RECORDED_AT } from '../../support/recordings.js';
import { fresh, nowOf, said, stale } from './views.js';

function answering(outcome: Outcome): Reader {
  return { name: 'stor1', run: () => Promise.resolve(outcome) };
}

function ended(code: number, stderr: string): Promise<Answer<CephStatus>> {
  return statusProbe.read(answering({ kind: 'exited', code, stdout: '', stderr }));
}

async function failureOf(code: number, stderr: string): Promise<Failure> {
  const answer = await ended(code, stderr);
  assert.ok(answer.kind === 'failed');
  return answer.failure;
}

test('a monitor that does not answer is said as such, not as a time-out', async () => {
  const failure = await failureOf(1, 'timed out\n');
  assert.equal(failure.what, 'no Ceph monitor answers');
  assert.equal(failure.where, 'stor1');
  assert.match(failure.means, /majority.*Ceph says: timed out/s);
});

test('a missing keyring is told from a refused key', async () => {
  const missing = await failureOf(
    1,
    'auth: unable to find a keyring on /etc/ceph/x: (2) No such file or directory\n[errno 2] RADOS object not found (error connecting to the cluster)\n',
  );
  assert.equal(missing.what, 'there is no key for Ceph on this host');
  const refused = await failureOf(
    13,
    '[errno 13] RADOS permission denied (error connecting to the cluster)\n',
  );
  assert.equal(refused.what, 'the Ceph monitors refuse the key of this host');
});

test('a host without a configuration of Ceph is no host of Ceph', async () => {
  const answer = await ended(
    1,
    "Error initializing cluster client: ObjectNotFound('RADOS object not found (error calling conf_read_file)')\n",
  );
  assert.equal(answer.kind, 'absent');
  assert.equal((await ended(127, 'ceph: not found')).kind, 'absent');
});

test('a failure with words that are not known is told by its exit code', async () => {
  const failure = await failureOf(22, 'Error EINVAL: invalid command');
  assert.match(failure.what, /exit code 22/);
  assert.match(failure.means, /EINVAL/);
});

async function failed(host: string, code: number, stderr: string): Promise<Reading<CephStatus>> {
  const failure = { ...(await failureOf(code, stderr)), where: host };
  return { probe: statusProbe, host, asked: [], kind: 'failed', at: RECORDED_AT, failure };
}

test('no quorum is an alert that says what the quorum was', async () => {
  const failure = await failureOf(1, 'timed out\n');
  const now = nowOf([stale('stor1', said(), failure)]);
  const [finding] = diagnose(now);
  assert.ok(finding);
  assert.deepEqual([finding.code, finding.severity], ['CEPH_NO_QUORUM', 'alert']);
  assert.match(finding.says, /stor1.*mon1, mon2 and mon3/);
});

test('a host without a key is no finding while another one answers', async () => {
  const keyless = await failed('stor1', 13, 'permission denied');
  assert.deepEqual(diagnose(nowOf([keyless, fresh(statusProbe, 'stor2', said())])), []);
  assert.deepEqual(
    diagnose(nowOf([keyless])).map(({ code, hosts }) => [code, hosts]),
    [['CEPH_NO_ACCESS', ['stor1']]],
  );
});

test('a host that does not answer itself is no matter of Ceph', async () => {
  const answer = await statusProbe.read(answering({ kind: 'unreachable', reason: 'refused' }));
  assert.ok(answer.kind === 'failed');
  const base = { probe: statusProbe, host: 'stor1', asked: [], at: RECORDED_AT };
  assert.deepEqual(diagnose(nowOf([{ ...base, ...answer }])), []);
});
