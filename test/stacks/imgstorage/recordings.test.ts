import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixturesFolder, situations } from '../../support/recordings.js';
import { printed, type Said } from './printed.js';
import { CAPTURED, situationsMade } from './situations.js';

test('every situation has its recording', () => {
  const all = [...Object.keys(situationsMade), ...CAPTURED];
  assert.deepEqual([...situations('imgstorage')].sort(), all.sort());
});

function recording(says: string, all: readonly Said[]): string {
  const about = `Made, not captured: ${says}. In the formats of the roll's source and its manual.`;
  const commands = all.map(({ command, file, stdout, stderr, exit }) => ({
    argv: command.argv,
    ...(exit !== undefined && { exit }),
    ...(stdout !== '' && { stdout: `${file}.txt` }),
    ...(stderr !== undefined && { stderr: `${file}.err.txt` }),
  }));
  return `${JSON.stringify({ about, commands }, undefined, 2)}\n`;
}

function filesOf(says: string, all: readonly Said[]): ReadonlyMap<string, string> {
  const files = new Map([['recording.json', recording(says, all)]]);
  for (const { file, stdout, stderr } of all) {
    if (stdout !== '') files.set(`${file}.txt`, stdout);
    if (stderr !== undefined) files.set(`${file}.err.txt`, stderr);
  }
  return files;
}

for (const [situation, { says, world, without = [] }] of Object.entries(situationsMade)) {
  // HOLDFAST_RECORD=1 makes the recordings anew.
  test(`${situation}: the recording is what its hosts would say`, () => {
    const folder = join(fixturesFolder, 'imgstorage', situation);
    if (process.env.HOLDFAST_RECORD === '1') rmSync(folder, { recursive: true, force: true });
    for (const [host, all] of printed(world)) {
      if (without.includes(host)) continue;
      for (const [name, text] of filesOf(says, all)) {
        if (process.env.HOLDFAST_RECORD === '1') {
          mkdirSync(join(folder, host), { recursive: true });
          writeFileSync(join(folder, host, name), text);
        }
        assert.equal(readFileSync(join(folder, host, name), 'utf8'), text, `${host}/${name}`);
      }
    }
  });
}
