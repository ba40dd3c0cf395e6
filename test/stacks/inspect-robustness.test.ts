import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Inspector } from '../../source/core/inspector.js';
import { stacks } from '../../source/stacks/index.js';

const inspectors = stacks.flatMap((stack) => stack.inspectors);

/** An answer, whichever: never an exception, and never a line that is not there. */
function assertAnswers({ id, inspect }: Inspector, text: string): void {
  const result = inspect(text);
  if (result.ok) {
    assert.equal(typeof result.unread.length, 'number', id);
    return;
  }
  assert.notEqual(result.expected, '', id);
  assert.ok(
    result.line >= 1 && result.line <= text.split('\n').length + 1,
    `${id}: ${result.line}`,
  );
}

/** Text as it comes from a host: any bytes, decoded. */
const anyBytes = fc.uint8Array({ maxLength: 400 }).map((b) => Buffer.from(b).toString('utf8'));

/** Any part of the text, put before, after or in the middle of other parts. */
function spliced(sample: string): fc.Arbitrary<string> {
  const at = fc.nat({ max: sample.length });
  const part = fc.tuple(at, at).map(([a, b]) => sample.slice(Math.min(a, b), Math.max(a, b)));
  return fc.array(fc.oneof(part, anyBytes), { maxLength: 6 }).map((parts) => parts.join(''));
}

/** Words that have undone objects used as dictionaries, and numbers at the edge. */
const awkward = fc.constantFrom(
  ...['__proto__', 'constructor', 'toString', 'null', '-1', '0', '1e999', '9'.repeat(40), '%', ''],
);

/** The sample with one of its words put otherwise. */
function reworded(sample: string): fc.Arbitrary<string> {
  const words = [...sample.matchAll(/[^\s"':,[\](){}=]+/g)];
  if (words.length === 0) return fc.constant(sample);
  return fc.tuple(fc.constantFrom(...words), awkward).map(([{ 0: word, index }, other]) => {
    return sample.slice(0, index) + other + sample.slice(index + word.length);
  });
}

for (const inspector of inspectors) {
  const { id, sample } = inspector;

  test(`${id}: any bytes are answered`, () => {
    fc.assert(fc.property(anyBytes, (text) => assertAnswers(inspector, text)));
  });

  test(`${id}: a genuine output cut off anywhere is answered`, () => {
    const step = Math.max(1, Math.floor(sample.length / 300));
    for (let end = 0; end <= sample.length; end += step) {
      assertAnswers(inspector, sample.slice(0, end));
      assertAnswers(inspector, sample.slice(end));
    }
  });

  test(`${id}: pieces of a genuine output in any order, and words changed, are answered`, () => {
    fc.assert(fc.property(spliced(sample), (text) => assertAnswers(inspector, text)));
    fc.assert(fc.property(reworded(sample), (text) => assertAnswers(inspector, text)));
  });
}

/**
 * How long a pass over a text takes that does next to nothing: as busy a machine as the one that
 * the parser is measured on, in the same minute.
 */
function trivialPass(text: string): number {
  const start = spent();
  let blanks = 0;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) === 32) blanks += 1;
  assert.ok(blanks >= 0);
  return spent() - start;
}

/** Our own processor time in ms: what else the machine does must not fail a test. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Less than this, in ms, is noise of the clock and of the collector of garbage. */
const NOISE = 500;

/**
 * A trivial pass makes some hundred MB/s on an idle machine; the promise is 1 MB/s. A parser whose
 * time grows with the square of its input misses this by orders of magnitude.
 */
function assertFast(inspector: Inspector, text: string, what: string): void {
  const floor = Math.max(trivialPass(text), text.length / 400_000);
  const allowed = Math.max(NOISE, floor * 400);
  const start = spent();
  assertAnswers(inspector, text);
  const took = spent() - start;
  assert.ok(
    took <= allowed,
    `${inspector.id}, ${what}: ${Math.round(took)} ms for ${text.length} characters; at most ${Math.round(allowed)}`,
  );
}

const MEBI = 1024 * 1024;

/** Lines of one kind that invite a pattern to try again and again. */
function longLines(sample: string): readonly (readonly [string, string])[] {
  const lines = sample.split('\n').filter((line) => line.trim() !== '');
  const longest = lines.reduce((a, b) => (b.length > a.length ? b : a), '');
  const repeated = (unit: string): string => unit.repeat(Math.ceil((4 * MEBI) / unit.length));
  return [
    ['a line of blanks', repeated(' ')],
    ['a line of digits', repeated('1')],
    ['a line of brackets', repeated('[')],
    ['a line of braces', repeated('{"a":')],
    ['a line of escapes', repeated('\u001b[')],
    ['its first line without end', repeated(lines[0] ?? 'x')],
    ['its longest line without end', longest + repeated(longest.slice(-8))],
    ['its first word without end', repeated(`${lines[0]?.trim().split(/\s+/)[0] ?? 'x'} `)],
  ];
}

for (const inspector of inspectors) {
  const { id, sample } = inspector;

  test(`${id}: a line of 4 MiB costs linear time`, () => {
    for (const [what, line] of longLines(sample)) {
      assertFast(inspector, line, what);
      assertFast(inspector, `${sample}\n${line}\n${sample}`, `${what}, in a genuine output`);
    }
  });

  test(`${id}: 60,000 lines of a genuine output cost linear time`, () => {
    const lines = sample.split('\n');
    const many = Array.from({ length: 60_000 }, (_, i) => lines[i % lines.length] ?? '');
    assertFast(inspector, many.join('\n'), 'the sample again and again');
    for (const line of new Set(lines)) {
      assertFast(inspector, Array.from({ length: 10_000 }, () => line).join('\n'), `"${line}"`);
    }
  });
}

test('there is an answer for an empty text and for one that is only newlines', () => {
  for (const inspector of inspectors) {
    for (const text of ['', '\n', '\r\n\r\n', '\0']) assertAnswers(inspector, text);
  }
});
