import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScreenWriter } from '../../../source/ui/terminal/screen-writer.js';
import { FakeOutput } from '../../support/term.js';

test('only lines that changed are sent, in one synchronized update', () => {
  const output = new FakeOutput(80, 24);
  const writer = new ScreenWriter(output);
  writer.enter();
  writer.write('one\ntwo\nthree\n');
  output.written = '';
  writer.write('\u001B[2K\u001B[1A\u001B[2K\u001B[1A\u001B[2K\u001B[Gone\n2\nthree\n');
  assert.equal(output.written, '\u001B[?2026h\u001B[2;1H\u001B[0m\u001B[K2\u001B[0m\u001B[?2026l');
});

test('a frame that did not change sends nothing', () => {
  const output = new FakeOutput(80, 24);
  const writer = new ScreenWriter(output);
  writer.enter();
  writer.write('one\n');
  output.written = '';
  writer.write('one\n');
  writer.write('\u001B[?25l');
  assert.equal(output.written, '');
});

test('a line as wide as the screen keeps its last character', async () => {
  const output = new FakeOutput(10, 3);
  const writer = new ScreenWriter(output);
  writer.enter();
  writer.write('0123456789\n');
  await output.idle();
  assert.equal(output.emulator.buffer.active.getLine(0)?.translateToString(), '0123456789');
});

test('after it was left nothing is drawn, and entering again draws all of it', () => {
  const output = new FakeOutput(80, 24);
  const writer = new ScreenWriter(output);
  writer.enter();
  writer.leave();
  output.written = '';
  writer.write('new\n');
  assert.equal(output.written, '');
  writer.enter();
  assert.match(output.written, /new/);
});

test('lines below a shorter frame are taken away', async () => {
  const output = new FakeOutput(20, 5);
  const writer = new ScreenWriter(output);
  writer.enter();
  writer.write('a\nb\nc\n');
  writer.write('a\n');
  await output.idle();
  assert.equal(output.emulator.buffer.active.getLine(2)?.translateToString(true), '');
});
