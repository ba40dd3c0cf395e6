import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { StorageGraph } from '../../../source/core/graph.js';
import { judge } from '../../../source/core/mute.js';
import { lizardfs } from '../../../source/stacks/lizardfs/index.js';
import { fixturesFolder, recordedNow, situations } from '../../support/recordings.js';

/** What each recorded situation must be called: open findings, then those muted as consequences. */
const expected: Readonly<
  Record<string, { readonly open: readonly string[]; readonly muted: readonly string[] }>
> = {
  healthy: { open: ['GOAL_ONE'], muted: [] },
  'one-cs-down': {
    open: ['CHUNKSERVER_DOWN', 'CHUNKS_LOST', 'GOAL_ONE'],
    muted: ['CHUNKS_ENDANGERED', 'CHUNKS_UNDERGOAL'],
  },
  'one-cs-down-after-replication': {
    open: ['CHUNKSERVER_DOWN', 'CHUNKS_LOST', 'GOAL_ONE'],
    muted: ['CHUNKS_ENDANGERED', 'CHUNKS_UNDERGOAL'],
  },
  'two-cs-down': {
    open: ['CHUNKSERVER_DOWN', 'CHUNKS_LOST', 'GOAL_ONE'],
    muted: ['CHUNKS_ENDANGERED'],
  },
  'all-cs-down': { open: ['CHUNKSERVER_DOWN', 'CHUNKS_LOST', 'GOAL_ONE'], muted: [] },
  'damaged-disk': { open: ['CHUNKS_LOST', 'DISK_DAMAGED', 'GOAL_ONE'], muted: [] },
  'disk-marked-for-removal': { open: ['DISK_REMOVAL', 'GOAL_ONE'], muted: [] },
  'disk-path-missing': { open: ['DISK_DAMAGED', 'GOAL_ONE'], muted: [] },
  'hung-cs': { open: ['CHUNKSERVER_SILENT', 'GOAL_ONE', 'PARTIAL'], muted: [] },
  'master-down': { open: ['NO_MASTER'], muted: [] },
  'hung-master': { open: ['NO_MASTER'], muted: [] },
  'asked-at-shadow': { open: ['ASKED_SHADOW'], muted: [] },
  'shadow-down': { open: ['GOAL_ONE', 'SHADOW_DOWN'], muted: [] },
  'two-masters': { open: ['GOAL_ONE', 'TWO_MASTERS'], muted: [] },
  promoted: { open: ['CHUNKS_LOST', 'GOAL_ONE', 'NO_CHUNKSERVER', 'NO_SHADOW'], muted: [] },
  'promoted-moved': { open: ['GOAL_ONE', 'NO_SHADOW'], muted: [] },
  'moosefs-healthy': { open: ['GOAL_ONE'], muted: [] },
  'moosefs-cs-stopped': {
    open: ['CHUNKSERVER_DOWN', 'CHUNKS_LOST', 'GOAL_ONE'],
    muted: ['CHUNKS_ENDANGERED', 'CHUNKS_UNDERGOAL'],
  },
  'moosefs-cs-dropped': {
    open: ['CHUNKSERVER_DOWN', 'CHUNKS_LOST', 'GOAL_ONE'],
    muted: ['CHUNKS_UNDERGOAL'],
  },
  'moosefs-cs-silent': { open: ['CHUNKSERVER_SILENT', 'GOAL_ONE', 'PARTIAL'], muted: [] },
  'moosefs-disk-lost': { open: ['CHUNKS_LOST', 'DISK_DAMAGED', 'GOAL_ONE'], muted: [] },
  'moosefs-master-down': { open: ['NO_MASTER'], muted: [] },
  'moosefs-master-hung': { open: ['NO_MASTER'], muted: [] },
};

test('every recorded situation has an expectation, and every expectation a recording', () => {
  assert.deepEqual([...situations('lizardfs')].sort(), Object.keys(expected).sort());
});

for (const situation of situations('lizardfs')) {
  test(`${situation}: the findings are exactly the expected ones`, async () => {
    const now = await recordedNow(lizardfs, situation);
    const judged = judge(lizardfs.diagnose(now), new StorageGraph([lizardfs.graph(now)]));
    const codes = (muted: boolean): readonly string[] => {
      const some = judged.filter(({ causedBy }) => (causedBy !== undefined) === muted);
      return [...new Set(some.map(({ finding }) => finding.code.replace(/^LIZARDFS_/, '')))].sort();
    };
    assert.deepEqual({ open: codes(false), muted: codes(true) }, expected[situation]);
    const keys = judged.map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
  });

  test(`${situation}: everything that was printed is understood`, async () => {
    const now = await recordedNow(lizardfs, situation);
    for (const probe of lizardfs.probes) {
      for (const reading of now.of(probe)) {
        if (reading.kind === 'fresh') assert.deepEqual(reading.unread, []);
      }
    }
  });

  test(`${situation}: pane and details can be drawn`, async () => {
    const now = await recordedNow(lizardfs, situation);
    const { rows, columns, empty } = lizardfs.pane.draw(now);
    assert.notEqual(empty, '');
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    for (const row of rows) {
      assert.equal(row.cells.length, columns.length);
      const { title, state, blocks } = row.details();
      assert.ok(title !== '' && state !== '' && blocks.length > 0);
    }
    const { metrics, summary, running } = lizardfs.pane;
    assert.notEqual(summary(now).first.text, '');
    const keys = metrics(now).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
    for (const { share = 0 } of running(now)) assert.ok(share >= 0 && share <= 1);
  });
}

test('every recorded output of the tool is understood by its inspector as a whole', () => {
  const byWords = new Map(
    lizardfs.inspectors.map((inspector) => [inspector.reads.split(' ')[1], inspector]),
  );
  let read = 0;
  for (const situation of situations('lizardfs')) {
    const folder = join(fixturesFolder, 'lizardfs', situation);
    for (const host of readdirSync(folder)) {
      for (const file of readdirSync(join(folder, host))) {
        const words = /^([a-z-]+?)(?:-127[\d.]+)?\.txt$/.exec(file)?.[1];
        const inspector = byWords.get(words);
        if (!inspector) continue;
        const result = inspector.inspect(readFileSync(join(folder, host, file), 'utf8'));
        assert.deepEqual(result.ok && result.unread, [], `${situation}/${host}/${file}`);
        read += 1;
      }
    }
  }
  assert.ok(read > 100);
});
