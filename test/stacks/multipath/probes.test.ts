import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../../source/core/host.js';
import { quoteAll } from '../../../source/core/quote.js';
import { mapsProbe, sessionsProbe } from '../../../source/stacks/multipath/probes.js';

const SHOW = 'multipathd show maps json';
const LIST = 'multipath -ll';

/** A host that gives these answers, and remembers what it was asked. */
function hostSaying(answers: Readonly<Record<string, Partial<Outcome & { kind: 'exited' }>>>) {
  const asked: string[] = [];
  const host: Reader = {
    name: 'fiori',
    run: ({ argv }) => {
      const line = quoteAll(argv);
      asked.push(line);
      const missing = { code: 127, stderr: `${line}: not found` };
      const answer = answers[line] ?? missing;
      return Promise.resolve({ kind: 'exited', code: 0, stdout: '', stderr: '', ...answer });
    },
  };
  return { host, asked };
}

const MAP = "m (3600) dm-0 LAB,DISCO\nsize=1G features='0' hwhandler='0' wp=rw\n";

test('the daemon is asked first, and nobody else when it answers', async () => {
  const { host, asked } = hostSaying({ [SHOW]: { stdout: '{"maps":[{"name":"m"}]}\n' } });
  const answer = await mapsProbe.read(host);
  assert.deepEqual(asked, [SHOW]);
  assert.ok(answer.kind === 'value');
  assert.deepEqual([answer.value.daemon, answer.value.maps.length], ['running', 1]);
});

test('a daemon that is stopped exits 1 in silence; multipath is asked instead', async () => {
  const { host } = hostSaying({ [SHOW]: { code: 1 }, [LIST]: { stdout: MAP } });
  const answer = await mapsProbe.read(host);
  assert.ok(answer.kind === 'value');
  assert.deepEqual([answer.value.daemon, answer.value.maps[0]?.alias], ['stopped', 'm']);
});

test('a daemon too old for JSON runs all the same', async () => {
  const old = 'CLI commands reference:\n list|show paths\n';
  const { host } = hostSaying({ [SHOW]: { stdout: old }, [LIST]: { stdout: MAP } });
  const answer = await mapsProbe.read(host);
  assert.ok(answer.kind === 'value');
  assert.equal(answer.value.daemon, 'running');
});

test('a broken configuration is heard although everything exits with 0', async () => {
  const stderr = [
    '155.181840 | /etc/multipath.conf line 3, invalid keyword in the defaults section: find_multipath',
    "155.187500 | missing '}' at end of /etc/multipath.conf",
    'Nov 20 19:02:28 | multipath.conf +5, invalid keyword: selector',
    'Nov 20 19:02:28 | sdc: alua not supported',
  ].join('\n');
  const { host } = hostSaying({ [SHOW]: { stdout: '{"maps":[]}\n', stderr } });
  const answer = await mapsProbe.read(host);
  assert.ok(answer.kind === 'value');
  assert.deepEqual(answer.value.said, {
    complaints: [
      '/etc/multipath.conf line 3, invalid keyword in the defaults section: find_multipath',
      "missing '}' at end of /etc/multipath.conf",
      'multipath.conf +5, invalid keyword: selector',
    ],
    other: ['sdc: alua not supported'],
  });
});

test('without root it is said what is missing; without multipath that it is absent', async () => {
  const refused = { code: 1, stderr: 'need to be root\n' };
  const answer = await mapsProbe.read(hostSaying({ [SHOW]: refused, [LIST]: refused }).host);
  assert.ok(answer.kind === 'failed');
  assert.match(answer.failure.todo, /root/);
  const absent = await mapsProbe.read(hostSaying({}).host);
  assert.deepEqual(absent, { kind: 'absent', because: 'multipath is not installed' });
});

test('where the long list of sessions fails the short one serves', async () => {
  const { host } = hostSaying({
    'iscsiadm -m session -P 3': { code: 20, stderr: 'iscsiadm: can not connect to iSCSI daemon' },
    'iscsiadm -m session': { stdout: 'tcp: [2] 192.0.2.2:3260,1 iqn.x (non-flash)\n' },
  });
  const answer = await sessionsProbe.read(host);
  assert.ok(answer.kind === 'value');
  assert.deepEqual(
    answer.value.map((session) => session.portal),
    ['192.0.2.2:3260'],
  );
});

test('no session at all is an answer, not a failure', async () => {
  const none = { code: 21, stderr: 'iscsiadm: No active sessions.\n' };
  const answer = await sessionsProbe.read(hostSaying({ 'iscsiadm -m session -P 3': none }).host);
  assert.deepEqual(answer, { kind: 'value', value: [], unread: [] });
});
