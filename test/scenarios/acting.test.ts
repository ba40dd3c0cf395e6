import assert from 'node:assert/strict';
import { test } from 'node:test';
import { footerCommands } from '../../source/ui/keys/find.js';
import { openScreen } from '../support/term.js';
import { aWorld } from '../support/world.js';

test('a filter narrows as it is typed, is kept for its pane, and Esc takes it away', async () => {
  const screen = await openScreen();
  await screen.press('3', '/');
  await screen.type('r1 ');
  assert.match(screen.text(), /\/r1 ▏ {3}1 of 40|\/r1 ▏ {3}11 of 40/);
  await screen.press('enter', '5', '3');
  assert.match(screen.text(), /\/r1/);
  await screen.press('escape');
  assert.doesNotMatch(screen.text(), /\/r1/);
  await screen.close();
});

test('keys are letters while a filter is typed', async () => {
  const screen = await openScreen();
  await screen.press('3', '/', 'q', 's', 'backspace');
  assert.match(screen.text(), /\/q▏ {3}0 of 40/);
  assert.match(screen.text(), /Nothing matches “q”/);
  await screen.close();
});

test('the palette finds panes, commands, hosts and clusters', async () => {
  const screen = await openScreen({ options: { clusters: ['main', 'branch'] } });
  await screen.press(':');
  await screen.type('kvm-7');
  await screen.press('enter');
  assert.match(screen.text(), /Hosts › kvm-7/);
  await screen.press(':');
  await screen.type('events');
  await screen.press('enter');
  assert.match(screen.text(), /what happened/);
  await screen.press(':');
  await screen.type('branch');
  await screen.press('enter');
  assert.match(screen.text(), /holdfast {2}branch/);
  assert.deepEqual(
    screen.watches.map(({ asked }) => asked),
    [['stop'], []],
  );
  await screen.close();
});

test('a problem is acknowledged for a time that is chosen, and that is taken back', async () => {
  const screen = await openScreen();
  await screen.press('a');
  assert.match(screen.text(), /Acknowledge split brain r0/);
  await screen.press('down', 'enter');
  assert.deepEqual(screen.watches[0]?.asked, [`acknowledge SPLIT_BRAIN/r0 ${8 * 3_600_000}`]);
  assert.match(screen.text(), /· split brain .* seen, 8 h/);
  assert.match(screen.text(), /● 0/);
  await screen.press('g', 'down', 'down', 'down', 'down', 'down');
  assert.match(screen.selected(), /split brain/);
  await screen.press('a');
  assert.match(screen.text(), /● 1/);
  await screen.close();
});

test('Esc leaves a problem as it is', async () => {
  const screen = await openScreen();
  await screen.press('a', 'escape');
  assert.deepEqual(screen.watches[0]?.asked, []);
  assert.doesNotMatch(screen.text(), /Acknowledge split/);
  await screen.close();
});

test('pausing is said in the header, and refreshing asks again', async () => {
  const screen = await openScreen();
  await screen.press('p');
  assert.match(screen.text(), /paused/);
  await screen.press('p', 'R');
  assert.deepEqual(screen.watches[0]?.asked, ['pause', 'go on', 'refresh']);
  assert.match(screen.text(), /asking everything again/);
  await screen.close();
});

test('sorting goes by each column and says so', async () => {
  const screen = await openScreen();
  await screen.press('3', 's', 's', 's', 's', 's');
  assert.match(screen.text(), /sorted by size/);
  await screen.press('S', 'g', 'down', 'down');
  assert.match(screen.selected(), /888 GiB/);
  await screen.close();
});

test('what is selected goes to the clipboard of the terminal', async () => {
  const screen = await openScreen();
  await screen.press('3', 'x', 'y');
  const copied = /\u001B\]52;c;([^\u0007]*)\u0007/.exec(screen.output.written)?.[1] ?? '';
  assert.equal(Buffer.from(copied, 'base64').toString(), 'cat /proc/drbd');
  await screen.close();
});

test('a key that does nothing here says why', async () => {
  const screen = await openScreen();
  await screen.press('k', '!');
  assert.match(screen.text(), /no host is selected/);
  await screen.press('j', '!');
  assert.match(screen.text(), /there is no shell on fiori in a test/);
  await screen.press('C');
  assert.match(screen.text(), /there is only one cluster/);
  await screen.close();
});

test('the command log has the words and the exact commands, and the same key leaves it', async () => {
  const screen = await openScreen();
  await screen.press('c');
  assert.match(
    screen.text(),
    /kvm-3 +read mirrors\n.*drbdadm status +exit 0 +0\.2 s\n.*no answer in 8 s +8\.0 s/,
  );
  await screen.press('c');
  assert.match(screen.text(), /PROBLEMS/);
  await screen.close();
});

test('an event leads to its problem', async () => {
  const screen = await openScreen();
  await screen.press('5', 'enter');
  assert.match(screen.text(), /What it means/);
  await screen.close();
});

test('incidents are there only where the fleet is simulated, and that is always said', async () => {
  const plain = await openScreen();
  await plain.press('i');
  assert.doesNotMatch(plain.text(), /simulated/);
  await plain.close();
  let ran = 0;
  const incidents = [{ id: 'x', title: 'pull a path', says: '', run: () => (ran += 1) }];
  const screen = await openScreen({ options: { simulated: { says: '', incidents } } });
  assert.match(screen.text(), /holdfast {2}main {2}simulated/);
  await screen.press('i', 'enter');
  assert.equal(ran, 1);
  await screen.close();
});

test('a read-only cluster says so', async () => {
  const screen = await openScreen({ world: aWorld({ readOnly: true }) });
  assert.match(screen.text(), /read-only/);
  await screen.close();
});

test('the help says of each key what it does, and where it does nothing why', async () => {
  const screen = await openScreen({ rows: 140 });
  await screen.press('?');
  assert.match(screen.text(), / {3}PgUp {2}Ctrl-B +One page up\./);
  assert.match(
    screen.text(),
    /C +Watch another cluster\. \(not here: there is only one\s+cluster\)/,
  );
  await screen.press('?');
  assert.match(screen.text(), /PROBLEMS/);
  await screen.close();
});

test('every key in every footer does something', async () => {
  const places = [
    ['1'],
    ['2'],
    ['3'],
    ['4'],
    ['5'],
    ['6'],
    ['enter'],
    ['3', 'enter'],
    ['3', 'x'],
    ['?'],
    ['a'],
    [':'],
    ['3', '/'],
  ];
  const names: Readonly<Record<string, string>> = { '↑': 'up', '↓': 'down' };
  for (const place of places) {
    const probe = await openScreen({ options: { clusters: ['main', 'b'] } });
    await probe.press(...place);
    const commands = footerCommands(probe.desk.situation());
    assert.ok(commands.length > 0, place.join(' '));
    await probe.close();
    for (const { keys, id } of commands.filter((command) => command.id !== 'quit')) {
      const screen = await openScreen();
      await screen.press(...place);
      const before = { text: screen.text(), written: screen.output.written.length };
      const [key = ''] = keys;
      await screen.press(names[key] ?? key);
      const done =
        screen.text() !== before.text ||
        screen.output.written.length > before.written ||
        (screen.watches[0]?.asked.length ?? 0) > 0;
      assert.ok(done, `${key} (${id}) after ${place.join(' ')}`);
      await screen.close();
    }
  }
});
