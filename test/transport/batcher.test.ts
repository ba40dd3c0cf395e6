import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { AT_A_TIME, OUTPUT_CAP } from '../../source/core/batch.js';
import { printFrame } from '../../source/core/frames.js';
import { reads, type Command, type Outcome } from '../../source/core/host.js';
import { shellHost } from '../../source/transport/runner.js';
import { answer, aloneOf, batchOf, end, FakeShell, type Played } from '../support/fake-shell.js';

const exited = (stdout: string, code = 0) => ({ kind: 'exited', code, stdout, stderr: '' });
const change: Command<'changes'> = { argv: ['reboot'], effect: 'changes', deadline: 5000 };

function reasonOf(outcome: Outcome): string {
  assert.ok(outcome.kind !== 'exited', JSON.stringify(outcome));
  return outcome.reason;
}

test('commands asked in one turn share an exec, though some ask after a few awaits', async () => {
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  const probe = async (word: string, awaits: number) => {
    for (let i = 0; i < awaits; i += 1) await Promise.resolve();
    return host.run(reads(['echo', word]));
  };
  const answers = [probe('a', 0), probe('b', 3), probe('c', 20)];
  await turn();
  assert.equal(shell.played.length, 1);
  assert.deepEqual(batchOf(shell.process(0)).commands, [
    ['echo', 'a'],
    ['echo', 'b'],
    ['echo', 'c'],
  ]);
  answer(shell.process(0), 2, 'c\n');
  answer(shell.process(0), 0, 'a\n', 3);
  answer(shell.process(0), 1, 'b\n');
  assert.deepEqual(await Promise.all(answers), [exited('a\n', 3), exited('b\n'), exited('c\n')]);
});

test('a command asked twice in one turn runs once and answers both', async () => {
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  const both = [host.run(reads(['id'])), host.run(reads(['id']))];
  await turn();
  assert.deepEqual(batchOf(shell.process(0)).commands, [['id']]);
  answer(shell.process(0), 0, 'root');
  assert.deepEqual(await Promise.all(both), [exited('root'), exited('root')]);
});

test('each answer is given as soon as it is whole', async () => {
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  const quick = host.run(reads(['quick']));
  const slow = host.run(reads(['slow']));
  await turn();
  answer(shell.process(0), 0, 'here');
  assert.deepEqual(await quick, exited('here'));
  end(shell.process(0), { kind: 'cut', reason: 'the host closed it' });
  const lost = { kind: 'lost', why: 'connection', reason: 'the host closed it', stdout: '' };
  assert.deepEqual(await slow, lost);
});

test('noise around frames and bytes that are no text do no harm', async () => {
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  const outcome = host.run(reads(['cat', 'binary']));
  await turn();
  const process = shell.process(0);
  const { mark } = batchOf(process);
  process.listener.stdout(Buffer.from(`Welcome\n\n${mark} 7 o 1\nx\n${mark} nonsense\n`));
  process.listener.stdout(printFrame(mark, 0, 'x', 'not a number'));
  process.listener.stdout(printFrame(mark, 0, 'x', '0'));
  process.listener.stdout(Buffer.from(`\n${mark} 0 o 2\n`));
  process.listener.stdout(Buffer.from([0xff, 0x41]));
  process.listener.stdout(Buffer.from('between'));
  process.listener.stdout(printFrame(mark, 0, 'e', ''));
  assert.deepEqual(await outcome, exited('\uFFFDA'));
});

test('of a long script that hangs the reason tells only how it begins', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const host = shellHost('pve1', new FakeShell());
  const script = reads(['sh', '-c', 'echo "hostname $(uname -n)"\ncat /proc/drbd\ntrue'], 8000);
  const hung = host.run(script);
  await turn();
  t.mock.timers.tick(8000);
  await hung;
  assert.match(
    reasonOf(await host.run(script)),
    /^`echo "hostname \$\(uname -n\)" …` has not ended/,
  );
});

test('output that reaches the cap is said to be cut', async () => {
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  const outcome = host.run(reads(['yes']));
  await turn();
  answer(shell.process(0), 0, 'y'.repeat(OUTPUT_CAP), 141);
  assert.equal((await outcome).kind === 'exited' && Reflect.get(await outcome, 'capped'), true);
});

test('a hung command is not started again until it has ended', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  const hung = host.run(reads(['ls', '/mnt'], 8000));
  await turn();
  t.mock.timers.tick(8000);
  assert.equal(reasonOf(await hung), 'no answer in 8 s');
  const again = await host.run(reads(['ls', '/mnt']));
  assert.equal(again.kind, 'lost');
  assert.match(reasonOf(again), /^`ls \/mnt` has not ended since it was asked at \d\d:\d\d:\d\d/);
  assert.equal(shell.played.length, 1);
  answer(shell.process(0), 0, 'late');
  const after = host.run(reads(['ls', '/mnt']));
  await turn();
  answer(shell.process(1), 0, 'in time');
  assert.deepEqual(await after, exited('in time'));
});

test('hung commands hold four channels and no more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  for (const path of ['/a', '/b', '/c', '/d']) {
    const hung = host.run(reads(['ls', path]));
    await turn();
    t.mock.timers.tick(8000);
    assert.equal((await hung).kind, 'lost');
  }
  const refused = await host.run(reads(['ls', '/e']));
  assert.equal(refused.kind, 'unreachable');
  assert.match(reasonOf(refused), /^4 earlier commands on this host have not ended/);
  end(shell.process(2));
  const after = host.run(reads(['ls', '/e']));
  await turn();
  answer(shell.process(4), 0, 'e');
  assert.deepEqual(await after, exited('e'));
});

/** A batch with this many more commands than run at a time. */
function askMany(host: ReturnType<typeof shellHost>, more: number): readonly Promise<Outcome>[] {
  return Array.from({ length: AT_A_TIME + more }, (_, nth) => {
    return host.run(reads(['ask', String(nth)], 8000));
  });
}

function begun(process: Played): void {
  process.listener.stdout(printFrame(batchOf(process).mark, 0, 'b', ''));
}

test('a command that has to wait for its turn has its whole deadline from then on', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const shell = new FakeShell();
  const outcomes = askMany(shellHost('pve1', shell), 1);
  await turn();
  const process = shell.process(0);
  begun(process);
  t.mock.timers.tick(7000);
  for (let nth = 0; nth < AT_A_TIME; nth += 1) answer(process, nth, 'late, and in time');
  t.mock.timers.tick(7000);
  answer(process, AT_A_TIME, 'in time');
  assert.deepEqual(await outcomes.at(-1), exited('in time'));
  assert.equal(process.inputEnded, true);
});

test('commands that hang give up their place, and the rest is answered', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const shell = new FakeShell();
  const outcomes = askMany(shellHost('pve1', shell), 2);
  await turn();
  const process = shell.process(0);
  begun(process);
  assert.equal(process.inputEnded, false);
  t.mock.timers.tick(8000);
  for (const hung of outcomes.slice(0, AT_A_TIME)) {
    assert.equal(reasonOf(await hung), 'no answer in 8 s');
  }
  assert.deepEqual(process.input, ['\n', '\n']);
  assert.equal(process.inputEnded, true);
  t.mock.timers.tick(5000);
  answer(process, AT_A_TIME, 'one');
  answer(process, AT_A_TIME + 1, 'two');
  assert.deepEqual(await Promise.all(outcomes.slice(AT_A_TIME)), [exited('one'), exited('two')]);
});

test('where the script itself says nothing, nobody waits for a turn that does not come', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const outcomes = askMany(shellHost('pve1', new FakeShell()), 3);
  await turn();
  t.mock.timers.tick(8000);
  for (const outcome of await Promise.all(outcomes)) {
    assert.equal(reasonOf(outcome), 'no answer in 8 s');
  }
});

test('a place is kept while anybody waits for its command', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  const patient = host.run(reads(['ask', '0'], 20_000));
  const outcomes = askMany(host, 1);
  await turn();
  const process = shell.process(0);
  begun(process);
  for (let nth = 1; nth < AT_A_TIME - 1; nth += 1) answer(process, nth, '');
  t.mock.timers.tick(8000);
  assert.equal((await outcomes[0])?.kind, 'lost');
  assert.deepEqual(process.input, []);
  answer(process, 0, 'at last');
  assert.deepEqual(await patient, exited('at last'));
});

test('a signal ends the wait at once', async () => {
  const host = shellHost('pve1', new FakeShell());
  const stop = new AbortController();
  const outcomes = [host.run(reads(['id']), stop.signal), host.run(change, stop.signal)];
  await turn();
  stop.abort();
  for (const outcome of await Promise.all(outcomes)) {
    assert.deepEqual(outcome, { kind: 'lost', why: 'stopped', reason: 'stopped', stdout: '' });
  }
  const late = await host.run(change, stop.signal);
  assert.equal(late.kind, 'unreachable');
});

test('what still waits for a channel at its deadline is never started', async () => {
  const shell = new FakeShell();
  shell.full = true;
  const read = await shellHost('pve1', shell).run(reads(['id'], 1));
  assert.equal(read.kind, 'unreachable');
  const outcome = await shellHost('pve1', shell).run({ ...change, deadline: 1 });
  assert.deepEqual(outcome, {
    kind: 'unreachable',
    reason: 'no answer in 0 s; it was not started',
  });
});

test('a shell that never ran the script started nothing', async () => {
  const shell = new FakeShell((process) => {
    process.listener.stderr(Buffer.from('This account is currently not available.\n'));
    end(process, { kind: 'exited', code: 1 });
  });
  const host = shellHost('pve1', shell);
  for (const outcome of await Promise.all([host.run(reads(['id'])), host.run(change)])) {
    assert.deepEqual(outcome, {
      kind: 'unreachable',
      reason:
        'the shell on the host ended with exit code 1: This account is currently not available.',
    });
  }
});

test('input is sent when the command has begun, and not before', async () => {
  const shell = new FakeShell();
  const outcome = shellHost('pve1', shell).run({ ...change, input: 'secret' });
  await turn();
  const process = shell.process(0);
  process.listener.stderr(Buffer.from('a login script speaks\n'));
  assert.deepEqual(process.input, []);
  const { mark, argv } = aloneOf(process);
  assert.deepEqual(argv, ['reboot']);
  process.listener.stderr(Buffer.from(`${mark}\n`));
  assert.deepEqual(process.input, ['secret']);
  assert.equal(process.inputEnded, true);
  process.listener.stdout(Buffer.from(`noise\n${mark}\nfine\n`));
  end(process);
  assert.deepEqual(await outcome, exited('fine\n'));
});

test('commands too long for one argument of the kernel go out as several execs', async () => {
  const shell = new FakeShell();
  const host = shellHost('pve1', shell);
  const long = 'x'.repeat(60_000);
  void host.run(reads(['echo', long, 'a']));
  void host.run(reads(['echo', long, 'b']));
  await turn();
  assert.equal(shell.played.length, 2);
  for (const process of shell.played) end(process, { kind: 'never', reason: 'over' });
});
