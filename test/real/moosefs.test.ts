import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { quoteAll } from '../../source/core/quote.js';
import {
  mooseMissing,
  mooseUp,
  nameMaster,
  writeFiles,
  type MooseLab,
} from '../support/moosefs-lab.js';
import { isInstalled } from '../support/net-hosts.js';
import { Tmux } from '../support/tmux.js';

/**
 * A MooseFS of Debian's packages, watched through the console over a real sshd on each of its hosts.
 * The tests stand on each other's shoulders: each leaves the cluster whole for the next.
 */
const why = mooseMissing() ?? (isInstalled('tmux') ? undefined : 'not installed: tmux');
if (why !== undefined && process.env.CI === 'true') throw new Error(`no real MooseFS: ${why}`);
if (why !== undefined) console.error(`SKIPPED, real MooseFS: ${why}`);
const skip = why ?? false;

const bin = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));

let lab: MooseLab;
let console80: Tmux;

before(async () => {
  if (why !== undefined) return;
  lab = await mooseUp();
  if (lab.mounted) {
    await writeFiles(lab.host('m2'), '/mnt/moose/two', 2);
    await writeFiles(lab.host('m2'), '/mnt/moose/three', 3);
  } else {
    console.error(
      'SKIPPED in part, real MooseFS: it cannot be mounted here, so there are no chunks',
    );
  }
  const line = quoteAll([process.execPath, bin, ...ways()]);
  console80 = new Tmux(line, [80, 24], { HOLDFAST_STATE: lab.net.folder });
});

after(async () => {
  if (why !== undefined) return;
  console80.end();
  await lab.net.down();
});

function ways(): readonly string[] {
  return ['--config', lab.net.configFile, '--ssh-config', lab.net.sshConfigFile];
}

const report = z.object({
  stacks: z.array(z.object({ id: z.string(), state: z.string(), summary: z.array(z.string()) })),
  problems: z.array(
    z.object({
      code: z.string(),
      severity: z.string(),
      subject: z.string(),
      hosts: z.array(z.string()),
      says: z.string(),
      means: z.string(),
    }),
  ),
});

type Report = z.infer<typeof report>;

async function status(): Promise<Report> {
  const argv = [bin, ...ways(), 'status', '--json'];
  const { stdout } = await execa(process.execPath, argv, { reject: false, stdin: 'ignore' });
  return report.parse(JSON.parse(stdout));
}

/** Looks again and again until it is as it should be; fails with what it was last. */
async function until(is: (report: Report) => boolean): Promise<Report> {
  const end = performance.now() + 120_000;
  for (;;) {
    const seen = await status();
    if (is(seen)) return seen;
    assert.ok(performance.now() < end, JSON.stringify(seen, null, 1));
    await pause(500);
  }
}

function graveOf({ problems }: Report): readonly string[] {
  // The disks of this machine are its own affair.
  const own = problems.filter(({ code }) => code.startsWith('LIZARDFS_'));
  return own.flatMap(({ code, severity }) => (severity === 'notice' ? [] : [code]));
}

const isWhole = (seen: Report): boolean => graveOf(seen).length === 0;

function found({ problems }: Report, code: string): Report['problems'][number] {
  const problem = problems.find((one) => one.code === code);
  assert.ok(problem, `${code} among ${problems.map((one) => one.code).join(' ')}`);
  return problem;
}

test(
  'a healthy cluster is shown whole: masters, metalogger, servers, disks, goals, mounts',
  { skip },
  async () => {
    const seen = await until(isWhole);
    const [stack] = seen.stacks;
    assert.equal(stack?.summary[0], '3/3 servers');
    console80.keys('2');
    const screen = await console80.until(/metalogger/);
    assert.match(screen, new RegExp(`${lab.host('m1').address}:9421 +master running`));
    assert.match(screen, /\/srv\/hd1\/ +in use/);
    if (!lab.mounted) return;
    await console80.until(/8 safe, 0 endangered, 0 lost/);
    console80.keys('Enter');
    await console80.until(/MooseFS › metadata server/);
    const matrix = await console80.until(/Chunk matrix/);
    // The next test finds the pane as this one did, whatever is said of the matrix.
    console80.keys('Escape');
    await console80.until(/in use/);
    assert.match(matrix, /goal[ │]+safe[ │]+endangered[ │]+lost/, matrix);
  },
);

test(
  'a chunkserver that is stopped is told with its host, and is gone when it is back',
  { skip },
  async () => {
    await lab.host('c2').sh('mfschunkserver stop');
    const seen = await until((one) => graveOf(one).includes('LIZARDFS_CHUNKSERVER_DOWN'));
    const down = found(seen, 'LIZARDFS_CHUNKSERVER_DOWN');
    assert.deepEqual([down.severity, down.hosts], ['alert', ['c2']]);
    assert.match(down.means, /stopped in good order.*half an hour/);
    if (lab.mounted) found(seen, 'LIZARDFS_CHUNKS_UNDERGOAL');
    await console80.until(new RegExp(`${lab.host('c2').address}:9422 +disconnected`));
    await lab.host('c2').sh('mfschunkserver start');
    await until(isWhole);
    await console80.until(new RegExp(`${lab.host('c2').address}:9422 +connected`));
  },
);

test('a chunkserver that hangs does not hide the rest', { skip }, async () => {
  await lab.host('c3').sh('kill -STOP $(pidof mfschunkserver)');
  try {
    const seen = await until((one) =>
      graveOf(one).some((code) => /CHUNKSERVER_(?:SILENT|DOWN)/.test(code)),
    );
    assert.notEqual(seen.stacks[0]?.summary[0], 'no answer yet');
  } finally {
    await lab.host('c3').sh('kill -CONT $(pidof mfschunkserver)');
  }
  await until(isWhole);
});

test(
  'a disk that is pulled out is told with its path, and is gone when another is in',
  { skip },
  async (t) => {
    if (!lab.mounted) {
      t.skip('no chunks, so nothing is ever written to a disk');
      return;
    }
    await lab.host('c1').sh('umount -l /srv/hd2');
    await lab
      .host('m2')
      .sh(
        'cd /mnt/moose/three && for f in 5 6 7 8; do head -c 100000 /dev/urandom > $f; done; sync',
      );
    const seen = await until((one) => graveOf(one).includes('LIZARDFS_DISK_DAMAGED'));
    const damaged = found(seen, 'LIZARDFS_DISK_DAMAGED');
    assert.deepEqual(
      [damaged.severity, damaged.hosts, damaged.subject],
      ['alert', ['c1'], `${lab.host('c1').address}:9422 /srv/hd2/`],
    );
    await console80.until(/\/srv\/hd2\/ +(?:damaged|missing)/);
    await lab
      .host('c1')
      .sh(
        'mount -t tmpfs -o size=64m none /srv/hd2 && chown mfs:mfs /srv/hd2 && mfschunkserver reload',
      );
    await until((one) => graveOf(one).every((code) => code !== 'LIZARDFS_DISK_DAMAGED'));
  },
);

test(
  'a master that is lost is told, and a new one from the metalogger’s files takes its place',
  { skip },
  async () => {
    await lab.host('m1').sh('kill -9 $(pidof mfsmaster)');
    const seen = await until((one) => graveOf(one).includes('LIZARDFS_NO_MASTER'));
    const lost = found(seen, 'LIZARDFS_NO_MASTER');
    assert.equal(lost.severity, 'alert');
    assert.match(lost.says, /^No MooseFS master answers at /);
    await console80.until(/no master/);
    await lab.host('m2').sh('mfsmetalogger stop && mfsmaster -a');
    const { address } = lab.host('m2');
    await Promise.all(lab.names.map((name) => nameMaster(lab.host(name), address)));
    await Promise.all(
      (['c1', 'c2', 'c3'] as const).map((name) => lab.host(name).sh('mfschunkserver reload')),
    );
    const moved = await until(
      (one) =>
        one.stacks[0]?.summary[0] === '3/3 servers' && !graveOf(one).includes('LIZARDFS_NO_MASTER'),
    );
    found(moved, 'LIZARDFS_NO_METALOGGER');
    await console80.until(new RegExp(`${address}:9421 +master running`));
  },
);

test('an old master that comes back beside the new one is two masters', { skip }, async () => {
  await lab.host('m1').sh('mfsmaster -a');
  const seen = await until((one) => graveOf(one).includes('LIZARDFS_TWO_MASTERS'));
  const two = found(seen, 'LIZARDFS_TWO_MASTERS');
  assert.deepEqual([two.severity, [...two.hosts].sort()], ['alert', ['m1', 'm2']]);
  await console80.until(/two masters/);
  await lab.host('m1').sh('mfsmaster stop');
  await until((one) => !graveOf(one).includes('LIZARDFS_TWO_MASTERS'));
});
