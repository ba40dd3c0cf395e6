import { storageProtection } from '../../../source/tools/protection.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../source/core/host.js';
import type { JournalLine } from '../../../source/core/journal.js';
import { StepKinds } from '../../../source/core/step.js';
import { makePlan } from '../../../source/engine/run/make-plan.js';
import { runState } from '../../../source/engine/run/run-state.js';
import { runPlan, type RunDeps, type RunHost } from '../../../source/engine/run/runner.js';
import { undoRun } from '../../../source/engine/run/undo.js';
import { storageSpec } from '../../../source/stacks/proxmox/storage-wizard.js';
import { generalSteps } from '../../../source/steps/index.js';
import { LeapClock } from '../../support/guard-host.js';
import { wholeCluster } from '../../support/surroundings.js';

/** A cluster whose configuration all nodes share, and where each has its own mounts. */
class Cluster {
  /** Path by storage. */
  readonly storages = new Map([['local', '/var/lib/vz']]);
  readonly mounts = new Map([
    ['pve-1', ['/', '/mnt/vms']],
    ['pve-2', ['/', '/mnt/vms']],
  ]);
  readonly lines: string[] = [];
  lock = '';

  node(name: string): RunHost {
    return {
      name,
      renew: () => Promise.resolve(undefined),
      run: ({ argv }) => Promise.resolve(this.#answer(name, argv)),
    };
  }

  #answer(name: string, argv: readonly string[]): Outcome {
    const [program = '', verb = '', third = '', fourth = '', fifth = ''] = argv;
    if (program === 'cat') return said(this.#config());
    if (program === 'pvesm') return this.#pvesm(name, verb, argv);
    if (third.includes('pvesm status --storage')) return said(this.#status(name, fifth || fourth));
    if (third.includes('uname')) {
      const points = (this.mounts.get(name) ?? []).map((point) => `point ${point}`);
      return said(['node ' + name, 'member pve-1', 'member pve-2', ...points].join('\n'));
    }
    if (third.startsWith('if mkdir')) this.lock ||= fifth;
    if (third.startsWith('rm -rf')) this.lock = '';
    return said(this.lock);
  }

  #pvesm(node: string, verb: string, argv: readonly string[]): Outcome {
    if (verb === 'status') {
      const rows = [...this.storages.keys()].map(
        (one) => `${one} dir ${this.#status(node, one)} 10 5 5 50.00%`,
      );
      return said(['Name Type Status Total Used Available %', ...rows].join('\n'));
    }
    this.lines.push(argv.join(' '));
    const [, , first = '', second = ''] = argv;
    if (verb === 'remove') this.storages.delete(first);
    else if (this.storages.has(second))
      return said('', 255, `storage ID '${second}' already defined\n`);
    else this.storages.set(second, argv[argv.indexOf('--path') + 1] ?? '');
    return said('');
  }

  #status(node: string, storage: string): string {
    const path = this.storages.get(storage);
    if (path === undefined) return '';
    const points = this.mounts.get(node) ?? [];
    return path.startsWith('/var') || points.includes(path) ? 'active' : 'inactive';
  }

  #config(): string {
    return [...this.storages].map(([name, path]) => `dir: ${name}\n\tpath ${path}\n`).join('\n');
  }
}

function said(stdout: string, code = 0, stderr = ''): Outcome {
  return { kind: 'exited', code, stdout, stderr };
}

const ANSWERS = {
  hosts: ['pve-1', 'pve-2'],
  name: 'vms',
  path: '/mnt/vms',
  content: ['images', 'rootdir'],
};

async function draft(cluster: Cluster, answers: object = ANSWERS) {
  const found = await storageSpec.look(
    ['pve-1', 'pve-2'].map((name) => cluster.node(name)),
    wholeCluster,
  );
  return storageSpec.plan(found, storageSpec.answers.parse(answers));
}

async function begun(cluster: Cluster) {
  const drafted = await draft(cluster);
  assert.ok(drafted.ok, JSON.stringify(drafted));
  const clock = new LeapClock();
  const origin = { kind: 'wizard', id: 'proxmox.storage', answers: null } as const;
  const plan = makePlan(drafted.draft, { cluster: 'main', madeBy: 'me@here', origin }, clock);
  const lines: JournalLine[] = [
    { at: '2026-11-20T14:00:01Z', kind: 'begun', run: 'r1', plan, by: 'me@here' },
  ];
  const deps: RunDeps = {
    kinds: new StepKinds(generalSteps),
    protection: storageProtection([]),
    host: (name) => Promise.resolve(cluster.node(name)),
    journal: {
      write: (line) => Promise.resolve(void lines.push(line)),
      close: () => Promise.resolve(),
    },
    clock,
    by: 'me@here',
    signal: new AbortController().signal,
    tell: () => undefined,
  };
  const state = () => {
    const known = runState(lines);
    assert.ok(known);
    return known;
  };
  return { run: () => runPlan(state(), deps), undo: () => undoRun(state(), deps) };
}

test('the storage is added once for all nodes, seen active on each, and taken out by undo', async () => {
  const cluster = new Cluster();
  const { run, undo } = await begun(cluster);
  assert.deepEqual(await run(), { kind: 'finished' });
  assert.deepEqual(cluster.lines, [
    'pvesm add dir vms --path /mnt/vms --shared 1 --is_mountpoint yes --content images,rootdir',
  ]);
  const again = await draft(cluster);
  assert.deepEqual(again.ok && again.draft.steps.map(({ kind }) => kind), [
    'look.confirm',
    'look.confirm',
  ]);
  assert.deepEqual(await undo(), { kind: 'finished' });
  assert.deepEqual([...cluster.storages.keys()], ['local']);
});

test('a mount that goes away in between stops the run at that node; resume goes on once it is back', async () => {
  const cluster = new Cluster();
  const { run } = await begun(cluster);
  cluster.mounts.set('pve-2', ['/']);
  const end = await run();
  assert.match(
    end.kind === 'failed' ? `${end.failure.where}: ${end.failure.what}` : '',
    /^pve-2: it has not come about/,
  );
  cluster.mounts.set('pve-2', ['/', '/mnt/vms']);
  assert.deepEqual(await run(), { kind: 'finished' });
  assert.equal(cluster.lines.length, 1);
});

test('what stands against it is named', async () => {
  const cluster = new Cluster();
  cluster.mounts.set('pve-2', ['/']);
  cluster.storages.set('twin', '/mnt/vms');
  const faults = async (answers: object) => {
    const made = await draft(cluster, { ...ANSWERS, ...answers });
    return made.ok ? [] : made.faults.map(({ key, says }) => `${key}: ${says}`);
  };
  assert.deepEqual(await faults({ name: 'local' }), [
    'path: pve-2: nothing is mounted at /mnt/vms',
    'name: there is another storage local',
    'path: /mnt/vms is the storage twin already',
  ]);
  assert.deepEqual(await faults({ hosts: ['xs-1'] }), [
    'hosts: xs-1: it is not among the hosts that were looked at',
  ]);
  assert.ok(!storageSpec.answers.safeParse({ ...ANSWERS, name: '1x' }).success);
});

test('a folder in a mount is offline where the mount is not there, and is only for the nodes chosen', async () => {
  const made = await draft(new Cluster(), {
    ...ANSWERS,
    hosts: ['pve-2'],
    path: '/mnt/vms/images',
  });
  assert.ok(made.ok);
  const [add] = made.draft.steps;
  assert.match(JSON.stringify(add?.params), /"--is_mountpoint","\/mnt\/vms".*"--nodes","pve-2"/);
});
