import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopChunkserver } from '../../../../source/demo/fleet/daemons.js';
import { killMetadataServer } from '../../../../source/demo/fleet/metadata-servers.js';
import { missingChunks } from '../../../../source/stacks/lizardfs/recoveries/missing-chunks/recovery.js';
import { parseDefectiveFiles } from '../../../../source/stacks/lizardfs/tools/defective-files.js';
import { shellFleet, type ShellFleet } from '../../../support/lizard-console.js';

const gather = ({ hosts }: ShellFleet) => missingChunks.gather('goal 2', hosts);

test('what is missing is told by goal and file, with the servers that are away and why', async () => {
  const at = await shellFleet('disk-errors');
  stopChunkserver(at.fleet, 'lfs-3', true);
  stopChunkserver(at.fleet, 'xs-2', true);
  at.fleet.advance(2000);
  const found = await gather(at);
  assert.deepEqual([found.verdict, found.mendable, found.ways], ['chunks missing', false, []]);
  assert.match(found.happened, /chunks cannot be read.*2 chunkservers away/);
  assert.match(found.todo, /Bring back .*each a part of it.*Delete no file/s);
  const text = JSON.stringify(found.blocks);
  assert.match(text, /10\.20\.0\.13:9422.*lfs-3.*its chunkserver does not run/);
  assert.match(text, /cannot be read {3}\/xen-sr\/goal-2\/mail server\.vhd/);
});

test('with one server away it is the one that brings all of it back', async () => {
  const at = await shellFleet('disk-errors');
  stopChunkserver(at.fleet, 'lfs-3', true);
  at.fleet.lizardfs.owed = -1e9;
  at.fleet.advance(2000);
  const found = await gather(at);
  assert.equal(found.verdict, 'chunks endangered');
  assert.match(found.todo, /Bring back lfs-3: that brings back all of it/);
});

test('a healthy cluster has nothing missing, and one without a master cannot be judged', async () => {
  const at = await shellFleet('calm');
  assert.equal((await gather(at)).verdict, 'nothing is missing');
  killMetadataServer(at.fleet, 'xs-1');
  const found = await gather(at);
  assert.equal(found.verdict, 'no master');
  assert.match(found.todo, /lizardfs\.lost-master/);
});

test('paths with quotes and blanks are read whole, and noise is not taken for a file', () => {
  const read = parseDefectiveFiles('"/a "b" c" 7\n"/x" 1\nnoise\n"/y" 9\n');
  assert.ok(read.ok);
  assert.deepEqual(
    read.value.files.map(({ path, unavailable, structure }) => [path, unavailable, structure]),
    [
      ['/a "b" c', true, true],
      ['/x', true, false],
    ],
  );
  assert.deepEqual(read.unread, ['noise', '"/y" 9']);
});
