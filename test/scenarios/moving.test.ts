import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openScreen } from '../support/term.js';
import { aCalmWorld, aRow, aWorld } from '../support/world.js';

test('the overview shows the fleet, the worst problem first, and what is under way', async () => {
  const screen = await openScreen();
  assert.match(screen.text(), /holdfast {2}main +● 1 {3}▲ 2 {3}✓ \d+ {3}9 hosts {3}14:02:11/);
  assert.match(screen.text(), /Mirrors +● 1 of 40 resources split/);
  assert.match(screen.selected(), /● split brain +r0 +fiori and torchio +12 m/);
  assert.match(screen.text(), /neither has all of it/);
  assert.match(screen.text(), /muted: 3 consequences of “path lost” +m show/);
  assert.match(screen.text(), /resync r1 +torchio → fiori +▕█+.* 52 % +38\.0 MiB\/s +4 m left/);
  await screen.close();
});

for (const [columns, rows] of [
  [80, 24],
  [160, 50],
] as const) {
  test(`every screen fills ${columns}x${rows} and no more`, async () => {
    const screen = await openScreen({ columns, rows });
    for (const key of ['1', '2', '3', '4', '5', '6', '?', 'escape', '3', 'enter', 'x', 'e', ':']) {
      await screen.press(key);
      const lines = screen.lines();
      assert.equal(lines.length, rows);
      assert.match(lines[0] ?? '', /^ holdfast/, key);
      assert.notEqual(lines[rows - 1], '', `no keys after ${key}`);
      assert.equal(screen.output.emulator.buffer.active.baseY, 0, `scrolled after ${key}`);
    }
    await screen.close();
  });
}

test('a pane opens by its digit, and a thing in it by Enter; Esc goes back the same way', async () => {
  const screen = await openScreen();
  await screen.press('3');
  assert.match(screen.selected(), /● r0 +Primary \/ Primary/);
  await screen.press('j', 'j', 'enter');
  assert.match(screen.text(), /Mirrors › r2 +● split brain/);
  await screen.press('escape');
  assert.match(screen.selected(), /⟳ r2 /);
  await screen.press('escape');
  assert.match(screen.text(), /PROBLEMS/);
  await screen.close();
});

test('the selection stays on its thing when rows move', async () => {
  const screen = await openScreen();
  await screen.press('3', 'j', 'j');
  const { stacks } = aWorld();
  const mirrors = stacks[1];
  assert.ok(mirrors);
  const rows = [aRow('new', ['new']), ...mirrors.drawing.rows];
  await screen.change({ stacks: [{ ...mirrors, drawing: { ...mirrors.drawing, rows } }] });
  await screen.press('2');
  assert.match(screen.selected(), /⟳ r2 /);
  await screen.close();
});

test('long lists scroll, by lines and by pages and to their ends', async () => {
  const screen = await openScreen();
  await screen.press('3', 'G');
  assert.match(screen.selected(), / r39 /);
  assert.match(screen.text(), /40 of 40/);
  await screen.press('page-up');
  assert.doesNotMatch(screen.selected(), / r39 /);
  await screen.press('g', 'g');
  assert.match(screen.selected(), /split brain/);
  await screen.close();
});

test('Tab goes through the panes in a circle', async () => {
  const screen = await openScreen();
  await screen.press('tab');
  assert.match(screen.text(), /10\.0\.0\.11:9422/);
  await screen.press('shift-tab', 'shift-tab');
  assert.match(screen.text(), /drbdadm status/);
  await screen.close();
});

test('details show sides, text, a table, history and commands', async () => {
  const screen = await openScreen({ columns: 160, rows: 60 });
  await screen.press('3', 'enter');
  const text = screen.text();
  assert.match(text, /connection +StandAlone ● +StandAlone ●/);
  assert.match(text, /What happened +The link was lost/);
  assert.match(text, /│ 4:0:0:1 │ failed │ 12 +│/);
  assert.match(text, /HISTORY\n written +[▁▂▃▄▅▆▇█]+ +now +38\.0 MiB\/s +least .* most /);
  assert.match(text, /PROBLEMS\n ● split brain/);
  assert.match(text, /drbdadm show-gi r0/);
  await screen.close();
});

test('a table that is scrolled half out of sight keeps its other half', async () => {
  const screen = await openScreen();
  await screen.press('3', 'enter', 'ctrl-d');
  assert.match(screen.text(), /│ path +│ state +│ errors │/);
  assert.match(screen.text(), /│ 4:0:0:1 │ failed │ 12 +│/);
  await screen.close();
});

test('a problem opens with its meaning, its proof and its past', async () => {
  const screen = await openScreen({ rows: 40 });
  await screen.press('enter');
  const text = screen.text();
  assert.match(text, /What is +both sides wrote after/);
  assert.match(text, /What it means +Each side has data/);
  assert.match(text, /What to do +Keep the side/);
  assert.match(text, /fiori {2}cat \/proc\/drbd\n {3}0: cs:StandAlone/);
  assert.match(text, /WHAT HAPPENED\n 14:01:11 {2}✓ split brain was seen/);
  await screen.close();
});

test('a cause names its consequences, and they are shown beneath it on demand', async () => {
  const screen = await openScreen({ rows: 40 });
  await screen.press('m');
  assert.match(screen.text(), /path lost.*\n.*└ storage slow +sr-1/);
  await screen.press('j', 'enter');
  assert.match(screen.text(), /brings about +storage slow sr-1/);
  await screen.close();
});

test('what goes away while it is looked at says so', async () => {
  const screen = await openScreen();
  await screen.press('enter');
  await screen.change({ problems: [] });
  assert.match(screen.text(), /It is gone: the hosts no longer report it/);
  await screen.close();
});

test('until every host was asked, nothing is called good', async () => {
  const base = aCalmWorld();
  const hosts = base.hosts.map((host, at) =>
    at < 6 ? host : { ...host, phase: 'connecting' as const },
  );
  const screen = await openScreen({ world: aCalmWorld({ hosts, complete: false }) });
  assert.match(screen.text(), /⟳ asking 9 hosts… {2}6 answered so far/);
  assert.match(screen.text(), /6 of 9 hosts/);
  await screen.change({ hosts: base.hosts, complete: true });
  assert.match(screen.text(), /✓ nothing is wrong/);
  await screen.close();
});

test('a fleet of which a part is silent is not called good', async () => {
  const base = aCalmWorld();
  const hosts = base.hosts.map((host, at) =>
    at === 0 ? { ...host, phase: 'down' as const } : host,
  );
  const screen = await openScreen({ world: aCalmWorld({ hosts }) });
  assert.match(screen.text(), /◌ nothing wrong is seen, but 1 host does not answer/);
  await screen.close();
});

test('ages go on when nothing else does', async () => {
  const screen = await openScreen();
  await screen.pass(60_000);
  assert.match(screen.selected(), /13 m/);
  assert.match(screen.text(), /14:03:11/);
  await screen.close();
});

test('a second that goes by redraws only what shows time', async () => {
  const screen = await openScreen({ world: aCalmWorld() });
  screen.output.written = '';
  await screen.pass(1000);
  const rows = [...screen.output.written.matchAll(/\u001B\[(\d+);1H/g)].map(([, row]) => row);
  assert.deepEqual(rows, ['1']);
  await screen.close();
});

test('polls that stopped are told by how long ago the last answer came', async () => {
  const probe = {
    id: 'p',
    title: '',
    every: 1000,
    scope: 'host' as const,
    read: () => Promise.reject(new Error()),
  };
  const at = aWorld().at;
  const reading = {
    probe,
    host: 'kvm-1',
    asked: [],
    at,
    kind: 'fresh' as const,
    value: 1,
    unread: [],
  };
  const screen = await openScreen({ world: aWorld({ readings: [reading] }) });
  assert.doesNotMatch(screen.text(), /no answer/);
  await screen.pass(45_000);
  assert.match(screen.text(), /no answer 45 s/);
  await screen.close();
});
