import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Host, Reader } from '../../../source/core/host.js';
import type { Case } from '../../../source/core/recovery.js';
import { ocfs2 } from '../../../source/stacks/ocfs2/index.js';
import { recordedHost } from '../../../source/transport/recorded.js';
import { draftOf, faultsOf, reviewOf } from '../../support/carry-out.js';
import { fixturesFolder, recordedNow } from '../../support/recordings.js';

const STATS = 'debugfs.ocfs2 1.8.7\n\tMount Count: 3\n\tLast Check: Fri Nov 20 18:50:44 2026\n';

/** What a recorded host does not know of itself: who uses the mount, and when it was checked. */
function host(recorded: Host, users: string): Reader {
  return {
    name: recorded.name,
    run: (command) => {
      const script = command.argv[2] ?? '';
      const stdout =
        command.argv[0] === 'debugfs.ocfs2'
          ? STATS
          : script.startsWith('find /proc/[0-9]*/fd')
            ? `${users}end\n`
            : undefined;
      return stdout === undefined
        ? recorded.run(command)
        : Promise.resolve({ kind: 'exited', code: 0, stdout, stderr: '' });
    },
  };
}

async function ask(
  situation: string,
  users: Readonly<Record<string, string>> = {},
  nodes: readonly string[] = ['fiori', 'torchio'],
  more: readonly (readonly [string, Reader])[] = [],
  subject = 'data',
): Promise<Case> {
  const folder = join(fixturesFolder, 'ocfs2', situation);
  const hosts = await Promise.all(
    nodes.map(async (name) => {
      const recorded = await recordedHost(name, join(folder, name));
      return [name, host(recorded, users[name] ?? '')] as const;
    }),
  );
  const recovery = ocfs2.recoveries?.find(({ id }) => id === 'ocfs2.stuck');
  assert.ok(recovery);
  return recovery.gather(subject, new Map([...hosts, ...more]));
}

function planOf(found: Case, value: string) {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, found.happened);
  return way.plan({ keepCopy: false });
}

const steps = (found: Case, value: string) =>
  draftOf(planOf(found, value)).steps.map(({ host: on, kind }) => `${on} ${kind}`);

test('two that write apart: the one that nobody uses is recommended to let go, and says what is lost', async () => {
  const found = await ask('apart', { fiori: 'user 812 qemu-system-x86 /mnt/data/web.img\n' });
  assert.equal(found.verdict, 'parted');
  assert.equal(found.recommended?.value, 'torchio');
  assert.match(found.ways[0]?.loses[0] ?? '', /lost if DRBD then gives up that side/);
  assert.deepEqual(steps(found, 'torchio'), ['torchio file-system.unmount', 'torchio command.run']);
  assert.match(draftOf(planOf(found, 'torchio')).warnings[0] ?? '', /drbd\.split-brain/);
});

test('who uses it is told with what to do, and nothing is unmounted under them', async () => {
  const found = await ask('apart', {
    torchio: 'user 812 qemu-system-x86 /mnt/data/web.img\nexport /mnt/data\n',
  });
  assert.deepEqual(faultsOf(planOf(found, 'torchio')), [
    'victim: It is in use on torchio: process 812 qemu-system-x86 (/mnt/data/web.img). Stop it there first.',
    'victim: It is in use on torchio: NFS exports /mnt/data. Stop it there first.',
  ]);
});

test('a process that hangs in the kernel is no plan: only a restart is told', async () => {
  const found = await ask('mounted-on-both', { torchio: 'hangs 901 ls\n' });
  assert.deepEqual([found.verdict, found.mendable, found.ways], ['needs a restart', false, []]);
  assert.match(
    found.happened,
    /process 901 ls hangs in the kernel.*Nothing but a restart of torchio/,
  );
  const parted = await ask('apart', { torchio: 'hangs 901 ls\n' });
  assert.match(faultsOf(planOf(parted, 'torchio')).join(), /only a restart of torchio lets go/);
});

test('while the cluster still decides about a lost node, what hangs is waited for', async () => {
  const lost = (uptime: string) => ask('link-lost', { fiori: `hangs 901 ls\nuptime ${uptime}\n` });
  assert.equal((await lost('190.00')).verdict, 'deciding');
  assert.equal((await lost('900.00')).verdict, 'needs a restart');
});

test('a node that is out comes back: the device is seen whole, the cluster online, then the mount', async () => {
  const found = await ask('differs-offline-secondary');
  assert.equal(found.verdict, 'node out');
  assert.deepEqual(steps(found, 'torchio'), [
    'torchio host.see-that',
    'torchio service.action',
    'torchio file-system.mount',
    'torchio look.confirm',
  ]);
  const review = reviewOf(draftOf(planOf(found, 'torchio')), ocfs2).join('\n');
  // Never the disk beneath DRBD, which is all that a Secondary shows.
  assert.ok(review.includes('/dev/drbd0') && !review.includes('/dev/vdb'), review);
});

test('a node whose cluster is offline is brought back by its own name, as its problem names it', async () => {
  const offline = ocfs2
    .diagnose(await recordedNow(ocfs2, 'differs-offline-secondary'))
    .find(({ code }) => code === 'OCFS2_OFFLINE');
  assert.deepEqual([offline?.subject, offline?.remedies], ['torchio', ['ocfs2.stuck']]);
  const found = await ask('differs-offline-secondary', {}, ['fiori', 'torchio'], [], 'torchio');
  assert.deepEqual([found.verdict, found.recommended?.value], ['node out', 'torchio']);
  assert.equal((await ask('mounted-on-both', {}, undefined, [], 'torchio')).verdict, 'not found');
});

test('offline where nothing waits for it, no recovery is offered', async () => {
  const found = ocfs2.diagnose(await recordedNow(ocfs2, 'wrong-name-and-no-tab'));
  const offline = found.filter(({ code }) => code === 'OCFS2_OFFLINE');
  assert.deepEqual(
    offline.map(({ remedies }) => remedies),
    [[], []],
  );
});

test('a file system with an error is checked only where every node of the cluster answers', async () => {
  const alone = await ask('heartbeat-dead', {}, ['fiori']);
  assert.deepEqual([alone.verdict, alone.mendable], ['damaged', false]);
  assert.match(alone.todo, /whether torchio has it mounted is not known/);
});

test('mounted nowhere is checked by one node after all were seen not to have it', async () => {
  const found = await ask('mounted-nowhere');
  assert.equal(found.verdict, 'mounted nowhere');
  assert.deepEqual(steps(found, 'check'), [
    'fiori host.see-that',
    'torchio host.see-that',
    'fiori host.see-that',
    'torchio host.see-that',
    'fiori ocfs2.check',
  ]);
});

test('in order, and a name that nobody has, are near misses', async () => {
  assert.equal((await ask('mounted-on-both')).verdict, 'in order');
  assert.equal((await ask('no-cluster')).verdict, 'not found');
});

test('a host that has nothing of OCFS2 is not drawn as a side', async () => {
  const folder = join(fixturesFolder, 'ocfs2/no-cluster/fiori');
  const bystander = host(await recordedHost('xs-1', folder), '');
  const { blocks } = await ask('apart', {}, undefined, [['xs-1', bystander]]);
  const [sides] = blocks;
  assert.deepEqual(sides?.kind === 'sides' ? sides.sides : [], ['fiori', 'torchio']);
});
