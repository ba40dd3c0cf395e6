import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { kill, revive } from '../../source/demo/fleet/machines.js';
import { temporaryFolder } from '../support/cli.js';
import { demoFor } from '../support/demo.js';
import { openDemoScreen } from '../support/demo-screen.js';

/** The console on the demo fleet, worked with by keys alone. */
async function opened(t: TestContext, scenario: string) {
  const demo = await demoFor(t, scenario);
  const console = await openDemoScreen(demo, { journals: temporaryFolder(t) });
  t.after(() => console.close());
  return { demo, ...console };
}

test('by keys alone: from blank disks to disks that the master lists', async (t) => {
  const { screen, sees } = await opened(t, 'calm');
  await sees(/9 of 9 answer/);
  await screen.press('w', '/');
  await screen.type('chunk disks');
  await screen.press('enter', 'enter');
  await sees(/9 marked[^]*Which hosts are to be looked at\?/);
  // Only the one that is meant: nine simulated hosts in one process are slow to look at.
  await screen.press('a', 'space');
  assert.match(screen.text(), /1 marked[^]*▌\[x\] +xs-1/);
  await screen.press('enter');
  await sees(/Which disks are to hold chunks\?/);
  assert.match(screen.text(), /▌\[ \] +xs-1 +sdd .*blank/);
  await screen.press('space', 'down', 'space');
  assert.match(screen.text(), /2 marked/);
  await screen.press('enter', 'enter', 'enter');
  assert.match(screen.text(), /2 chunk disks for LizardFS.* review +1 host +12 steps +● 2 destroy/);
  await screen.press('F8');
  await screen.type('xs-1:sdd');
  await screen.press('enter');
  await screen.type('xs-1:sde');
  await screen.press('enter', 'down', 'enter');
  await sees(/› finished +.*12 of 12/, 60_000);
  await screen.press('escape', '2');
  await sees(/_15371d\/ +in use[^]*_15371e\/ +in use|_15371e\/ +in use[^]*_15371d\/ +in use/);
  await screen.press('J');
  await sees(/2 chunk disks.* finished +12 of 12/);
});

test('by keys alone: from both StandAlone to UpToDate on both sides', async (t) => {
  const { screen, sees } = await opened(t, 'split-brain');
  await sees(/DRBD split brain +r0/);
  assert.match(screen.selected(), /DRBD split brain +r0/);
  // The pane's row leads to its recovery too.
  await screen.press('3');
  await sees(/r0 /);
  await screen.press('enter', 'r');
  await sees(/WAYS OUT/);
  const text = screen.text();
  assert.match(text, /▲ split brain[^]*kvm-1 +kvm-2[^]*StandAlone[^]*5 WAYS OUT/);
  await screen.press('K', 'down', 'enter');
  assert.match(screen.text(), /in use on kvm-2: \/srv\/vms/);
  assert.match(screen.text(), /\$ fuser -vm \/srv\/vms[^]*\$ umount \/srv\/vms/);
  await screen.press('i', 'down', 'down', 'down');
  assert.match(screen.text(), /▌ +stop the machines of kvm-2 and unmount/);
  await screen.press('enter', 'R');
  await sees(/kvm-2 gives up its changes\. +recommended/);
  await screen.press('enter');
  assert.match(screen.text(), /Mend the split brain of r0.* review/);
  await screen.press('F8');
  await screen.type('kvm-2');
  await screen.press('enter', 'down', 'enter');
  await sees(/› finished +.*7 of 7/, 60_000);
  // Back to where one came from: the row, which shows it.
  await screen.press('escape');
  await sees(/✓ in order[^]*disk +UpToDate +UpToDate/, 60_000);
});

test('a host that goes in the middle stops the run, and it is gone on with when it is back', async (t) => {
  const { demo, screen, sees } = await opened(t, 'calm');
  await sees(/9 of 9 answer/);
  await screen.press('w', '/');
  await screen.type('chunk disks');
  await screen.press('enter', 'enter', 'a', 'down', 'space', 'enter');
  await sees(/Which disks/);
  await screen.press('/');
  await screen.type('xs-2 blank');
  await screen.press('enter', 'space', 'enter', 'enter', 'enter', 'F8');
  await screen.type('xs-2:sdd');
  await screen.press('enter', 'down', 'enter');
  await sees(/✓ +1 {2}make ext4/, 60_000);
  kill(demo.fleet, 'xs-2');
  await sees(/› failed/, 60_000);
  assert.match(screen.text(), /What happened[^]*xs-2/);
  revive(demo.fleet, 'xs-2');
  await screen.press('escape');
  await sees(/1 chunk disk for LizardFS on xs-2: (?:failed|broken off) {3}J runs/);
  await sees(/9 of 9 answer/, 60_000);
  await screen.press('J', 'enter', 't', 'down', 'enter');
  await sees(/› finished/, 60_000);
  await screen.press('escape', 'escape', '2');
  await sees(/_15372d\/ +in use/);
});
