import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block, Details } from '../../../source/core/pane.js';
import { Now } from '../../../source/core/probe.js';
import { multipath } from '../../../source/stacks/multipath/index.js';
import { map, moment, session, type HostFacts } from './moment.js';

const { pane } = multipath;
const A = '192.0.2.2:3260';
const B = '192.0.2.130:3260';

const LOST: HostFacts = {
  maps: [map(['sda active ready', 'sdb failed faulty'])],
  sessions: [session('2', A, 'sda', 'up'), session('3', B, 'sdb', 'down')],
};
const WHOLE: HostFacts = {
  maps: [map(['sda active ready', 'sdb active ready'])],
  sessions: [session('2', A, 'sda', 'up')],
};

function texts(now: Now): string[] {
  return pane
    .draw(now)
    .rows.map(
      ({ cells, depth, tone }) =>
        `${'  '.repeat(depth ?? 0)}${cells.map((cell) => cell.text).join(' | ')} (${tone})`,
    );
}

function facts(details: Details | undefined): Record<string, string> {
  const isFacts = (block: Block) => block.kind === 'facts';
  const block = details?.blocks.find(isFacts);
  const rows = block?.kind === 'facts' ? block.rows : [];
  return Object.fromEntries(rows.map(({ label, value }) => [label, value.text]));
}

test('each map stands above its paths, with their portals and what they are worth', () => {
  assert.deepEqual(texts(moment({ 'kvm-1': LOST })), [
    'dados | kvm-1 | 1/2 | last path | LAB DISCO | 512 MiB | fails | rw (alert)',
    `  2:0:0:1 sda |  |  | active ready running | ${A} |  |  |  (good)`,
    `  2:0:0:1 sdb |  |  | failed faulty running | ${B} down |  |  |  (alert)`,
  ]);
});

test('the summary counts the paths of all maps, and names the portal that is away', () => {
  const { tone, first, second, third } = pane.summary(moment({ 'kvm-1': LOST, 'kvm-2': WHOLE }));
  assert.deepEqual(
    [tone, first.text, second.text, third.text],
    ['alert', '3 of 4 paths', 'last path dados@kvm-1', `portal ${B} away`],
  );
});

test('when all is well the summary says how much there is', () => {
  const { tone, first, second, third } = pane.summary(moment({ 'kvm-2': WHOLE }));
  assert.deepEqual(
    [tone, first.text, second.text, third.text],
    ['good', '2 of 2 paths', '1 map', ''],
  );
});

test('before anything was read nothing is said to be there or not there', () => {
  const nothing = new Now(0, [], []);
  assert.deepEqual(
    [pane.summary(nothing).first.text, pane.draw(nothing).empty],
    ['not read yet', 'Not read yet.'],
  );
  const none = moment({ fiori: { maps: [] } });
  assert.deepEqual(
    [pane.summary(none).first.text, pane.summary(none).tone, pane.draw(none).empty],
    ['no maps', 'muted', 'No multipath maps on these hosts.'],
  );
});

test('the kernel’s exact size is shown where it is known', () => {
  const kernel = { dm: 'dm-0', name: 'dados', wwid: '3600', sizeBytes: 3 * 1024 ** 3, members: [] };
  const now = moment({ fiori: { ...WHOLE, disks: { maps: [kernel], disks: [] } } });
  assert.equal(pane.draw(now).rows[0]?.cells[5]?.text, '3.0 GiB');
});

test('a map laid open says what is wrong, where else the disk is, and how to look by hand', () => {
  const [row, , path] = pane.draw(moment({ 'kvm-1': LOST, 'kvm-2': WHOLE })).rows;
  const details = row?.details();
  assert.equal(details?.state, 'last path');
  assert.equal(facts(details)['also on'], 'kvm-2 (2/2)');
  assert.equal(facts(details)['without a path'], 'I/O fails at once');
  assert.ok(details.commands.some(({ line }) => line === 'multipath -ll dados'));
  const inside = facts(path?.details());
  assert.deepEqual(
    [inside.portal, inside.session, inside.checker],
    [B, '3: transport wait, free, reopen', 'faulty'],
  );
});

test('a session whose disk is in no map is a row of its own', () => {
  const now = moment({ fiori: { maps: [], sessions: [session('7', A, 'sdx', 'up')] } });
  assert.deepEqual(texts(now), [
    `iqn.2004-10.example.lab:t | fiori |  | logged in, logged in, no change | ${A} |  |  |  (good)`,
  ]);
});

test('the usable paths of each map have a history', () => {
  assert.deepEqual(pane.metrics(moment({ 'kvm-1': LOST })), [
    {
      key: 'multipath.kvm-1/3600.usable',
      label: 'usable paths of dados@kvm-1',
      value: 1,
      unit: 'count',
    },
  ]);
});
