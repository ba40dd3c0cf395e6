import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../source/core/journal.js';
import { FaultTable } from '../support/fault-table.js';
import { begin, Killed, markConsole, MarkHost, markPlan } from '../support/mark-host.js';

const MARKS = ['one/a', 'two/b', 'one/c', 'two/d'];
const plan = markPlan(MARKS);
const UNDISTURBED = { one: ['a', 'c'], two: ['b', 'd'], locks: ['', ''] };

/** Two hosts, the journal of a run on them, and what befalls the step. */
class Scene {
  readonly one = new MarkHost('one');
  readonly two = new MarkHost('two');
  readonly lines: JournalLine[] = begin(plan);
  readonly host: MarkHost;
  readonly mark: string;
  /** The console dies at the first instant of which this is true. */
  dies: (newest: JournalLine | undefined) => boolean = () => false;

  constructor(readonly step: string) {
    this.mark = step.slice(4);
    this.host = step.startsWith('one') ? this.one : this.two;
  }

  console(lines = this.lines) {
    const instant = () => {
      if (this.dies(lines.at(-1))) throw new Killed();
    };
    this.host.instant = instant;
    return markConsole([this.one, this.two], lines, instant);
  }

  /** The console is a new one, and what was amiss is mended. */
  mend(): void {
    this.dies = () => false;
    for (const host of [this.one, this.two]) {
      for (const marks of [host.fails, host.lies, host.cuts, host.down, host.foreign])
        marks.clear();
    }
  }

  get end() {
    return { one: this.one.marks, two: this.two.marks, locks: [this.one.lock, this.two.lock] };
  }
}

function isLine(line: JournalLine | undefined, kind: JournalLine['kind'], step: string): boolean {
  return line?.kind === kind && 'step' in line && line.step === step;
}

/** What can befall a run at a step. */
const FAULTS: Readonly<Record<string, (scene: Scene) => void>> = {
  'killed before it': (scene) => {
    scene.dies = (line) => isLine(line, 'starting', scene.step);
  },
  'killed while its command runs': (scene) => {
    scene.dies = (line) =>
      isLine(line, 'starting', scene.step) && scene.host.marks.includes(scene.mark);
  },
  'killed after its command': (scene) => {
    scene.dies = (line) => isLine(line, 'command', scene.step);
  },
  'killed after it': (scene) => {
    scene.dies = (line) => isLine(line, 'done', scene.step);
  },
  'the link cut, its command took effect': (scene) => scene.host.cuts.add(scene.mark),
  'the link cut, its command took no effect': (scene) => {
    scene.host.cuts.add(scene.mark);
    scene.host.lies.add(scene.mark);
  },
  'the link down before its command': (scene) => scene.host.down.add(scene.mark),
  'its command fails': (scene) => {
    scene.host.fails.add(scene.mark);
    scene.host.lies.add(scene.mark);
  },
  'its command fails, but took effect': (scene) => scene.host.fails.add(scene.mark),
  'its command lies': (scene) => scene.host.lies.add(scene.mark),
  'changed by another hand': (scene) => scene.host.foreign.add(scene.mark),
};

/** Carries the run out until the fault ends it, or to its end. */
async function disturbed(scene: Scene): Promise<void> {
  try {
    await scene.console().run();
  } catch (error) {
    assert.ok(error instanceof Killed, String(error));
  }
}

test('whatever befalls a run at whatever step, it ends as an undisturbed one when it is resumed', async (t) => {
  const table = new FaultTable(MARKS);
  for (const [fault, befall] of Object.entries(FAULTS)) {
    for (const step of MARKS) {
      const scene = new Scene(step);
      befall(scene);
      await disturbed(scene);
      scene.mend();
      assert.deepEqual(await scene.console().run(), { kind: 'finished' }, `${fault} at ${step}`);
      assert.deepEqual(scene.end, UNDISTURBED, `${fault} at ${step}`);
      table.note(fault, step, 'resumed');
    }
  }
  for (const line of table.lines('resumed')) t.diagnostic(line);
  assert.equal(table.count, 44);
});

test('whatever befalls a run at whatever step, undo leaves nothing of it', async (t) => {
  const table = new FaultTable(MARKS);
  for (const [fault, befall] of Object.entries(FAULTS)) {
    for (const step of MARKS) {
      const scene = new Scene(step);
      befall(scene);
      await disturbed(scene);
      scene.mend();
      assert.deepEqual(await scene.console().undo(), { kind: 'finished' }, `${fault} at ${step}`);
      assert.deepEqual(scene.end, { one: [], two: [], locks: ['', ''] }, `${fault} at ${step}`);
      table.note(fault, step, 'undone');
    }
  }
  for (const line of table.lines('undone')) t.diagnostic(line);
  assert.equal(table.count, 44);
});

test('a second console that comes at whatever step changes nothing, and the first one finishes', async (t) => {
  const table = new FaultTable(MARKS);
  for (const step of MARKS) {
    const scene = new Scene(step);
    const late = begin(plan, 'r2');
    let second: Promise<unknown> | undefined;
    scene.dies = () => false;
    const first = scene.console();
    scene.host.instant = () => {
      if (second || !isLine(scene.lines.at(-1), 'starting', step)) return;
      second = markConsole([scene.one, scene.two], late).run();
    };
    assert.deepEqual(await first.run(), { kind: 'finished' });
    assert.ok(second);
    const end = await second;
    assert.match(JSON.stringify(end), /me@here is changing it since .*run r1/);
    assert.deepEqual(scene.end, UNDISTURBED, step);
    table.note('a second console', step, 'kept out');
  }
  for (const line of table.lines('tried')) t.diagnostic(line);
});
