import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../../../../source/core/recovery.js';
import { draftOf, faultsOf } from '../../../support/carry-out.js';
import { splitBrainRecovery } from '../../../../source/stacks/drbd/split-brain/recovery.js';
import { answering, proc84, shown, type Answers } from '../support.js';

const AT = Date.UTC(2026, 10, 21, 14, 2, 11);
const SPLIT = (minor: number) =>
  ` ${minor}: cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----`;

const gi = (current: string) =>
  `${current.repeat(16)}:${'A'.repeat(16)}:${'0'.repeat(16)}:${'0'.repeat(16)}:1:1:1:0:0:0:0\n`;

function side(current: string, users = ''): Answers {
  return {
    'cat /proc/drbd': proc84(SPLIT(0), SPLIT(1)),
    'exec drbdsetup show': shown('r0') + shown('r1', 1),
    'get-gi 0': gi(current),
    'get-gi 1': gi(current),
    'sh-minor r0': '0\n',
    'sh-minor r1': '1\n',
    mountinfo: `${users}root 0\nend\n`,
  };
}

function ask(fiori: Answers, torchio: Answers): Promise<Case> {
  const hosts = new Map([
    ['fiori', answering('fiori', fiori)],
    ['torchio', answering('torchio', torchio)],
  ]);
  return splitBrainRecovery(() => AT).gather('r0', hosts);
}

function wayOf(found: Case, value: string) {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `${found.happened} ${found.ways.map((one) => one.value).join()}`);
  return way;
}

test('one cut split two resources: one guide mends both, all connected before any is waited for', async () => {
  const found = await ask(side('C'), side('E'));
  assert.match(found.happened, /r1 is split as well/);
  assert.deepEqual(
    found.ways.map(({ value }) => value),
    ['fiori', 'torchio', 'compare', 'fiori:all', 'torchio:all', 'each'],
  );
  const draft = draftOf(wayOf(found, 'torchio:all').plan({ keepCopy: false }));
  const told = draft.steps.map(({ host, kind, params }) => {
    const { resource } = params as { resource: string };
    return `${resource} ${host} ${kind.replace('drbd.', '')}`;
  });
  assert.deepEqual(told.slice(0, 8), [
    'r0 torchio make-secondary',
    'r0 torchio connect-discarding',
    'r0 fiori connect',
    'r0 torchio wait-connected',
    'r1 torchio make-secondary',
    'r1 torchio connect-discarding',
    'r1 fiori connect',
    'r1 torchio wait-connected',
  ]);
  assert.ok(told.slice(8).every((line) => line.includes('wait-in-sync')));
  assert.deepEqual(
    draft.confirmations.map(({ word }) => word),
    ['torchio'],
  );
  assert.equal(new Set(draft.steps.map(({ id }) => id)).size, draft.steps.length);
});

test('one of several in use on the victim refuses all, and is named', async () => {
  const found = await ask(side('C'), side('E', 'mount 1 ext4 /srv\n'));
  const says = faultsOf(wayOf(found, 'torchio:all').plan({ keepCopy: false })).join();
  assert.match(says, /r1: \/dev\/drbd1 is in use on torchio: \/srv/);
});

test('each resource may have a victim of its own, in one plan', async () => {
  const session = wayOf(await ask(side('C'), side('E')), 'each').asks?.({ keepCopy: false });
  assert.ok(session);
  assert.deepEqual(
    session.questions({}).map(({ key, ask: asked }) => `${key}: ${asked}`),
    ['r0: Who gives up its changes of r0?', 'r1: Who gives up its changes of r1?'],
  );
  const draft = draftOf(session.plan({ r0: 'torchio', r1: 'fiori' }));
  assert.equal(
    draft.title,
    'Mend the split brain of r0 and r1: torchio gives up r0, fiori gives up r1',
  );
  const discards = draft.steps.flatMap(({ host, kind, params }) =>
    kind === 'drbd.connect-discarding'
      ? [`${host} ${(params as { resource: string }).resource}`]
      : [],
  );
  assert.deepEqual(discards, ['torchio r0', 'fiori r1']);
  assert.deepEqual(
    draft.confirmations.map(({ word, accepts }) => `${word}: ${/of|wrote/.test(accepts)}`),
    ['torchio: true', 'fiori: true'],
  );
  assert.match(faultsOf(session.plan({ r0: 'torchio' })).join(), /r1/);
  assert.match(faultsOf(session.plan({ r0: 'torchio', r1: 'box' })).join(), /r1/);
});

test('a side in use is not offered as the one that gives way', async () => {
  const found = await ask(side('C'), side('E', 'mount 1 ext4 /srv\n'));
  const [, second] = wayOf(found, 'each').asks?.({ keepCopy: false }).questions({}) ?? [];
  assert.ok(second?.kind === 'one');
  assert.deepEqual(
    second.choices.map(({ value, gate }) => `${value} ${gate.open}`),
    ['fiori true', 'torchio false'],
  );
  // The plan refuses it by itself, whoever answers.
  const drafted = wayOf(found, 'each')
    .asks?.({ keepCopy: false })
    .plan({ r0: 'fiori', r1: 'torchio' });
  assert.ok(drafted);
  assert.match(faultsOf(drafted).join(), /r1: .*in use on torchio/);
});
