import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../source/core/journal.js';
import type { Json } from '../../source/core/json.js';
import type { Case } from '../../source/core/recovery.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { replaceNode } from '../../source/stacks/drbd/wizards/replace-node/index.js';
import { Killed } from '../support/mark-host.js';
import { ShellFleet, whyFailed } from '../support/shell-fleet.js';

/** A node or a disk that is gone for good, and what takes its place. */
const REPLACE: Json = {
  ...{ first: 'kvm-1', resource: 'data', second: 'kvm-3', address: '10.20.0.23' },
};
const PAIR = ['kvm-1', 'kvm-3'];

const sh = (box: ShellFleet, name: string, line: string): Promise<string> =>
  box.says(name, 'sh', '-c', line);

const EMPTY = 'lvs --noheadings; ls /etc/drbd.d; sed 1,2d /proc/drbd 2>/dev/null';

test('an empty node takes the place of one that is gone, and is filled while the other is in use', async () => {
  const box = await ShellFleet.start('node-lost');
  assert.match(await sh(box, 'kvm-1', 'cat /proc/drbd'), /cs:WFConnection ro:Primary\/Unknown/);
  const before = await sh(box, 'kvm-3', EMPTY);
  const run = await box.apply(await box.plan(replaceNode, REPLACE, PAIR));
  assert.equal(whyFailed(run), '');
  assert.match(
    await sh(box, 'kvm-3', 'cat /proc/drbd'),
    / 0: cs:Connected ro:Secondary\/Primary ds:UpToDate\/UpToDate C /,
  );
  const [one, two] = await Promise.all(
    PAIR.map((name) => sh(box, name, 'sha256sum < /etc/drbd.d/data.res')),
  );
  assert.equal(one, two);
  assert.match(await sh(box, 'kvm-1', 'findmnt -n -o TARGET /srv/data'), /srv/);
  assert.equal(whyFailed(await box.undo(run)), '');
  assert.equal(await sh(box, 'kvm-3', EMPTY), before);
  assert.match(await sh(box, 'kvm-1', 'cat /etc/drbd.d/data.res'), /on kvm-2/);
  assert.match(await sh(box, 'kvm-1', 'cat /proc/drbd'), /cs:WFConnection ro:Primary\/Unknown/);
});

test('killed at any command and gone on with, the new node is filled all the same', async () => {
  for (let instant = 1; instant < 9; instant += 2) {
    const box = await ShellFleet.start('node-lost');
    const plan = await box.plan(replaceNode, REPLACE, PAIR);
    let left = instant;
    box.instant = () => {
      left -= 1;
      if (left < 0) throw new Killed();
    };
    const lines: JournalLine[] = [];
    await assert.rejects(box.apply(plan, new Map(), lines), Killed, `instant ${instant}`);
    box.instant = () => undefined;
    assert.equal(whyFailed(await box.resume({ lines, values: new Map() })), '');
    assert.match(await sh(box, 'kvm-3', 'cat /proc/drbd'), /ds:UpToDate\/UpToDate/);
  }
});

async function diskFailed(box: ShellFleet): Promise<Case> {
  const recovery = drbd.recoveries?.find(({ id }) => id === 'drbd.disk-failed');
  assert.ok(recovery);
  const pair = ['kvm-1', 'kvm-2'].map((name) => [name, box.host(name)] as const);
  return recovery.gather('r1 kvm-1', new Map(pair));
}

test('a spare takes the place of a disk that is gone, is filled, and is let go of again by undo', async () => {
  const box = await ShellFleet.start('disk-gone');
  // All of it is copied: a GiB shows as much as a hundred.
  Object.assign(box.fleet.drbd.resources[1] ?? {}, { size: 1_048_576 });
  const files = () =>
    Promise.all(['kvm-1', 'kvm-2'].map((name) => sh(box, name, 'cat /etc/drbd.d/r1.res')));
  const before = await files();
  const found = await diskFailed(box);
  assert.match(found.todo, /\/dev\/sdc/);
  const path = '/dev/disk/by-id/ata-HGST_HUS724020AL_15371d';
  const way = found.ways.find(({ value }) => value === `renew:${path}`);
  const drafted = way?.plan({ keepCopy: false });
  assert.ok(drafted?.ok, `${found.happened} ${JSON.stringify(drafted)}`);
  const origin = { kind: 'recovery', id: 'drbd.disk-failed', answers: {} } as const;
  const about = { origin, cluster: 'demo', madeBy: 'me@here' };
  const run = await box.apply(makePlan(drafted.draft, about, systemClock));
  assert.equal(whyFailed(run), '');
  const proc = () => sh(box, 'kvm-1', 'cat /proc/drbd');
  assert.match(await proc(), / 1: cs:Connected ro:Primary\/Secondary ds:UpToDate\/UpToDate/);
  for (const text of await files()) assert.ok(text.includes(path), text);
  assert.equal(whyFailed(await box.undo(run)), '');
  assert.deepEqual(await files(), before);
  assert.match(await proc(), / 1: cs:Connected ro:Primary\/Secondary ds:Diskless\/UpToDate/);
  // What was copied is still on it, so it is not offered as a blank one.
  const again = await diskFailed(box);
  assert.deepEqual(
    again.ways.map(({ value }) => value),
    ['attach', 'renew'],
  );
});
