import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { machineNamed, type Fleet } from '../../source/demo/fleet/state.js';
import { programsOf } from '../../source/demo/programs/index.js';
import type { Ran } from '../../source/demo/programs/program.js';
import { liveFiles } from '../../source/demo/shell/live-files.js';
import { fixturesFolder } from '../support/recordings.js';
import { masked, shapeOf } from './mask.js';
import { situations } from './situations.js';

/** Each pair: a simulated command in a state, and the real program's output in the same state. */
const pairsSchema = z.array(
  z.strictObject({
    title: z.string(),
    situation: z.string(),
    machine: z.string(),
    argv: z.array(z.string()),
    exit: z.number(),
    /** `<capture>.out` and `<capture>.err`; a missing file is an empty output. */
    capture: z.string(),
    /**
     * text: the same text; json: the same keys and types; layout: the same text but for JSON's
     * values; lines among: no line that is not there.
     */
    compare: z.enum(['text', 'json', 'layout', 'lines among']).default('text'),
    /** For lines among: these are there. */
    must: z.array(z.string()).optional(),
    /** Whose program it is, where the machine has none. */
    program: z.enum(['san']).optional(),
    /** For lines among: what was captured of the time before. */
    before: z.array(z.string()).default([]),
    /** Why it is not exactly the same. */
    differs: z.string().optional(),
  }),
);

const folder = join(fixturesFolder, 'demo');
const pairs = pairsSchema.parse(JSON.parse(readFileSync(join(folder, 'pairs.json'), 'utf8')));

for (const pair of pairs) {
  test(`${pair.title} is what the real one printed`, async () => {
    const { fleet, while: passes } = situations(pair.situation);
    const running = run(fleet, pair.machine, pair.argv, pair.program);
    passes?.();
    const ran = await running;
    assert.equal(ran.exit, pair.exit);
    if (pair.compare !== 'lines among') {
      assert.equal(masked(ran.stderr), masked(captured(pair.capture, 'err')));
    }
    const stdout = captured(pair.capture, 'out');
    switch (pair.compare) {
      case 'text':
        assert.equal(masked(ran.stdout), masked(stdout));
        return;
      case 'json':
        assert.deepEqual(shapeOf(JSON.parse(ran.stdout)), shapeOf(JSON.parse(stdout)));
        assert.equal(/^\s*/.exec(ran.stdout)?.[0], /^\s*/.exec(stdout)?.[0]);
        assert.equal(/\s*$/.exec(ran.stdout)?.[0], /\s*$/.exec(stdout)?.[0]);
        return;
      case 'layout':
        assert.equal(masked(withoutValues(ran.stdout)), masked(withoutValues(stdout)));
        return;
      case 'lines among': {
        const real = new Set(
          masked(
            [
              stdout,
              captured(pair.capture, 'err'),
              ...pair.before.map((capture) => captured(capture, 'out')),
            ].join('\n'),
          ).split('\n'),
        );
        const own = masked(ran.stdout + ran.stderr).split('\n');
        assert.deepEqual(
          own.filter((line) => !real.has(line)),
          [],
        );
        for (const words of pair.must ?? [])
          assert.ok((ran.stdout + ran.stderr).includes(words), words);
      }
    }
  });
}

test('every capture belongs to a pair that says why it differs, if it does', () => {
  for (const { compare, differs, title } of pairs) {
    if (compare === 'lines among') assert.ok(differs, title);
  }
});

async function run(
  fleet: Fleet,
  name: string,
  argv: readonly string[],
  kind: 'san' | undefined,
): Promise<Ran> {
  const machine = machineNamed(fleet, name);
  assert.ok(machine);
  const [program = '', ...args] = argv;
  if (program === 'cat') {
    const file = liveFiles(fleet, machine).find(([path]) => path === args[0]);
    return { stdout: file?.[1] ?? '', stderr: '', exit: file ? 0 : 1 };
  }
  const found = programsOf({ ...machine, kind: kind ?? machine.kind }).get(program);
  assert.ok(found, `${program} on ${name}`);
  return found({ args, fleet, machine, input: '', signal: new AbortController().signal });
}

function withoutValues(json: string): string {
  return json.replace(/: (?:"[^"]*"|null|true|false|\d+)/g, ': VALUE');
}

function captured(capture: string, part: 'out' | 'err'): string {
  const file = join(folder, 'captures', `${capture}.${part}`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
