import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Host } from '../../source/core/host.js';
import { lookIntoMemory } from '../../source/tools/snapshot-memory.js';
import { localHost } from '../support/local-host.js';

const folder = mkdtempSync(join(tmpdir(), 'hf-memory-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A plain file stands for the device. */
const host: Host = {
  name: 'here',
  run: (command) =>
    localHost.run({ ...command, argv: command.argv.map((word) => word.replace('[ -b ', '[ -e ')) }),
};

const CHUNK = 8192;
const IN_A_TABLE = CHUNK / 16;

/** What the kernel writes (drivers/md/dm-snap-persistent.c): chunks of 16 sectors, so many exceptions. */
function memory(exceptions: number, valid = 1, magic = 'SnAp'): string {
  const tables = Math.floor(exceptions / IN_A_TABLE) + 1;
  const bytes = Buffer.alloc(CHUNK * (1 + tables * (IN_A_TABLE + 1)));
  bytes.write(magic, 0, 'latin1');
  [valid, 1, 16].forEach((value, at) => bytes.writeUInt32LE(value, 4 + at * 4));
  for (let n = 0; n < exceptions; n += 1) {
    const table = Math.floor(n / IN_A_TABLE);
    const at = CHUNK * (1 + table * (IN_A_TABLE + 1)) + (n % IN_A_TABLE) * 16;
    bytes.writeBigUInt64LE(BigInt(n * 3), at);
    bytes.writeBigUInt64LE(BigInt(2 + table + n), at + 8);
  }
  const path = join(folder, 'memory');
  writeFileSync(path, bytes);
  return path;
}

test('what was written aside is counted table by table, as far as they go', async () => {
  for (const exceptions of [0, 1, 3, IN_A_TABLE - 1, IN_A_TABLE, IN_A_TABLE + 3, 2 * IN_A_TABLE]) {
    const found = await lookIntoMemory(host, memory(exceptions));
    const known = { valid: true, bytes: exceptions * CHUNK, more: false };
    assert.deepEqual(found, { ok: true, memory: known }, `${exceptions} exceptions`);
  }
});

test('a table that cannot be read to its end is not taken for an empty one', async () => {
  const path = memory(IN_A_TABLE);
  for (const length of [CHUNK, CHUNK + 64, CHUNK * (2 + IN_A_TABLE)]) {
    memory(IN_A_TABLE);
    truncateSync(path, length);
    assert.equal((await lookIntoMemory(host, path)).ok, false, `${length} bytes`);
  }
});

test('one that the kernel gave up is told as such', async () => {
  const found = await lookIntoMemory(host, memory(5, 0));
  assert.deepEqual(found, { ok: true, memory: { valid: false, bytes: 5 * CHUNK, more: false } });
});

test('a new volume holds nothing; what holds anything else, or is cut short, is no memory', async () => {
  const path = join(folder, 'other');
  writeFileSync(path, Buffer.alloc(CHUNK * 4));
  const fresh = await lookIntoMemory(host, path);
  assert.deepEqual(fresh, { ok: true, memory: { valid: true, bytes: 0, more: false } });
  for (const bytes of [Buffer.from('an ext4 file system, say'.repeat(100)), Buffer.alloc(0)]) {
    writeFileSync(path, bytes);
    assert.equal((await lookIntoMemory(host, path)).ok, false);
  }
  assert.equal((await lookIntoMemory(host, join(folder, 'none'))).ok, false);
});
