import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFinished, failureOf } from '../../../support/carry-out.js';
import { answering, type Answers } from '../support.js';
import { hostsOf } from '../split-brain/support.js';
import { LivingPair, type Node } from './pair.js';
import { ask, carried, draft, faults, killedAnywhere, kindsOf, recovery } from './support.js';

const ID = 'drbd.peer-lost';

/** The pair after torchio went down. */
function lost(more: Partial<Node> = {}): LivingPair {
  const pair = new LivingPair();
  Object.assign(pair.nodes.torchio, { up: false, ...more });
  return pair;
}

test('a peer that is down is brought up, and nothing is promoted before both are UpToDate', async () => {
  const pair = lost({ module: false });
  const found = await ask(pair, ID);
  assert.equal(found.verdict, 'peer down', found.happened);
  assert.equal(found.recommended?.value, 'bring-back');
  assert.deepEqual(kindsOf(found, 'bring-back'), [
    'torchio drbd.load-module',
    'torchio drbd.compare-data',
    'torchio drbd.up',
    'torchio drbd.wait-connected',
    'torchio drbd.wait-in-sync',
    'fiori drbd.wait-in-sync',
  ]);
  assert.equal(kindsOf(found, 'bring-back-primary').at(-1), 'torchio drbd.promote');
  const run = carried(draft(found, 'bring-back-primary'), pair);
  assertFinished(await run.apply());
  assert.equal(pair.nodes.torchio.role, 'Primary');
  const copied = pair.ran.findIndex((line) => line.includes('primary'));
  assert.equal(copied, pair.ran.length - 1);
  assert.ok(
    !pair.ran.some((line) => line.startsWith('fiori: drbdadm')),
    'the survivor was changed',
  );
});

test('the plan says what will be copied and which way, from the generations of both', async () => {
  const { warnings } = draft(await ask(lost(), ID), 'bring-back');
  assert.match(warnings.join('\n'), /What torchio missed is copied from fiori: 64\.0 KiB/);
  const pair = lost();
  pair.nodes.fiori.role = 'Secondary';
  pair.nodes.fiori.generation = ['5879F08F637B4E90', '0000000000000000'];
  pair.nodes.torchio.generation = ['1F65A735BE02A6E0', '5879F08F637B4E90'];
  const ahead = draft(await ask(pair, ID), 'bring-back').warnings.join('\n');
  assert.match(ahead, /torchio has newer data than fiori/);
});

test('killed at any instant and gone on with, it ends the same', async () => {
  await killedAnywhere(() => lost({ module: false }), ID, 'bring-back-primary');
});

test('two histories are told before they meet: nothing is brought up', async () => {
  const pair = lost({ generation: ['7777000000000000', '5879F08F637B4E90'] });
  const found = await ask(pair, ID);
  assert.equal(found.verdict, 'split brain ahead', found.happened);
  assert.deepEqual(found.ways, []);
  pair.nodes.torchio.generation = ['7777000000000000', '8888000000000000'];
  assert.equal((await ask(pair, ID)).verdict, 'unrelated data');
});

test('without the module nothing is asked that loads it; two histories are seen before they meet', async () => {
  const pair = lost({ module: false, generation: ['7777000000000000', '5879F08F637B4E90'] });
  const found = await ask(pair, ID);
  assert.equal(pair.nodes.torchio.module, false, 'a look loaded the module');
  const end = await carried(draft(found, 'bring-back'), pair).apply();
  assert.match(failureOf(end), /they would meet in a split brain/);
  assert.deepEqual(pair.ran, ['torchio: modprobe drbd']);
  assert.equal(pair.nodes.torchio.up, false);
});

test('a plan whose peer changed since the review is stale', async () => {
  const pair = lost();
  const run = carried(draft(await ask(pair, ID), 'bring-back'), pair);
  pair.nodes.torchio.generation = ['7777000000000000', '5879F08F637B4E90'];
  assert.match(failureOf(await run.apply()), /the plan is stale: the data generation of r0/);
  assert.deepEqual(pair.ran, []);
});

test('what came back Primary by another hand is not taken down', async () => {
  const pair = lost();
  const plan = draft(await ask(pair, ID), 'bring-back');
  Object.assign(pair.nodes.torchio, { up: true, role: 'Primary' });
  const run = carried({ ...plan, basis: [] }, pair);
  assertFinished(await run.apply());
  assert.ok(!pair.ran.some((line) => line.includes('down')), pair.ran.join('\n'));
});

test('a blank disk in the place of the old one is filled whole', async () => {
  const blank = () => lost({ generation: null, holds: [] });
  const found = await ask(blank(), ID);
  assert.equal(found.verdict, 'peer with a new disk', found.happened);
  assert.deepEqual(kindsOf(found, 'replace').slice(0, 2), [
    'torchio drbd.create-metadata',
    'torchio drbd.up',
  ]);
  await killedAnywhere(blank, ID, 'replace');
});

test('metadata are made on nothing that holds data, and never from a side that is not UpToDate', async () => {
  const pair = lost({ generation: null, holds: ['ext4'] });
  assert.match(faults(await ask(pair, ID), 'replace'), /not blank: it holds ext4/);
  pair.nodes.torchio.holds = [];
  pair.nodes.fiori.disk = 'Inconsistent';
  assert.match(faults(await ask(pair, ID), 'replace'), /fiori is Inconsistent/);
  pair.nodes.torchio.holds = null;
  assert.match(faults(await ask(pair, ID), 'replace'), /The disk of torchio, \/dev\/vdb/);
});

test('a Secondary goes on alone only where a person says by name that the peer is off', async () => {
  const pair = lost({ reached: false });
  pair.nodes.fiori.role = 'Secondary';
  const found = await ask(pair, ID);
  assert.equal(found.verdict, 'peer does not answer', found.happened);
  assert.equal(found.recommended, undefined);
  const plan = draft(found, 'promote');
  assert.equal(plan.confirmations[0]?.word, 'torchio');
  assert.match(plan.confirmations[0].accepts, /torchio is surely off/);
  const run = carried(plan, pair);
  assertFinished(await run.apply());
  assert.deepEqual(pair.ran, ['fiori: drbdadm primary r0']);
  assertFinished(await run.undo());
  assert.equal(pair.nodes.fiori.role, 'Secondary');
});

test('a peer whose address answers is not off, and data that is not UpToDate is not promoted', async () => {
  const pair = lost({ reached: false });
  Object.assign(pair.nodes.fiori, { role: 'Secondary', disk: 'Outdated' });
  assert.match(faults(await ask(pair, ID), 'promote'), /fiori is Outdated/);
  pair.nodes.fiori.disk = 'UpToDate';
  const hosts = new Map(pair.hosts);
  const fiori = hosts.get('fiori');
  assert.ok(fiori);
  hosts.set('fiori', {
    name: 'fiori',
    run: (command) =>
      command.argv[0] === 'ping'
        ? Promise.resolve({ kind: 'exited', code: 0, stdout: '', stderr: '' })
        : fiori.run(command),
  });
  const found = await recovery(ID).gather('r0', hosts);
  const drafted = found.ways[0]?.plan({ keepCopy: false });
  assert.ok(drafted && !drafted.ok);
  assert.match(JSON.stringify(drafted.faults), /192\.0\.2\.2 answers fiori: torchio is running/);
});

test('a peer that came back before the run is not gone on without', async () => {
  const pair = lost({ reached: false });
  pair.nodes.fiori.role = 'Secondary';
  const plan = { ...draft(await ask(pair, ID), 'promote'), basis: [] };
  Object.assign(pair.nodes.torchio, {
    reached: true,
    up: true,
    generation: pair.nodes.fiori.generation,
  });
  const end = await carried(plan, pair).apply();
  assert.match(failureOf(end), /connected again/);
  assert.deepEqual(pair.ran, []);
});

test('a survivor in use needs nothing; a peer without the resource is sent to the wizard', async () => {
  const pair = lost({ reached: false });
  const away = await ask(pair, ID);
  assert.deepEqual(away.ways, []);
  assert.match(away.todo, /fiori goes on alone/);
  Object.assign(pair.nodes.torchio, { reached: true, configured: false });
  const bare = await ask(pair, ID);
  assert.equal(bare.verdict, 'peer without the resource', bare.happened);
  assert.match(bare.todo, /drbd\.replicated-volume, second node joins later/);
});

test('both up and apart is the network’s matter, and whoever is connected is not lost', async () => {
  const pair = new LivingPair();
  pair.cut = true;
  const found = await ask(pair, ID);
  assert.equal(found.verdict, 'network between them', found.happened);
  assert.match(found.todo, /does not answer fiori and torchio/);
  pair.cut = false;
  assert.equal((await ask(pair, ID)).verdict, 'not lost');
});

test('a resource that is down on both comes up on both', async () => {
  const pair = lost();
  pair.nodes.fiori.up = false;
  const found = await ask(pair, ID);
  assert.equal(found.verdict, 'down on both', found.happened);
  assertFinished(await carried(draft(found, 'bring-back'), pair).apply());
  assert.ok(!pair.ran.some((line) => line.includes('primary')), pair.ran.join('\n'));
});

test('two histories on sides that are both down are seen as well', async () => {
  const pair = lost({ generation: ['7777000000000000', '5879F08F637B4E90'] });
  pair.nodes.fiori.up = false;
  assert.equal((await ask(pair, ID)).verdict, 'split brain ahead');
});

test('on DRBD 9 the same is asked in its own words', async () => {
  const conf = (host: string) =>
    `# resource r9 on ${host}: not ignored\nresource r9 {\n on fiori { node-id 0; device /dev/drbd5 minor 5; disk /dev/vdb; meta-disk internal; address ipv4 192.0.2.1:7788; }\n on torchio { node-id 1; device /dev/drbd5 minor 5; disk /dev/vdb; meta-disk internal; address ipv4 192.0.2.2:7788; }\n}\n`;
  const status = [
    {
      ...{ name: 'r9', 'node-id': 0, role: 'Primary', suspended: false },
      devices: [{ volume: 0, minor: 5, 'disk-state': 'UpToDate' }],
      connections: [
        {
          ...{ 'peer-node-id': 1, name: 'torchio', 'connection-state': 'Connecting' },
          ...{ 'peer-role': 'Unknown', congested: false },
          peer_devices: [
            {
              ...{ volume: 0, 'replication-state': 'Off', 'peer-disk-state': 'DUnknown' },
              ...{ 'resync-suspended': 'no', 'out-of-sync': 4096 },
            },
          ],
        },
      ],
    },
  ];
  const nine = 'version: 9.2.8 (api:2/proto:86-122)\nTransports (api:21): tcp (9.2.8)\n';
  const old = '5879F08F637B4E90:0000000000000000:0000000000000000:0000000000000000:1:1:0:0:0:0:0\n';
  const both: Answers = {
    ...{ 'sh-minor': '5\n', ping: '', 'cat /proc/drbd': nine },
    lsblk:
      'asked vdb /dev/vdb\ndevice NAME="vdb" KNAME="vdb" PKNAME="" TYPE="disk" RO="0" SIZE="268435456" SERIAL="s" WWN="" MODEL=""\nsignature vdb 0x0,,,drbd\n',
    mountinfo: 'root 0\nend\n',
  };
  const hosts = new Map([
    [
      'fiori',
      answering('fiori', {
        ...{ ...both, 'status --json': JSON.stringify(status), 'drbdadm dump': conf('fiori') },
        'get-gi r9 1 0':
          '1F65A735BE02A6E1:5879F08F637B4E90:0000000000000000:0000000000000000:1:1:1:0:0:0:0\n',
      }),
    ],
    [
      'torchio',
      answering('torchio', {
        ...{ ...both, 'status --json': '[]', 'drbdadm dump': conf('torchio') },
        'drbdadm get-gi r9': old,
      }),
    ],
  ]);
  const found = await recovery(ID).gather('r9', hosts);
  assert.equal(found.verdict, 'peer down', found.happened);
  const { steps, warnings } = draft(found, 'bring-back');
  assert.match(JSON.stringify(steps), /"driver":"9"/);
  assert.match(warnings.join('\n'), /What torchio missed is copied from fiori: 4\.0 MiB/);
});

for (const [situation, verdict] of [
  ['peer-down', 'peer does not answer'],
  ['split-brain', 'stands alone'],
  ['calm', 'not lost'],
  ['drbd9-three-nodes', 'not lost'],
] as const) {
  test(`recorded ${situation}: ${verdict}`, async () => {
    const subject = situation === 'drbd9-three-nodes' ? 'data' : 'r0';
    const found = await recovery(ID).gather(subject, await hostsOf(situation));
    assert.equal(found.verdict, verdict, found.happened);
  });
}
