import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findingKey } from '../../source/core/finding.js';
import { hostNode, mountsOf } from '../../source/core/graph.js';
import { isKnown, Now, type Reading } from '../../source/core/probe.js';
import type { Column, Drawing } from '../../source/core/pane.js';
import type { Stack } from '../../source/core/stack.js';
import { stacks } from '../../source/stacks/index.js';
import { fixturesFolder, recordedNow, situations } from '../support/recordings.js';

/** Between two columns; the left and the right margin are what 80 cells have more than 78. */
const GAP = 2;
const ROOM = 78;

function noneTwice(what: string, ids: readonly string[]): void {
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
    `${what} that occur twice`,
  );
}

test('the ids of stacks, probes and inspectors are unique and well-formed', () => {
  const probes = stacks.flatMap((stack) => stack.probes);
  const inspectors = stacks.flatMap((stack) => stack.inspectors);
  noneTwice(
    'stacks',
    stacks.map(({ id }) => id),
  );
  noneTwice(
    'probes',
    probes.map(({ id }) => id),
  );
  noneTwice(
    'inspectors',
    inspectors.map(({ id }) => id),
  );
  for (const stack of stacks) {
    assert.match(stack.id, /^[a-z][a-z0-9-]*$/);
    for (const { id, every, title } of stack.probes) {
      assert.ok(id.startsWith(`${stack.id}.`), `${id} does not begin with its stack's id`);
      assert.ok(every >= 1000 && title !== '', id);
    }
  }
  for (const { id, reads } of inspectors) {
    assert.match(id, /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/);
    assert.notEqual(reads.trim(), '', id);
  }
});

test('every inspector reads its own sample with nothing left unread', () => {
  for (const { id, sample, inspect } of stacks.flatMap((stack) => stack.inspectors)) {
    const result = inspect(sample);
    assert.ok(result.ok, `${id}: ${JSON.stringify(result)}`);
    assert.deepEqual([...result.unread, ...result.value.unread], [], id);
  }
});

/** What must never reach a terminal; the same characters as core/text.ts makes visible. */
const UNSAFE =
  /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/;
/** Keys whose values are names for machines. */
const NOT_DRAWN = new Set(['id', 'key', 'sort', 'about', 'remedies', 'metrics', 'hosts']);

/** All texts in a drawn thing that would drive a terminal, with the way to them. */
function unsafeTexts(value: unknown, way = ''): string[] {
  if (typeof value === 'string')
    return UNSAFE.test(value) ? [`${way}: ${JSON.stringify(value)}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    NOT_DRAWN.has(key) ? [] : unsafeTexts(inner, `${way}.${key}`),
  );
}

/** All that a stack makes of a moment is made, and none of its texts would drive a terminal. */
function assertSafe(stack: Stack, now: Now, where: string): void {
  const drawing = stack.pane.draw(now);
  const drawn = {
    findings: stack.diagnose(now),
    drawing,
    details: drawing.rows.map((row) => row.details()),
    summary: stack.pane.summary(now),
    running: stack.pane.running(now),
    metrics: stack.pane.metrics(now),
  };
  const found = unsafeTexts(drawn).slice(0, 5);
  assert.deepEqual(found, [], `${where}: texts that would drive a terminal`);
}

function assertDrawable(stack: Stack, now: Now, where: string): void {
  assertSafe(stack, now, where);
  const findings = stack.diagnose(now);
  for (const { code, says } of findings) {
    assert.match(code, /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/, where);
    assert.notEqual(says, '', `${where}: ${code} says nothing`);
  }
  noneTwice(`${where}: findings`, findings.map(findingKey));
  assertTable(stack.pane.draw(now), where);
  const metrics = stack.pane.metrics(now);
  noneTwice(
    `${where}: metrics`,
    metrics.map(({ key }) => key),
  );
  for (const { key, value } of metrics) assert.ok(Number.isFinite(value), `${where}: ${key}`);
  assertGraph(stack, now, where);
}

function assertTable({ columns, rows }: Drawing, where: string): void {
  noneTwice(
    `${where}: rows`,
    rows.map(({ id }) => id),
  );
  for (const { id, cells } of rows) assert.equal(cells.length, columns.length, `${where}: ${id}`);
  const kept = columns.filter((column: Column) => (column.drop ?? 0) === 0);
  const width = kept.reduce((sum, { min }) => sum + min, 0) + GAP * Math.max(0, kept.length - 1);
  assert.ok(width <= ROOM, `${where}: the columns that never go need ${width} cells`);
}

function assertGraph(stack: Stack, now: Now, where: string): void {
  const { nodes, edges, aliases = [] } = stack.graph(now);
  const known = new Set([
    ...nodes.map(({ id }) => id),
    ...aliases.flat(),
    ...now.hosts.map((h) => hostNode(h.name)),
  ]);
  // A folder is found its mount when all stacks have spoken.
  const loose = edges
    .flatMap(({ upper, lower }) => [upper, lower])
    .filter((id) => !known.has(id) && mountsOf(id).length === 0);
  assert.deepEqual([...new Set(loose)], [], `${where}: ends of edges that are no nodes`);
  for (const { upper, group, needs } of edges) assert.ok(needs >= 0, `${where}: ${upper} ${group}`);
}

/** What a host could say to drive the terminal of whoever looks; JSON allows it inside a text. */
const POISON = '\u009b2J\u202e';

/** Puts the poison behind one word of each line: behind the first, the second, … */
function poisonWord(nth: number): (output: string) => string {
  return (output) =>
    output
      .split('\n')
      .map((line) => {
        const word = [...line.matchAll(/[A-Za-z][\w.-]*/g)][nth];
        if (!word) return line;
        const end = word.index + word[0].length;
        return line.slice(0, end) + POISON + line.slice(end);
      })
      .join('\n');
}

/** A copy of a value in which every text is poisoned that is no plain word, as our own words are. */
function poisoned(value: unknown): unknown {
  if (typeof value === 'string') return /^[A-Za-z_ -]{0,40}$/.test(value) ? value : value + POISON;
  if (Array.isArray(value)) return value.map(poisoned);
  if (value instanceof Map) return new Map([...value].map(([k, inner]) => [k, poisoned(inner)]));
  if (value instanceof Set) return new Set([...value].map(poisoned));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, inner]) => [k, poisoned(inner)]));
}

function poisonedNow(stack: Stack, now: Now): Now {
  const readings = stack.probes
    .flatMap((probe) => now.of(probe))
    .map((reading) => {
      if (!isKnown(reading)) return reading;
      const unread = [...reading.unread, `unread${POISON}`];
      return { ...reading, value: poisoned(reading.value), unread };
    });
  return new Now(now.at, now.hosts, readings);
}

/** The same moment after every host has been lost: all values are old. */
function staleNow(stack: Stack, now: Now): Now {
  const failure = { what: 'no answer in 8 s', where: 'here', means: 'It hangs.', todo: 'Wait.' };
  const readings = stack.probes
    .flatMap((probe) => now.of(probe))
    .map((reading): Reading<unknown> => {
      const { probe, host, asked, at } = reading;
      const base = { probe, host, asked, at, failure };
      if (!isKnown(reading)) return { ...base, kind: 'failed' };
      const { value, unread } = reading;
      return { ...base, kind: 'stale', value, unread, failedAt: now.at };
    });
  return new Now(
    now.at,
    now.hosts.map((host) => ({ ...host, phase: 'down' as const })),
    readings,
  );
}

for (const stack of stacks) {
  test(`${stack.id}: there are recordings`, () => {
    assert.ok(existsSync(join(fixturesFolder, stack.id)));
    assert.notEqual(situations(stack.id).length, 0);
  });

  for (const situation of existsSync(join(fixturesFolder, stack.id)) ? situations(stack.id) : []) {
    const where = `${stack.id}/${situation}`;

    test(`${where}: is diagnosed and drawn`, async () => {
      const now = await recordedNow(stack, situation);
      assertDrawable(stack, now, where);
      assertDrawable(stack, staleNow(stack, now), `${where}, all hosts lost`);
    });

    test(`${where}: what hosts say cannot drive the terminal`, async () => {
      const now = await recordedNow(stack, situation);
      assertSafe(stack, poisonedNow(stack, now), `${where}, hostile names`);
      for (const nth of [0, 1, 2, 3, 4, 5]) {
        const hostile = await recordedNow(stack, situation, poisonWord(nth));
        assertSafe(stack, hostile, `${where}, hostile word ${nth + 1}`);
      }
    });
  }
}

test('a stack about which nothing is known yet is drawn', () => {
  for (const stack of stacks) assertDrawable(stack, new Now(0, [], []), stack.id);
});
