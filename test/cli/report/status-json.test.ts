import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { printJson } from '../../../source/cli/report/plain.js';
import { statusJson } from '../../../source/cli/report/status-json.js';
import type { World } from '../../../source/engine/watch/world.js';
import { failureOf, fakeProbe } from '../../support/fleet.js';
import { hostUp, problem, world, WORLD_AT } from '../../support/report-world.js';

const documentation = new URL('../../../../docs/status-json.md', import.meta.url);

/** A world in which every key that may be left out is there. */
function fullWorld(): World {
  const reading = { probe: fakeProbe('p', 'host'), host: 'fiori', asked: [], at: WORLD_AT };
  const failure = failureOf('it hung');
  const evidence = [{ host: 'fiori', command: 'cat /proc/drbd', lines: ['cs:StandAlone'] }];
  return world({
    hosts: [hostUp('fiori', { took: 120 }), hostUp('torchio', { phase: 'down', failure })],
    problems: [
      problem('A', { severity: 'alert', evidence }, { causes: ['B/it'] }),
      problem('B', {}, { causedBy: 'A/it' }),
    ],
    running: [
      {
        id: 'r1',
        title: 'resync r1',
        share: 0.5,
        bytesPerSecond: 1,
        secondsLeft: 9,
        stalled: true,
      },
    ],
    readings: [
      { ...reading, kind: 'fresh', value: { nested: 1 }, unread: [], partial: failure },
      { ...reading, kind: 'absent', because: 'not installed' },
    ],
  });
}

/** `hosts[].name` for each value; what a probe read is not looked into. */
function paths(value: unknown, path = ''): readonly string[] {
  if (path === 'readings[].value') return [path];
  if (Array.isArray(value)) return value.flatMap((item) => paths(item, `${path}[]`));
  if (value === null || typeof value !== 'object') return [path];
  const beneath = Object.entries(value).flatMap(([key, item]) =>
    paths(item, path === '' ? key : `${path}.${key}`),
  );
  return beneath;
}

/** The keys documented: the first cell of each table row. */
function documented(): readonly string[] {
  const text = readFileSync(documentation, 'utf8');
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
}

function printed(of: World): unknown {
  return JSON.parse(printJson(statusJson(of, 2, '1.2.3')));
}

test('the keys that are documented are those that are printed', () => {
  const found = new Set(paths(printed(fullWorld())));
  // Lists that hold nothing here are printed as empty lists.
  const lists = ['hosts[].stacks', 'problems[].hosts', 'problems[].causes', 'readings[].unread'];
  const keys = [...found, ...lists].map((key) => key.replace(/\[\]$/, ''));
  assert.deepEqual([...new Set(documented())].sort(), [...new Set(keys)].sort());
});

test('the shape of a report', () => {
  const report = printed(world({ hosts: [hostUp('fiori')] }));
  assert.deepEqual(report, {
    holdfast: { version: '1.2.3', schema: 1 },
    cluster: 'main',
    at: '2026-11-20T14:02:11.000Z',
    exit: 2,
    complete: true,
    hosts: [
      {
        name: 'fiori',
        target: 'root@fiori',
        state: 'up',
        since: '2026-11-20T14:00:41.000Z',
        tookMs: null,
        hostname: null,
        os: null,
        kernel: null,
        root: null,
        clockOffsetMs: null,
        stacks: ['fake'],
      },
    ],
    stacks: [{ id: 'fake', title: 'Fake', state: 'good', summary: ['2/2 servers', '', ''] }],
    problems: [],
    running: [],
    readings: [],
  });
});

test('a reading says its state, and has what that state has', () => {
  const reading = { probe: fakeProbe('p', 'host'), host: 'fiori', asked: [], at: WORLD_AT };
  const failure = failureOf('it hung');
  const at = '2026-11-20T14:02:11.000Z';
  const base = { probe: 'p', host: 'fiori', at };
  const report = printed(
    world({
      readings: [
        { ...reading, kind: 'fresh', value: new Map([['r0', 1]]), unread: ['odd'] },
        { ...reading, kind: 'stale', value: 1, unread: [], failure, failedAt: WORLD_AT },
        { ...reading, kind: 'absent', because: 'not installed' },
        { ...reading, kind: 'failed', failure },
      ],
    }),
  );
  assert.ok(report !== null && typeof report === 'object' && 'readings' in report);
  assert.deepEqual(report.readings, [
    { ...base, state: 'fresh', value: { r0: 1 }, unread: ['odd'] },
    { ...base, state: 'stale', value: 1, failure, unread: [] },
    { ...base, state: 'absent', because: 'not installed', unread: [] },
    { ...base, state: 'failed', failure, unread: [] },
  ]);
});
