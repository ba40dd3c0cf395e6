import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { AT_A_TIME, batchScript, OUTPUT_CAP, readBatch } from '../../source/core/batch.js';
import { FrameReader, printFrame } from '../../source/core/frames.js';

const MARK = 'hf00c0ffee';

function runBatch(shell: readonly string[], commands: readonly (readonly string[])[]) {
  const [program = 'sh', ...flags] = shell;
  const { stdout } = spawnSync(program, [...flags, '-c', batchScript(commands, MARK)], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const answers = commands.map(() => ({ exit: '', stdout: '', stderr: '' }));
  for (const { index, part, bytes } of new FrameReader(MARK).push(stdout)) {
    const answer = answers[index];
    if (answer && part !== 'begun') answer[part] = bytes.toString();
  }
  return answers;
}

const shells = [['dash'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '']) => spawnSync(program, ['true']).error === undefined,
);

for (const shell of shells) {
  test(`each command of a batch has its own exit code and streams under ${shell.join(' ')}`, () => {
    const [plain, both, missing, bare] = runBatch(shell, [
      ['echo', "it's here"],
      ['sh', '-c', 'echo out; echo err >&2; exit 3'],
      ['no-such-program'],
      ['printf', 'é\n\n'],
    ]);
    assert.deepEqual(plain, { exit: '0', stdout: "it's here\n", stderr: '' });
    assert.deepEqual(both, { exit: '3', stdout: 'out\n', stderr: 'err\n' });
    assert.equal(missing?.exit, '127');
    assert.equal(bare?.stdout, 'é\n\n');
  });
}

for (const shell of shells) {
  test(`a batch that nobody hears any more comes to its end under ${shell.join(' ')}`, async () => {
    const [program = 'sh', ...flags] = shell;
    const commands = Array.from({ length: AT_A_TIME + 4 }, () => [
      'sh',
      '-c',
      'sleep 0.1; seq 1 30000',
    ]);
    const child = spawn(program, [...flags, '-c', batchScript(commands, MARK)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(10_000) });
    child.stdout.destroy();
    await ended;
  });
}

for (const shell of shells) {
  test(`of a long batch a few run at a time, in their order, under ${shell.join(' ')}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-batch-'));
    try {
      // Each counts who runs beside it, and says when it began.
      const script = 'mkdir "$1/$2"; sleep 0.05; ls "$1" | wc -l; rmdir "$1/$2"';
      const many = Array.from({ length: 4 * AT_A_TIME }, (_, nth) => {
        return ['sh', '-c', script, 'sh', folder, String(nth)];
      });
      const beside = runBatch(shell, many).map(({ stdout }) => Number(stdout));
      assert.equal(beside.length, 4 * AT_A_TIME);
      assert.ok(
        beside.every((count) => count >= 1 && count <= AT_A_TIME),
        beside.join(),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

for (const shell of shells) {
  test(`hung commands hold up the rest until one is let in, under ${shell.join(' ')}`, async () => {
    const [program = 'sh', ...flags] = shell;
    const hung = Array.from({ length: AT_A_TIME }, () => ['sleep', '5.5']);
    const commands = [...hung, ['echo', 'first'], ['echo', 'second']];
    const child = spawn(program, [...flags, '-c', batchScript(commands, MARK)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    const frames = new FrameReader(MARK);
    const seen: string[] = [];
    try {
      for await (const chunk of child.stdout) {
        assert.ok(Buffer.isBuffer(chunk));
        for (const { index, part } of frames.push(chunk)) {
          if (part === 'begun') child.stdin.write('\n');
          if (part === 'stderr') seen.push(String(index));
        }
        if (seen.length === 2) break;
      }
      // One line let in one: its end let in the other.
      assert.deepEqual(seen, [String(AT_A_TIME), String(AT_A_TIME + 1)]);
    } finally {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }
  });
}

test('output past the cap is cut at the cap', () => {
  const [endless] = runBatch(['sh'], [['yes']]);
  assert.equal(endless?.stdout.length, OUTPUT_CAP);
});

test('a batch taken apart is the batch that was made', () => {
  const word = fc.string({ minLength: 1 }).filter((s) => !s.includes('\0'));
  const commands = fc.array(fc.array(word, { minLength: 1 }), {
    minLength: 1,
    maxLength: AT_A_TIME + 3,
  });
  fc.assert(
    fc.property(commands, (list) => {
      assert.deepEqual(readBatch(batchScript(list, MARK)), { mark: MARK, commands: list });
    }),
  );
});

test('frames are found in any pieces, with noise around them', () => {
  const stream = Buffer.concat([
    Buffer.from('Welcome to this machine\n'),
    printFrame(MARK, 0, 'x', '0'),
    printFrame(MARK, 1, 'o', `text with ${MARK} in it`),
    Buffer.from('late noise'),
    printFrame(MARK, 1, 'e', ''),
  ]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (sizes) => {
      const reader = new FrameReader(MARK);
      const found: string[] = [];
      let at = 0;
      for (const size of [...sizes, stream.length]) {
        for (const frame of reader.push(stream.subarray(at, at + size))) {
          found.push(`${frame.index} ${frame.part} ${frame.bytes.toString()}`);
        }
        at = Math.min(stream.length, at + size);
      }
      assert.deepEqual(found, ['0 exit 0', `1 stdout text with ${MARK} in it`, '1 stderr ']);
    }),
  );
});
