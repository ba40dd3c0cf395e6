import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkDiskId } from '../../source/cli/commands/disk-id.js';
import { MarkCli } from '../support/mark-cli.js';

test('disks are protected, listed, and protected no longer', async (t) => {
  const cli = new MarkCli(t);
  assert.match((await cli.run(['never-touch'])).out, /protects no disk but those/);
  const added = await cli.run([
    'never-touch',
    'add',
    '/dev/disk/by-id/ata-X_1',
    '0x5000c500a1b2c3d4',
  ]);
  assert.deepEqual([added.code, added.err], [0, '']);
  await cli.run(['never-touch', 'add', 'ata-X_1']);
  assert.equal((await cli.run(['never-touch'])).out, 'ata-X_1\n0x5000c500a1b2c3d4\n');
  assert.match(readFileSync(cli.file('config.json'), 'utf8'), /"neverTouch": \[\s*"ata-X_1"/);
  assert.equal((await cli.run(['never-touch', 'remove', '/dev/disk/by-id/ata-X_1'])).code, 0);
  const json = await cli.run(['never-touch', '--json']);
  assert.deepEqual(JSON.parse(json.out), { cluster: 'main', neverTouch: ['0x5000c500a1b2c3d4'] });
  const unknown = await cli.run(['never-touch', 'remove', 'ata-X_1']);
  assert.equal(unknown.code, 64);
  assert.match(unknown.err, /main does not protect "ata-X_1"/);
});

test('a name that does not stay with a disk protects nothing and is refused', async (t) => {
  const cli = new MarkCli(t);
  for (const name of [
    'sda',
    '/dev/sda1',
    '/dev/nvme0n1p2',
    'dm-3',
    'cciss',
    '/dev/mapper/mpatha',
  ]) {
    assert.equal(checkDiskId(name).ok, name === 'cciss', name);
  }
  for (const name of ['dm-name-vg-lv', 'lvm-pv-uuid-x', 'S1', 'a b c d', 'wwn-\u202e']) {
    assert.equal(checkDiskId(name).ok, false, name);
  }
  const { code, err } = await cli.run(['never-touch', 'add', '/dev/sdb']);
  assert.equal(code, 64);
  assert.match(err, /"\/dev\/sdb" is a name that goes to another disk/);
});

test('a plan that was made before is refused once its disk is protected: applied, resumed, undone', async (t) => {
  const cli = new MarkCli(t);
  const answers = cli.write('answers.yaml', JSON.stringify({ marks: ['one/a', 'one/b'] }));
  const file = cli.file('plan.json');
  await cli.run(['plan', 'fake.marks', '--answers', answers, '-o', file]);
  await cli.run(['never-touch', 'add', 'serial-b']);
  const refused = await cli.run(['apply', file, '--yes']);
  assert.equal(refused.code, 2);
  assert.match(
    refused.err,
    /b \(disk-b\) is on the cluster's never-touch list \(serial-b\)\nNothing was changed\./,
  );
  assert.deepEqual([cli.one.marks, cli.one.lock], [[], '']);

  const run = /Run (\S+)/.exec(refused.err)?.[1] ?? '';
  const again = await cli.run(['resume', run, '--yes']);
  assert.match(again.err, /never-touch list/);
  await cli.run(['never-touch', 'remove', 'serial-b']);
  assert.equal((await cli.run(['resume', run, '--yes'])).code, 0);
  assert.deepEqual(cli.one.marks, ['a', 'b']);

  await cli.run(['never-touch', 'add', 'serial-a']);
  const undone = await cli.run(['undo', run, '--yes']);
  assert.equal(undone.code, 2);
  assert.match(undone.err, /a \(disk-a\) is on the cluster's never-touch list/);
  assert.deepEqual(cli.one.marks, ['a']);
});
