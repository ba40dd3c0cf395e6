import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openScreen } from '../support/term.js';
import { aFinding, aProblem, aRow, aWorld } from '../support/world.js';

for (const key of ['q', 'F10', 'ctrl-c']) {
  test(`${key} quits and leaves the terminal as it was`, async () => {
    const screen = await openScreen();
    assert.equal(screen.output.emulator.buffer.active.type, 'alternate');
    assert.equal(screen.input.raw, true);
    await screen.press(key);
    assert.equal(await screen.ended, 'quit');
    await screen.idle();
    assert.equal(screen.output.emulator.buffer.active.type, 'normal');
    assert.equal(screen.input.raw, false);
    assert.match(screen.output.written, /\u001B\[\?2004l/);
    assert.ok(
      screen.output.written.lastIndexOf('\u001B[?25h') >
        screen.output.written.lastIndexOf('\u001B[?25l'),
    );
    assert.deepEqual(screen.watches[0]?.asked, ['stop']);
    assert.equal(screen.lines().join(''), '', 'something was left on the normal screen');
  });
}

test('a terminal that went away ends the console', async () => {
  const screen = await openScreen();
  screen.output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  assert.equal(await screen.ended, 'gone');
});

test('a window that is too small says so, and comes back when it grows', async () => {
  const screen = await openScreen({ columns: 60, rows: 20 });
  assert.match(
    screen.text(),
    /The window is too small\.\nIt has 60 x 20; holdfast needs 80 x 24\./,
  );
  await screen.press('a', 'enter');
  assert.deepEqual(screen.watches[0]?.asked, []);
  await screen.resize(80, 24);
  assert.match(screen.selected(), /split brain/);
  await screen.resize(79, 24);
  assert.match(screen.text(), /It has 79 x 24/);
  await screen.press('q');
  assert.equal(await screen.ended, 'quit');
});

test('a resize draws everything anew at the new size', async () => {
  const screen = await openScreen({ columns: 160, rows: 50 });
  await screen.press('3');
  await screen.resize(80, 24);
  assert.equal(screen.lines().length, 24);
  assert.match(screen.lines()[2] ?? '', /^─{80}$/);
  assert.match(screen.lines()[23] ?? '', /q quit$/);
  await screen.resize(120, 30);
  assert.match(screen.lines()[2] ?? '', /^─{120}$/);
  await screen.close();
});

test('Ctrl-L draws everything anew', async () => {
  const screen = await openScreen();
  screen.output.emulator.write('\u001B[2Jnoise');
  await screen.press('ctrl-l');
  assert.match(screen.text(), /^ holdfast/);
  assert.doesNotMatch(screen.text(), /noise/);
  await screen.close();
});

test('an ASCII terminal gets ASCII alone', async () => {
  const screen = await openScreen({ env: { LANG: 'C' } });
  for (const key of [
    '1',
    '2',
    '3',
    'enter',
    'escape',
    '4',
    '5',
    '6',
    '?',
    'escape',
    'a',
    'escape',
    ':',
  ]) {
    await screen.press(key);
    assert.match(screen.text(), /^[\x20-\x7e\n]*$/, key);
  }
  assert.doesNotMatch(screen.output.written, /[^\x00-\x7f]/);
  await screen.press('escape', '1');
  assert.match(screen.text(), />! split brain/);
  assert.match(screen.text(), /torchio -> fiori +\[#+ +\]/);
  await screen.close();
});

test('NO_COLOR gets no colours, and the selection is still seen', async () => {
  const screen = await openScreen({ env: { NO_COLOR: '1' } });
  await screen.press('3');
  assert.doesNotMatch(screen.output.written, /\u001B\[[0-9;]*(?:3[0-8]|4[0-8]|9[0-7])m/);
  assert.match(screen.selected(), /▌● r0/);
  await screen.close();
});

test('a terminal of 16 colours gets no others', async () => {
  const screen = await openScreen({ env: { TERM: 'linux' } });
  assert.match(screen.output.written, /\u001B\[31m●/);
  assert.doesNotMatch(screen.output.written, /38;5/);
  await screen.close();
});

test('nothing that a host says drives the terminal', async () => {
  const evil = '\u001B[2J\u001B]0;pwned\u0007\u001B[31mred\r\n\u009B5A\u202Egnp';
  const row = aRow('evil', [evil, evil], {
    details: () => ({
      title: evil,
      tone: 'alert',
      state: evil,
      blocks: [
        { kind: 'facts', rows: [{ label: evil, value: { text: evil } }] },
        { kind: 'text', label: evil, text: evil },
        { kind: 'lines', label: evil, lines: [evil] },
        { kind: 'table', label: evil, columns: [{ title: 'a', min: 5 }], rows: [[{ text: evil }]] },
        {
          kind: 'sides',
          sides: [evil],
          rows: [{ label: evil, values: [{ text: evil }], remark: { text: evil } }],
        },
      ],
      commands: [{ says: evil, line: evil }],
    }),
  });
  const cell = { text: evil };
  const stack = {
    id: 'evil',
    title: evil,
    summary: { tone: 'alert' as const, first: cell, second: cell, third: cell },
    drawing: {
      columns: [
        { title: evil, min: 20 },
        { title: evil, min: 20 },
      ],
      rows: [row],
      empty: '',
      head: [cell],
    },
  };
  const finding = aFinding({
    title: evil,
    subject: evil,
    hosts: [evil],
    says: evil,
    means: evil,
    todo: evil,
    evidence: [{ host: evil, command: evil, lines: [evil] }],
  });
  const world = aWorld({
    cluster: evil,
    stacks: [stack],
    problems: [aProblem(finding)],
    running: [{ id: 'x', title: evil }],
    events: [{ id: 1, at: 0, tone: 'alert', subject: evil, says: evil }],
    log: [
      {
        id: 1,
        at: 0,
        host: evil,
        says: evil,
        commands: [{ line: evil, ended: evil, tone: 'alert', took: 1 }],
      },
    ],
  });
  const screen = await openScreen({ world, columns: 120, rows: 50 });
  void screen.asker.hostKey({ host: evil, target: evil, type: evil, fingerprint: evil });
  await screen.idle();
  await screen.press('escape');
  for (const key of [
    'enter',
    'e',
    'escape',
    'x',
    'escape',
    'escape',
    '2',
    'enter',
    'x',
    '4',
    '5',
    ':',
    'escape',
    '1',
    'a',
  ]) {
    await screen.press(key);
    assert.match(screen.lines()[0] ?? '', /^ holdfast/, key);
  }
  await screen.close();
  // Of the terminal's controls only those that the console itself uses were sent.
  const ours = /\u001B\[\?(?:1049|25|2026|2004)[hl]|\u001B\[[0-9;]*[mHJK]/g;
  const rest = screen.output.written.replace(ours, '');
  assert.doesNotMatch(rest, /[\u0000-\u001F\u007F-\u009F\u202A-\u202E]/);
  assert.doesNotMatch(screen.output.written, /\u001B\[31mred/);
  assert.match(screen.output.written, /\^\[\[2J/);
});

test('pasted text is never taken for keys', async () => {
  const screen = await openScreen();
  await screen.paste('qqqR');
  assert.match(screen.text(), /^ holdfast/);
  assert.deepEqual(screen.watches[0]?.asked, []);
  await screen.close();
});
