import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closed } from '../../../../source/core/form.js';
import { parseRes } from '../../../../source/files/drbd-res.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { replicatedVolumeSpec as spec } from '../../../../source/stacks/drbd/wizards/replicated-volume/index.js';
import type { Found } from '../../../../source/stacks/drbd/wizards/replicated-volume/look.js';
import { metadataBytes } from '../../../../source/stacks/drbd/wizards/replicated-volume/numbers.js';
import { assertGolden, draftOf, faultsOf } from '../../../support/carry-out.js';
import { draftText } from '../../../support/draft-text.js';
import { EXTENT, foundOn, groupOf, hostOf, resourceOf } from './found.js';

const golden = (name: string): URL =>
  new URL(`../../../../../test/stacks/drbd/replicated-volume/${name}.txt`, import.meta.url);

const fiori = hostOf('fiori', 6);
const torchio = hostOf('torchio', 7);
const pair = foundOn(fiori, torchio);

const BOTH = {
  ...{ way: 'both', name: 'small', first: 'fiori', second: 'torchio', size: 200 },
  ...{ firstDisk: 'new:vg0', secondDisk: 'new:vg0' },
  ...{ firstAddress: '192.168.3.6', secondAddress: '192.168.3.7' },
};
const { second: _1, secondDisk: _2, secondAddress: _3, ...ONE } = BOTH;
const FIRST = {
  ...{ ...ONE, way: 'first' },
  ...{ peerName: 'torchio', peerAddress: '192.168.3.7', peerDisk: '/dev/vg0/small' },
};
const { size: _4, ...NO_SIZE } = BOTH;
const EXISTING = { ...NO_SIZE, way: 'existing', name: 'data', firstDisk: 'lv:vg0/data' };

function plan(found: Found, answers: object) {
  return spec.plan(found, spec.answers.parse(answers));
}

function volume(host: string, name: string, holds: readonly string[], sizeBytes = 10 * EXTENT) {
  return { group: groupOf(host), name, sizeBytes, holds, uuid: '2c7ac131582688bf' };
}

const DATA = foundOn({ ...fiori, volumes: [volume('fiori', 'data', ['ext4'])] }, torchio);

const TEXT =
  'resource small {\n  net {\n    shared-secret <<kept:shared-secret:1>>;\n  }\n  on fiori { }\n  on torchio { }\n}\n';
const small = { ...resourceOf('small', 3, 7790), file: '/etc/drbd.d/small.res', text: TEXT };
const WITH_SMALL = foundOn(
  { ...fiori, resources: [small], volumes: [volume('fiori', 'small', ['drbd'])] },
  torchio,
);
const JOINS = { way: 'joins', first: 'fiori', second: 'torchio', resource: 'small' };

for (const [name, found, answers] of [
  ['both', pair, { ...BOTH, dualPrimary: true }],
  ['first', pair, FIRST],
  ['existing', DATA, EXISTING],
  ['joins', WITH_SMALL, JOINS],
] as const) {
  test(`the plan of the way \`${name}\` says every command, as it was reviewed once`, () => {
    assertGolden(golden(name), draftText(draftOf(plan(found, answers)), drbd.steps));
  });
}

/** The text of the file that a plan writes on a host. */
function fileOn(host: string, found: Found, answers: object): string {
  const { steps } = draftOf(plan(found, answers));
  const edit = steps.find((step) => step.kind === 'file.edit' && step.host === host)?.params;
  assert.ok(typeof edit === 'object' && edit !== null && 'after' in edit);
  assert.ok(typeof edit.after === 'string');
  return edit.after;
}

test('both nodes get the same bytes, which DRBD’s grammar takes', () => {
  for (const more of [{}, { dualPrimary: true, secret: 'none', notify: '' }]) {
    const text = fileOn('fiori', pair, { ...BOTH, ...more });
    assert.equal(text, fileOn('torchio', pair, { ...BOTH, ...more }));
    assert.deepEqual(parseRes(text).faults, []);
  }
});

test('the secret has a place in the plan and no value', () => {
  const draft = draftOf(plan(pair, BOTH));
  assert.deepEqual(
    draft.secrets?.map(({ name, from }) => [name, from]),
    [['shared-secret', 'made']],
  );
  assert.match(fileOn('fiori', pair, BOTH), /shared-secret "<<secret:shared-secret>>";/);
  const joins = draftOf(plan(WITH_SMALL, JOINS));
  assert.equal(joins.secrets?.[0]?.from, 'asked');
  assert.ok(!JSON.stringify(joins).includes('<<kept:'));
});

test('a minor and a port are chosen that nobody on either node uses', () => {
  const used = foundOn(
    { ...fiori, facts: { ...fiori.facts, minors: [0], ports: [7788] } },
    { ...torchio, resources: [resourceOf('r1', 1, 7789)] },
  );
  const text = fileOn('fiori', used, BOTH);
  assert.match(text, /device \/dev\/drbd2 minor 2;/);
  assert.match(text, /192\.168\.3\.6:7790;/);
});

test('DRBD 9 has its nodes numbered, fencing in `net` and the handlers in its own form', () => {
  const nine = foundOn({ ...fiori, driver: '9' }, { ...torchio, driver: '9' });
  const more = {
    ...{ dualPrimary: true, fencing: 'resource-and-stonith' },
    fenceHandler: '/usr/lib/drbd/crm-fence-peer.9.sh',
  };
  const text = fileOn('fiori', nine, { ...BOTH, ...more });
  assert.match(text, /net \{[^}]*fencing resource-and-stonith;/);
  assert.match(text, /unfence-peer \/usr\/lib\/drbd\/crm-unfence-peer\.9\.sh;/);
  assert.match(text, /before-resync-target "\/sbin\/drbdsetup secondary \$DRBD_RESOURCE";/);
  assert.match(text, /node-id 0;[^]*node-id 1;/);
  const eight = fileOn('fiori', pair, { ...BOTH, ...more });
  assert.match(eight, /disk \{\s+fencing resource-and-stonith;/);
  assert.doesNotMatch(eight, /node-id/);
});

test('every wrong answer is named, not only the first', () => {
  const found = foundOn(
    {
      ...fiori,
      resources: [resourceOf('small', 0, 7788)],
      facts: { ...fiori.facts, files: ['/etc/drbd.d/small.res'] },
    },
    {
      ...torchio,
      driver: '9',
      groups: [groupOf('torchio', { gate: closed('it has no room left') })],
    },
  );
  const answers = {
    ...{ ...BOTH, dualPrimary: true, protocol: 'A', fencing: 'resource-only' },
    firstAddress: '192.168.3.7',
  };
  assert.deepEqual(faultsOf(plan(found, answers)), [
    'name: fiori has a resource called small already',
    'name: fiori has a file /etc/drbd.d/small.res already',
    'second: fiori has DRBD 8.4.11, torchio 8.4.11: a new resource needs the same generation on both',
    'firstAddress: 192.168.3.7 is no address of fiori',
    'secondAddress: both sides have the same address',
    'protocol: two Primaries need protocol C',
    'fenceHandler: fencing needs the program that fences',
    'secondDisk: vg0 of torchio: it has no room left',
  ]);
});

test('a volume with anything on it is no new side; the metadata of another resource are accepted by name', () => {
  const withVolume = (holds: readonly string[]): Found =>
    foundOn({ ...fiori, volumes: [volume('fiori', 'old', holds)] }, torchio);
  const answers = { ...BOTH, firstDisk: 'lv:vg0/old' };
  assert.match(
    faultsOf(plan(withVolume(['xfs']), answers)).join(),
    /old of fiori: it holds xfs; only a blank/,
  );
  const draft = draftOf(plan(withVolume(['drbd']), answers));
  assert.deepEqual(
    draft.confirmations.map(({ word }) => word),
    ['fiori:old'],
  );
  assert.match(JSON.stringify(draft.steps), /"replaces":"2c7ac131582688bf"/);
  assert.match(draft.loses.join(), /metadata of another resource/);
  const blank = draftOf(plan(withVolume([]), answers));
  assert.deepEqual([blank.confirmations, blank.loses], [[], []]);
  assert.match(JSON.stringify(blank.steps), /"name":"small","sizeBytes":41943040/);
});

test('two volumes that are there must have the same number of sectors', () => {
  const found = foundOn(
    { ...fiori, volumes: [volume('fiori', 'old', [])] },
    { ...torchio, volumes: [volume('torchio', 'old', [], 11 * EXTENT)] },
  );
  const answers = { ...BOTH, firstDisk: 'lv:vg0/old', secondDisk: 'lv:vg0/old' };
  assert.deepEqual(faultsOf(plan(found, answers)), [
    'size: the volumes differ: 81920 sectors on fiori, 90112 on torchio',
  ]);
});

test('extents of different sizes give one size that both groups can have', () => {
  const found = foundOn(fiori, {
    ...torchio,
    groups: [groupOf('torchio', { extentBytes: 32 * 2 ** 20 })],
  });
  const sizes = draftOf(plan(found, { ...BOTH, size: 0.01 })).steps.flatMap(({ params }) =>
    typeof params === 'object' && params !== null && 'vg' in params && 'sizeBytes' in params
      ? [params.sizeBytes]
      : [],
  );
  assert.deepEqual(sizes, [32 * 2 ** 20, 32 * 2 ** 20]);
});

test('a file system that fills its volume gets room for the metadata, or a volume for them', () => {
  const kinds = (more: object): readonly string[] =>
    draftOf(plan(DATA, { ...EXISTING, ...more })).steps.map(({ kind, host }) => `${host} ${kind}`);
  assert.ok(kinds({}).includes('fiori lvm.extend-volume'));
  const external = kinds({ metadata: 'external' });
  assert.ok(!external.includes('fiori lvm.extend-volume'));
  assert.equal(external.filter((one) => one.endsWith('lvm.create-volume')).length, 3);
  assert.ok(!kinds({}).includes('fiori drbd.skip-first-sync'), 'data is declared alike unseen');
  const full = groupOf('fiori', { freeBytes: 0 });
  const none = foundOn(
    { ...fiori, groups: [full], volumes: [{ ...volume('fiori', 'data', ['ext4']), group: full }] },
    torchio,
  );
  assert.match(
    faultsOf(plan(none, EXISTING)).join(),
    /metadata: vg0 of fiori has 0 B free.*shrink/,
  );
});

test('a file system that fstab mounts past DRBD is refused', () => {
  const found = foundOn(
    {
      ...fiori,
      volumes: [volume('fiori', 'data', ['ext4'])],
      fstabSources: ['/dev/mapper/vg0-data'],
    },
    torchio,
  );
  assert.match(faultsOf(plan(found, EXISTING)).join(), /take the line out first/);
});

test('metadata need what DRBD says: a bit for each 4 KiB and 36 KiB more', () => {
  assert.equal(metadataBytes(64 * 2 ** 20) / 512, 80);
  assert.equal(metadataBytes(256 * 2 ** 20) / 512, 88);
  assert.equal(metadataBytes(2 ** 40), 32 * 2 ** 20 + 36 * 1024);
});

test('a resource is joined only where the first node’s file names the second', () => {
  const stranger = { ...small, others: small.others.map((one) => ({ ...one, name: 'grappa' })) };
  const found = foundOn({ ...fiori, resources: [stranger] }, torchio);
  assert.match(faultsOf(plan(found, JOINS)).join(), /does not name torchio/);
  const has = foundOn({ ...fiori, resources: [small] }, { ...torchio, resources: [small] });
  assert.match(faultsOf(plan(has, JOINS)).join(), /torchio has it already/);
  const taken = foundOn(
    { ...fiori, resources: [small], volumes: [volume('fiori', 'small', ['drbd'])] },
    { ...torchio, facts: { ...torchio.facts, minors: [3] } },
  );
  assert.match(faultsOf(plan(taken, JOINS)).join(), /uses minor 3 already/);
});

test('two Primaries without fencing are warned of, and policies that throw away too', () => {
  const warned = (more: object): string =>
    draftOf(plan(pair, { ...BOTH, ...more })).warnings.join('\n');
  assert.match(warned({ dualPrimary: true }), /Two Primaries without fencing/);
  assert.match(warned({ afterSplitBrain1: 'discard-secondary' }), /throw a side’s changes away/);
  assert.doesNotMatch(warned({}), /fencing|throw/);
});

test('with one host only the way of a node alone is open, and a host that cannot take part says why', () => {
  const dead = { ok: false, name: 'torchio', because: 'its kernel has no DRBD' } as const;
  const [way, first] = spec.questions(foundOn(fiori, dead), {});
  assert.ok(way?.kind === 'one' && first?.kind === 'one');
  assert.deepEqual(
    way.choices.map(({ value, gate }) => [value, gate.open]),
    [
      ['both', false],
      ['first', true],
      ['joins', false],
      ['existing', false],
    ],
  );
  assert.match(way.explains, /torchio cannot take part: its kernel has no DRBD/);
  assert.match(faultsOf(plan(foundOn(fiori, dead), BOTH)).join(), /second: torchio: its kernel/);
});

test('the address in a network of both that does not lead out is proposed', () => {
  const proposed = (key: string): unknown =>
    spec.questions(pair, {}).find((question) => question.key === key)?.default;
  assert.equal(proposed('firstAddress'), '192.168.3.6');
  assert.equal(proposed('secondAddress'), '192.168.3.7');
});
