import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DemoRun } from '../support/demo-run.js';

const NAMES = ['xs-1', 'xs-2', 'lfs-3'];
const ANSWERS = {
  hosts: NAMES,
  master: '10.20.0.11',
  change: ['xs-2'],
  roles: ['xs-1:master', 'xs-1:chunkserver', 'xs-2:chunkserver', 'lfs-3:chunkserver'],
};

const rules = (bench: DemoRun, host: string): Promise<string> =>
  bench.sh(host, 'iptables -S RH-Firewall-1-INPUT; cat /etc/sysconfig/iptables');

test('the master gets its name and the ports are open, verified, and all of it goes back', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  await bench.sh('xs-2', 'sed -i "s/ mfsmaster$//; s/xs-2$/xs-2 mfsmaster/" /etc/hosts');
  const before = [await rules(bench, 'xs-1'), await bench.sh('xs-2', 'cat /etc/hosts')];
  const plan = await bench.plan('lizardfs.name-and-firewall', NAMES, ANSWERS);
  const lines = bench.journal(plan);
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
  assert.match(await bench.sh('xs-2', 'getent hosts mfsmaster'), /^10\.20\.0\.11 /);
  const open = await rules(bench, 'xs-1');
  assert.equal(open.match(/--dport 94(?:19|20|21|22) -j ACCEPT/g)?.length, 8);
  assert.ok(open.indexOf('9422') < open.indexOf('-j REJECT'));
  assert.equal(lines.filter(({ kind }) => kind === 'armed').length, 2);

  const again = await bench.plan('lizardfs.name-and-firewall', NAMES, { ...ANSWERS, change: [] });
  assert.deepEqual(again.steps, []);

  assert.deepEqual(await bench.undo(lines), { kind: 'finished' });
  assert.deepEqual([await rules(bench, 'xs-1'), await bench.sh('xs-2', 'cat /etc/hosts')], before);
});

test('a run that fails in the middle stops there, and goes on once the cause is mended', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  const plan = await bench.plan('lizardfs.name-and-firewall', NAMES, { ...ANSWERS, change: [] });
  const lines = bench.journal(plan);
  // Another hand edits the file between the review and its step.
  await bench.sh(
    'xs-2',
    'cp /etc/sysconfig/iptables /tmp/kept; echo "# mine" >> /etc/sysconfig/iptables',
  );
  const end = await bench.run(lines);
  assert.match(end.kind === 'failed' ? end.failure.what : '', /changed by another hand/);
  assert.match(await rules(bench, 'xs-2'), /-A RH-Firewall-1-INPUT .*9422 -j ACCEPT/);
  await bench.sh('xs-2', 'cp /tmp/kept /etc/sysconfig/iptables');
  assert.deepEqual(await bench.run(lines), { kind: 'finished' });
  assert.equal((await rules(bench, 'xs-2')).match(/9422 -j ACCEPT/g)?.length, 2);
});

test('a rule that shuts the console out is put back by the machine itself', async (t) => {
  const bench = await DemoRun.begin(t, 'calm');
  const plan = await bench.plan('lizardfs.name-and-firewall', NAMES, { ...ANSWERS, change: [] });
  const [first] = plan.steps;
  assert.equal(first?.kind, 'host.guarded-change');
  const rule = '-p tcp -m tcp --dport 22 -j DROP';
  const params = {
    title: 'shut everybody out',
    on: 'the firewall',
    commands: [
      { argv: ['iptables-restore', '--noflush'], input: `*filter\n-I INPUT 1 ${rule}\nCOMMIT\n` },
    ],
    shows: { argv: ['sh', '-c', `iptables -C INPUT ${rule} && echo shut`], expect: 'shut' },
    undo: { says: 'open it', argv: ['sh', '-c', `iptables -D INPUT ${rule}; true`] },
    seconds: 10,
  };
  const lines = bench.journal({ ...plan, basis: [], steps: [{ ...first, params }] });
  const end = await bench.run(lines);
  assert.match(
    end.kind === 'failed' ? end.failure.what : '',
    /no new connection to xs-1 .*has put it back/,
  );
  assert.doesNotMatch(await bench.sh('xs-1', 'iptables -S INPUT'), /DROP/);
});
