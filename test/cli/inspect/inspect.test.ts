import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { decode, readAll } from '../../../source/cli/inspect/input.js';
import { defineInspector } from '../../../source/core/inspector.js';
import { notThis, parsed } from '../../../source/core/parsed.js';
import { linesOf } from '../../../source/core/text.js';
import { stacks } from '../../../source/stacks/index.js';
import { fakeParts, runCli, temporaryFolder } from '../../support/cli.js';
import { fakeFinding, fakeStack } from '../../support/fleet.js';

/** Reads `name value` lines after a heading. */
const inspector = defineInspector({
  id: 'fake.list',
  reads: 'fake --list',
  sample: 'FAKE\na 1\n',
  parse: (text) => {
    const [heading, ...lines] = linesOf(text);
    if (heading !== 'FAKE') return notThis(1, 'the heading FAKE');
    const read = lines.filter((line) => /^\w+ \d+$/.test(line));
    return parsed(
      { deviceCount: read.length, devices: read.map((line) => ({ name: line })) },
      lines.filter((line) => !read.includes(line)),
    );
  },
  findings: ({ deviceCount }) =>
    deviceCount > 1 ? [] : [fakeFinding('FAKE_FEW', { subject: 'a', says: 'Only one is left.' })],
});
const parts = fakeParts({ stacks: [{ ...fakeStack([]), inspectors: [inspector] }] });

test('a text is shown as facts, with findings and with what was not understood', async () => {
  const { code, out } = await runCli(['inspect', 'fake.list'], parts, {
    stdin: 'FAKE\na 1\n\u001b[2J?\n',
  });
  assert.equal(code, 0);
  assert.equal(
    out,
    [
      'fake.list   fake --list',
      '',
      '  device count  1',
      '  devices',
      '    - name  a 1',
      '',
      'Findings',
      '  ▲ warning  FAKE_FEW  a',
      '      Only one is left.',
      '',
      'Not understood: 1 line',
      '  ^[[2J?',
      '',
    ].join('\n'),
  );
});

test('as JSON it has exactly four keys', async () => {
  const { code, out } = await runCli(['inspect', 'fake.list', '--json'], parts, {
    stdin: 'FAKE\na 1\nodd\n',
  });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), {
    probe: 'fake.list',
    reading: { deviceCount: 1, devices: [{ name: 'a 1' }] },
    unread: ['odd'],
    findings: [{ code: 'FAKE_FEW', severity: 'warning', subject: 'a', says: 'Only one is left.' }],
  });
});

test('a text of another kind ends with 65, the line and what was expected there', async () => {
  const plain = await runCli(['inspect', 'fake.list'], parts, { stdin: 'mount: usage' });
  assert.equal(plain.code, 65);
  assert.equal(plain.out, '');
  assert.match(plain.err, /not the output of `fake --list`.\nLine 1: expected the heading FAKE\./);
  const json = await runCli(['inspect', 'fake.list', '--json'], parts, { stdin: '' });
  assert.equal(json.code, 65);
  assert.deepEqual(JSON.parse(json.out), {
    probe: 'fake.list',
    error: { line: 1, expected: 'the heading FAKE' },
  });
});

test('a file that is missing or a directory ends with 65 and the reason', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'sub'));
  const missing = await runCli(['inspect', 'fake.list', join(folder, 'none')], parts);
  assert.deepEqual([missing.code, missing.out], [65, '']);
  assert.match(missing.err, /none: cannot be read: no such file or directory\n$/);
  const directory = await runCli(['inspect', 'fake.list', join(folder, 'sub')], parts);
  assert.equal(directory.code, 65);
  assert.match(directory.err, /it is a directory/);
});

test('a file is read, and - is standard input', async (t) => {
  const file = join(temporaryFolder(t), 'out.txt');
  writeFileSync(file, 'FAKE\na 1\nb 2\n');
  assert.match((await runCli(['inspect', 'fake.list', file], parts)).out, /No findings\./);
  const stdin = 'FAKE\na 1\nb 2\n';
  assert.equal((await runCli(['inspect', 'fake.list', '-'], parts, { stdin })).code, 0);
});

test('an unknown probe ends with 64 and the names that resemble it', async () => {
  const { code, err } = await runCli(['inspect', 'fake.lits'], parts);
  assert.equal(code, 64);
  assert.match(err, /no probe "fake\.lits"\.\nDid you mean fake\.list\?/);
  assert.equal((await runCli(['inspect'], parts)).code, 64);
});

test('the list names every probe and the command whose output it reads', async () => {
  assert.equal((await runCli(['inspect', '--list'], parts)).out, 'fake.list  fake --list\n');
  const json = await runCli(['inspect', '--list', '--json'], parts);
  assert.deepEqual(JSON.parse(json.out), [{ probe: 'fake.list', reads: 'fake --list' }]);
});

test('more than the cap is refused, and no more of it is read', async () => {
  let given = 0;
  async function* endless() {
    for (;;) yield await Promise.resolve(Buffer.alloc((given += 1024) && 1024));
  }
  await assert.rejects(readAll(endless(), 'standard input', 64 * 1024), /is larger than/);
  assert.equal(given, 65 * 1024);
});

test('bytes of any encoding become text', () => {
  assert.equal(decode(Buffer.from('\ufeffFAKE')), 'FAKE');
  assert.equal(decode(Buffer.from('\ufeffFAKE', 'utf16le')), 'FAKE');
  assert.equal(decode(Buffer.from('\ufeffFAKE', 'utf16le').swap16()), 'FAKE');
  assert.equal(decode(Buffer.from([0x61, 0xff, 0x62])), 'a\ufffdb');
});

for (const { id, reads, sample } of stacks.flatMap((stack) => stack.inspectors)) {
  test(`${id} reads its own sample, and nothing of it is left over`, async () => {
    const all = fakeParts({ stacks });
    const seen = await runCli(['inspect', id, '--json'], all, { stdin: sample });
    assert.equal(seen.code, 0, `${seen.err} (${reads})`);
    const shape = z.object({ probe: z.literal(id), unread: z.tuple([]) });
    assert.ok(shape.safeParse(JSON.parse(seen.out)).success, seen.out);
    assert.equal((await runCli(['inspect', id], all, { stdin: sample })).code, 0);
  });
}
