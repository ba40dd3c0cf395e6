import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host } from '../../../source/core/host.js';
import { StepKinds } from '../../../source/core/step.js';
import { generalSteps } from '../../../source/steps/index.js';
import { machineNamed, type Fleet } from '../../../source/demo/fleet/state.js';
import { wholeCluster } from '../../support/surroundings.js';
import { xapi } from '../../../source/stacks/xapi/index.js';
import { storageRepositorySpec as spec } from '../../../source/stacks/xapi/wizards/storage-repository/index.js';
import {
  assertFinished,
  assertGolden,
  Carried,
  draftOf,
  failureOf,
  faultsOf,
  reviewOf,
} from '../../support/carry-out.js';
import { machineHosts } from '../../support/machines.js';
import { Killed } from '../../support/mark-host.js';
import { fleetIn } from './situations.js';

const golden = new URL('../../../../test/stacks/xapi/storage-repository.txt', import.meta.url);
const UUID = '0d8b1f5e-6c1c-4f0e-9a0b-0f5d7c3a2b11';
const ANSWERS = { pool: 'xs-1', mode: 'new', location: '/mnt/lizardfs/xen-sr', name: 'Second' };

/** The fleet in a situation, what the wizard finds in it, and a plan of answers. */
async function scene(situation = 'calm', change: (fleet: Fleet) => void = () => undefined) {
  const fleet = fleetIn(situation);
  change(fleet);
  const hosts = await machineHosts(fleet, ['xs-1', 'xs-2']);
  const [pool] = fleet.pools;
  assert.ok(pool);
  const plan = async (answers: object = {}) => {
    const found = { ...(await spec.look([...hosts.values()], wholeCluster)), freshUuid: UUID };
    return spec.plan(found, spec.answers.parse({ ...ANSWERS, ...answers }));
  };
  const sh = async (name: string, line: string): Promise<string> => {
    const argv = ['sh', '-c', line];
    const outcome = await hosts.get(name)?.run({ argv, effect: 'changes', deadline: 1 });
    return outcome?.kind === 'exited' ? outcome.stdout : '';
  };
  return { fleet, hosts, pool, plan, sh };
}

test('the plan says every command, as it was reviewed once', async () => {
  const { plan } = await scene();
  const draft = draftOf(await plan());
  const text = [...reviewOf(draft, xapi), `put back: ${draft.putBack}`, ...draft.warnings, ''];
  assertGolden(golden, text.join('\n'));
});

test('from nothing to a repository that is attached on every host, and back by undo', async () => {
  const { hosts, pool, plan, fleet } = await scene();
  const before = JSON.stringify([pool.srs, pool.pbds.length]);
  const run = new Carried(draftOf(await plan()), xapi, hosts);
  assertFinished(await run.apply());
  assert.equal(pool.srs.at(-1)?.uuid, UUID);
  assert.deepEqual(
    pool.pbds.filter(({ sr }) => sr === UUID).map(({ attached }) => attached),
    [true, true],
  );
  const bound = machineNamed(fleet, 'xs-2')?.mounts.find(({ target }) => target.endsWith(UUID));
  assert.deepEqual([bound?.type, bound?.root], ['fuse', '/xen-sr']);
  const again = new Carried(draftOf(await plan()), xapi, hosts);
  assertFinished(await again.apply());
  assert.ok(
    again.lines.every((line) => line.kind !== 'command'),
    'what is there is done again',
  );
  assertFinished(await run.undo());
  assert.equal(JSON.stringify([pool.srs, pool.pbds.length]), before);
});

test('each step says which storage it takes into use: the folder of the repository', async () => {
  const { plan } = await scene();
  const kinds = new StepKinds([...generalSteps, ...(xapi.steps ?? [])]);
  const touches = draftOf(await plan()).steps.map((step) => {
    const bound = kinds.bind(step);
    return bound.ok ? [step.kind, bound.step.touches.map(({ kind }) => kind)] : [];
  });
  assert.deepEqual(touches, [
    ['file.make-folder', []],
    ['xapi.introduce-sr', []],
    ['xapi.create-pbd', ['folder']],
    ['xapi.plug-pbd', ['folder']],
    ['xapi.create-pbd', ['folder']],
    ['xapi.plug-pbd', ['folder']],
  ]);
});

test('a fault in the middle stops it; what was done is gone on with, and not done twice', async () => {
  const { hosts, pool, plan } = await scene();
  let broken = true;
  const second = hosts.get('xs-2');
  assert.ok(second);
  const breaking: Host = {
    name: 'xs-2',
    run: (command) => {
      const plugs = command.effect !== 'reads' && command.argv.join(' ').includes('pbd-plug');
      if (!plugs || !broken) return second.run(command);
      const stderr =
        'Error code: SR_BACKEND_FAILURE_47\nError parameters: , The SR is not available [opterr=x],\n';
      return Promise.resolve({ kind: 'exited', code: 1, stdout: '', stderr });
    },
  };
  const run = new Carried(draftOf(await plan()), xapi, new Map([...hosts, ['xs-2', breaking]]));
  assert.match(failureOf(await run.apply()), /not available \(SR_BACKEND_FAILURE_47\): x/);
  broken = false;
  assertFinished(await run.apply());
  assert.equal(pool.srs.filter(({ uuid }) => uuid === UUID).length, 1);
  assert.equal(pool.pbds.filter(({ sr, attached }) => sr === UUID && attached).length, 2);
});

test('a location that is not mounted on a host is refused with what is there', async () => {
  const { plan } = await scene('location-not-mounted');
  assert.deepEqual(faultsOf(await plan()), [
    "location: xs-2: nothing is mounted at /mnt/lizardfs/xen-sr or above it; it would be a folder of the host's own disk (/dev/sda1)",
  ]);
});

test('a mount that goes away between the review and the plug is seen before anything is bound', async () => {
  const { fleet, hosts, pool, plan } = await scene();
  const run = new Carried(draftOf(await plan()), xapi, hosts);
  const machine = machineNamed(fleet, 'xs-1');
  assert.ok(machine);
  machine.mounts = machine.mounts.filter(({ target }) => target !== '/mnt/lizardfs');
  assert.match(failureOf(await run.apply()), /nothing is mounted at \/mnt\/lizardfs\/xen-sr/);
  const own = pool.pbds.filter(({ sr }) => sr === UUID);
  assert.deepEqual(
    own.map(({ host, attached }) => [host === pool.master, attached]),
    [
      [false, true],
      [true, false],
    ],
  );
  assert.ok(!machine.mounts.some(({ target }) => target.endsWith(UUID)));
});

test('a disk that one host alone has is no place for a shared repository', async () => {
  const { plan } = await scene();
  const faults = faultsOf(await plan({ location: '/mnt/ata-CT250MX200SSD1_15371b/sr' }));
  assert.match(faults[0] ?? '', /xs-2: nothing is mounted|this host alone has/);
  assert.match(faults[1] ?? '', /xs-1: .*ext4\), which this host alone has/);
});

test('a repository that is there lacks only its PBD, and gets only that', async () => {
  const { hosts, pool, plan } = await scene('pbd-missing');
  const draft = draftOf(await plan({ location: '/mnt/lizardfs/sr/', name: 'LizardFS' }));
  const run = new Carried(draft, xapi, hosts);
  assertFinished(await run.apply());
  assert.equal(pool.pbds.filter(({ attached }) => attached).length, 2);
  const did = run.lines.flatMap((line) =>
    line.kind === 'done' && line.how === 'did' ? [line.step] : [],
  );
  assert.equal(did.length, 2);
  assertFinished(await run.undo());
  assert.equal(pool.srs.length, 1);
});

test('an existing one is attached by the UUID that its folder has, and its files are left alone', async () => {
  const { hosts, pool, plan, sh } = await scene();
  const location = `/mnt/lizardfs/${UUID.replace('0d8b', 'ffff')}`;
  await sh(
    'xs-1',
    `mkdir -p ${location}; echo data > ${location}/${UUID}.vhd; echo log > ${location}/filelog.txt`,
  );
  const contents = (name: string) => sh(name, `cd ${location}; ls -lA; cat *`);
  const before = await contents('xs-1');
  assert.match(before, /data/);
  assert.match(faultsOf(await plan({ location }))[0] ?? '', /holds 1 disk already/);
  const run = new Carried(draftOf(await plan({ location, mode: 'existing' })), xapi, hosts);
  assertFinished(await run.apply());
  assert.equal(pool.srs.at(-1)?.uuid, location.slice('/mnt/lizardfs/'.length));
  for (const name of ['xs-1', 'xs-2']) assert.equal(await contents(name), before);
  const ran = run.lines.flatMap((line) => (line.kind === 'command' ? [line.line] : []));
  assert.ok(ran.length >= 5 && ran.every((line) => /\bxe (?:sr|pbd)-/.test(line)), ran.join('\n'));
  assertFinished(await run.undo());
  assert.equal(pool.srs.length, 1);
  assert.equal(await contents('xs-1'), before);
});

/** A host that does something else first when it is told a command with this word. */
function before(host: Host | undefined, word: string, first: () => Promise<void> | void): Host {
  assert.ok(host);
  return {
    name: host.name,
    run: async (command) => {
      if (command.effect !== 'reads' && command.argv.join(' ').includes(word)) await first();
      return host.run(command);
    },
  };
}

test('a repository that is half made is gone on with: introduced, and one PBD missing', async () => {
  const { hosts, pool, plan } = await scene();
  let dead = true;
  const dying = before(hosts.get('xs-1'), 'pbd-create', () => {
    if (dead) throw new Killed();
  });
  const run = new Carried(draftOf(await plan()), xapi, new Map([...hosts, ['xs-1', dying]]));
  await assert.rejects(run.apply(), Killed);
  const own = () => pool.pbds.filter(({ sr }) => sr === UUID).map(({ attached }) => attached);
  assert.deepEqual([pool.srs.at(-1)?.uuid, own()], [UUID, [true]]);
  dead = false;
  assertFinished(await run.apply());
  assert.deepEqual(own(), [true, true]);
  assertFinished(await run.undo());
  assert.deepEqual([pool.srs.length, own()], [1, []]);
});

test('a PBD that another hand has just made is taken for what it is', async () => {
  for (const [location, fine] of [
    [ANSWERS.location, true],
    ['/mnt/lizardfs/elsewhere', false],
  ] as const) {
    const { hosts, pool, plan, sh } = await scene();
    const host = pool.hosts[1]?.uuid ?? '';
    const make = `xe pbd-create sr-uuid=${UUID} host-uuid=${host} device-config:location=${location}`;
    const raced = before(hosts.get('xs-2'), 'pbd-create', async () => {
      await sh('xs-1', make);
    });
    const run = new Carried(draftOf(await plan()), xapi, new Map([...hosts, ['xs-2', raced]]));
    const end = await run.apply();
    if (fine) assertFinished(end);
    else {
      assert.match(
        failureOf(end),
        /A PBD already exists connecting the SR to the host: sr 0d8b.*, host b0a1.*, pbd /,
      );
      assert.match(
        failureOf(await run.apply()),
        /connected already, at \/mnt\/lizardfs\/elsewhere/,
      );
    }
    assert.equal(pool.pbds.filter((pbd) => pbd.sr === UUID && pbd.host === host).length, 1);
  }
});

test('hosts that were left out are named: of the pool, and where another pool may have it', async () => {
  const { hosts } = await scene();
  const around = { neverTouch: [], notAsked: [{ host: 'xs-2', because: 'it was left out' }] };
  const first = hosts.get('xs-1');
  assert.ok(first);
  const [pool] = spec.questions(await spec.look([first], around), {});
  assert.ok(pool?.kind === 'one' && pool.choices[0]?.gate.open === false);
  assert.match(pool.choices[0].gate.because, /^xs-2 \(it was left out\) of it was not looked at/);
  const other = { neverTouch: [], notAsked: [{ host: 'xs-9', because: 'it was left out' }] };
  const found = await spec.look([...hosts.values()], other);
  const old = { ...ANSWERS, mode: 'existing', location: '/mnt/lizardfs' };
  const draft = draftOf(spec.plan(found, spec.answers.parse(old)));
  assert.ok(draft.warnings.some((line) => line.includes('xs-9 (it was left out)')));
});

test('a host of the pool that was not looked at closes the pool', async () => {
  const { hosts } = await scene();
  const first = hosts.get('xs-1');
  assert.ok(first);
  const found = await spec.look([first], wholeCluster);
  const [pool] = spec.questions(found, {});
  assert.ok(pool?.kind === 'one');
  assert.deepEqual(pool.choices[0]?.gate, {
    open: false,
    because: 'xs-2 of it was not looked at: a shared repository needs every host',
  });
});
