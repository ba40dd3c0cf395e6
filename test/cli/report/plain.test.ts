import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printJson, toPlain } from '../../../source/cli/report/plain.js';

test('values that JSON lacks become what it has', () => {
  const value = {
    map: new Map([['a', 1]]),
    set: new Set(['x']),
    date: new Date(0),
    big: 2n ** 70n,
    none: Number.NaN,
    missing: undefined,
    nothing: null,
  };
  assert.deepEqual(toPlain(value), {
    map: { a: 1 },
    set: ['x'],
    date: '1970-01-01T00:00:00.000Z',
    big: '1180591620717411303424',
    none: null,
    nothing: null,
  });
});

test('a value nested as deep as a hostile host can nest it is cut off, not a crash', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 50_000; i += 1) deep = [deep];
  assert.match(printJson(deep), /…/);
});

test('a key that JavaScript treats specially is a key like any other', () => {
  const value: unknown = JSON.parse('{"__proto__": {"a": 1}}');
  assert.equal(JSON.stringify(toPlain(value)), '{"__proto__":{"a":1}}');
});
