import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../../source/demo/fleet/drbd/state.js';
import { DemoCli } from '../support/demo-cli.js';

/** A resource of the fleet, made small: what is copied is copied in real time here. */
function small({ demo }: DemoCli, name: string): Resource {
  const resource = demo.fleet.drbd.resources.find((one) => one.name === name);
  assert.ok(resource);
  resource.size = 65_536;
  return resource;
}

const sides = ({ replicas }: Resource) =>
  replicas.map(({ machine, connection, disk }) => `${machine} ${connection} ${disk}`);

/** What `apply` says of how the run is called. */
function runIn(said: string): string {
  const run = /\b(\d{8}-\d{4}-[0-9a-f]{6})\b/.exec(said)?.[1];
  assert.ok(run, said);
  return run;
}

test('a lost node is replaced and the replacement taken back by the commands of a shell', async (t) => {
  const cli = await DemoCli.begin(t, 'node-lost');
  const data = small(cli, 'data');
  const answers = cli.answers({
    ...{ first: 'kvm-1', resource: 'data', second: 'kvm-3', address: '10.20.0.23' },
  });
  const wizard = ['plan', 'drbd.replace-node', 'kvm-1', 'kvm-3'];
  assert.match(await cli.call(0, ...wizard, '--questions'), /data[^]*kvm-2 is gone/);
  await cli.call(1, ...wizard, '--answers', answers, '-o', cli.at('plan.json'));
  const unsaid = await cli.call(64, 'apply', cli.at('plan.json'), '--yes');
  assert.match(unsaid, /--confirm kvm-2/);
  const said = await cli.call(0, 'apply', cli.at('plan.json'), '--yes', '--confirm', 'kvm-2');
  assert.deepEqual(sides(data), ['kvm-1 Connected UpToDate', 'kvm-3 Connected UpToDate']);
  await cli.call(0, 'undo', runIn(said), '--yes');
  assert.deepEqual(sides(data)[0], 'kvm-1 WFConnection UpToDate');
  assert.equal(data.replicas[1].up, false);
});

test('a spare takes the place of a lost disk by the commands of a shell, and is let go of again', async (t) => {
  const cli = await DemoCli.begin(t, 'disk-gone');
  const r1 = small(cli, 'r1');
  const recover = ['recover', 'drbd.disk-failed', '--resource', 'r1 kvm-1'];
  const told = await cli.call(1, ...recover);
  const path = '/dev/disk/by-id/ata-HGST_HUS724020AL_15371d';
  assert.ok(told.includes(`renew:${path}`), told);
  await cli.call(1, ...recover, '--victim', `renew:${path}`, '-o', cli.at('plan.json'));
  const said = await cli.call(0, 'apply', cli.at('plan.json'), '--yes', '--confirm', path);
  assert.deepEqual(sides(r1), ['kvm-1 Connected UpToDate', 'kvm-2 Connected UpToDate']);
  await cli.call(0, 'undo', runIn(said), '--yes');
  assert.deepEqual(sides(r1), ['kvm-1 Connected Diskless', 'kvm-2 Connected UpToDate']);
});
