import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closed } from '../../../../source/core/form.js';
import { StepKinds } from '../../../../source/core/step.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { growSpec as spec } from '../../../../source/stacks/drbd/wizards/grow/index.js';
import type {
  Found,
  Mounted,
  NodeDevices,
} from '../../../../source/stacks/drbd/wizards/grow/look.js';
import type { KnownHost } from '../../../../source/stacks/drbd/wizards/replicated-volume/look.js';
import { assertGolden, draftOf, faultsOf } from '../../../support/carry-out.js';
import { draftText } from '../../../support/draft-text.js';
import { EXTENT, groupOf, hostOf, resourceOf } from '../replicated-volume/found.js';
import { answering, proc84 } from '../support.js';

const golden = new URL('../../../../../test/stacks/drbd/grow/plan.txt', import.meta.url);
const VOLUME = 64 * 2 ** 20;
/** 80 sectors are DRBD's own. */
const DEVICE = VOLUME - 80 * 512;

const there = resourceOf('small', 3, 7788);
const [away] = there.others;

function nodeOf(name: string, last: number, more: Partial<KnownHost> = {}): KnownHost {
  const own =
    name === 'fiori'
      ? there
      : { ...there, self: away ?? null, others: there.self ? [there.self] : [] };
  const because = 'DRBD drbd3 stands on it';
  const volume = {
    group: groupOf(name),
    name: 'small',
    sizeBytes: VOLUME,
    holds: ['drbd'],
    uuid: 'x',
    because,
  };
  return hostOf(name, last, { resources: [own], volumes: [volume], ...more });
}

function devices(mounts: readonly Mounted[], disk = 'UpToDate'): NodeDevices {
  const volume = {
    ...{ minor: 3, disk, peerDisk: 'UpToDate', activity: 'replicating' as const },
    ...{ percent: null, kibPerSecond: null, secondsLeft: null, outOfSyncKiB: 0, pausedBy: [] },
  };
  const side = {
    role: 'Primary',
    connection: 'Connected',
    link: 'in touch',
    touches: true,
    volumes: [volume],
  } as const;
  return { sizes: new Map([[3, DEVICE]]), mounts, sides: new Map([['small', { ok: true, side }]]) };
}

const EXT4: Mounted = { minor: 3, target: '/vol/small', type: 'ext4', uuid: 'u-1' };

function found(
  fiori = nodeOf('fiori', 6),
  mounts: readonly Mounted[] = [EXT4],
  disk?: string,
): Found {
  return {
    hosts: [fiori, nodeOf('torchio', 7)],
    devices: new Map([
      ['fiori', devices(mounts, disk)],
      ['torchio', devices([])],
    ]),
  };
}

function plan(of: Found, size = 0.125) {
  return spec.plan(of, spec.answers.parse({ resource: 'small', size }));
}

test('volumes on both nodes, then DRBD, then the file system, as it was reviewed once', () => {
  assertGolden(golden, draftText(draftOf(plan(found())), drbd.steps));
});

test('ocfs2 takes its device by its own tool, on one node; others are told to be grown by hand', () => {
  const kindsOf = (type: string) => draftOf(plan(found(undefined, [{ ...EXT4, type }])));
  assert.match(JSON.stringify(kindsOf('ocfs2').steps.at(-1)?.params), /tunefs\.ocfs2.*--yes.*-S/);
  const other = kindsOf('btrfs');
  assert.equal(other.steps.at(-1)?.kind, 'drbd.wait-in-sync');
  assert.match(other.warnings.join(), /btrfs is not grown by this/);
  assert.match(draftOf(plan(found(undefined, []))).warnings.join(), /mounted on no node/);
});

test('it is never made smaller, and grows only as far as both groups let it', () => {
  assert.match(faultsOf(plan(found(), 0.05)).join(), /never made smaller/);
  const tight = groupOf('fiori', { freeBytes: 2 * EXTENT });
  const [volume] = nodeOf('fiori', 6).volumes;
  assert.ok(volume);
  const fiori = nodeOf('fiori', 6, { groups: [tight], volumes: [{ ...volume, group: tight }] });
  assert.deepEqual(faultsOf(plan(found(fiori))), ['size: it can grow by 8.0 MiB, not by 64.0 MiB']);
});

test('a resource that is not in sync, or whose volumes differ, is shown closed with the reason', () => {
  const because = (of: Found): string => {
    const [resource] = spec.questions(of, {});
    assert.ok(resource?.kind === 'one');
    const gate = resource.choices[0]?.gate;
    return gate?.open === false ? gate.because : '';
  };
  assert.equal(because(found()), '');
  assert.match(
    because(found(undefined, [], 'Inconsistent')),
    /fiori: both sides must be connected/,
  );
  const [volume] = nodeOf('fiori', 6).volumes;
  assert.ok(volume);
  const other = nodeOf('fiori', 6, { volumes: [{ ...volume, sizeBytes: 2 * VOLUME }] });
  assert.match(because(found(other)), /its volumes differ: 262144 sectors on fiori, 131072/);
  const group = groupOf('fiori', { gate: closed('it is on the never-touch list (x)') });
  const reserved = nodeOf('fiori', 6, { volumes: [{ ...volume, group }] });
  assert.match(because(found(reserved)), /never-touch/);
  const alone = { ...found(), hosts: [nodeOf('fiori', 6)] };
  assert.match(because(alone), /both its nodes must be looked at; only fiori was/);
});

test('DRBD is resized from the reviewed size alone, and only while both sides are good', async () => {
  const params = {
    ...{ resource: 'small', minors: [3], driver: '8.4', minor: 3 },
    ...{ fromBytes: DEVICE, toBytes: 2 * DEVICE },
  };
  const bound = new StepKinds(drbd.steps ?? []).bind({ kind: 'drbd.resize', params });
  assert.ok(bound.ok);
  const check = async (bytes: number, state: string): Promise<string> => {
    const host = answering('fiori', {
      'cat /sys/block/drbd3/size': `${bytes / 512}\n`,
      'cat /proc/drbd': proc84(` 3: cs:${state} C r-----`),
    });
    return (await bound.step.check(host)).kind;
  };
  const good = 'Connected ro:Primary/Secondary ds:UpToDate/UpToDate';
  assert.equal(await check(DEVICE, good), 'notYet');
  assert.equal(
    await check(DEVICE, 'WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown'),
    'refused',
  );
  assert.equal(
    await check(2 * DEVICE, 'SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent'),
    'done',
  );
  assert.equal(await check(DEVICE + 512, good), 'refused');
  assert.equal(bound.step.undo.kind, 'impossible');
});
