import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MooseCli, until } from '../support/moosefs-cli.js';
import { mooseBare, mooseMissing, type LabHost, type MooseLab } from '../support/moosefs-lab.js';

/**
 * A MooseFS of Debian's packages, set up and mended by the program's own commands over a real sshd on
 * each host. The tests stand on each other's shoulders, from hosts on which nothing runs.
 */
const why = mooseMissing();
if (why !== undefined && process.env.CI === 'true') throw new Error(`no real MooseFS: ${why}`);
if (why !== undefined) console.error(`SKIPPED, real MooseFS: ${why}`);
const skip = why ?? false;

const EXPORTS = [{ range: '*', path: '/', options: 'rw,alldirs,admin,maproot=0:0' }];
const MASTER = { master: 'm1', metaloggers: ['m2'], exports: EXPORTS };
const MOUNT = '/mnt/moose';

let lab: MooseLab;
let cli: MooseCli;
/** Whether FUSE is there: without it there are no chunks. */
let mounted = false;

before(async () => {
  if (why !== undefined) return;
  lab = await mooseBare();
  cli = new MooseCli(lab);
});

after(async () => {
  if (why === undefined) await lab.net.down();
});

const sh = (name: LabHost, line: string): Promise<string> => lab.host(name).sh(line);

/** The hosts on which the master's program runs; two would be two masters. */
async function masters(): Promise<readonly string[]> {
  const told = lab.names.map(async (name) => {
    const said = await sh(name, 'pgrep -x mfsmaster >/dev/null && echo runs; true');
    return said.includes('runs') ? [name] : [];
  });
  return (await Promise.all(told)).flat();
}

test(
  'a new master is made, with a metalogger that has a beginning, and no shadow or password is asked for',
  { skip },
  async () => {
    const asked = await cli.run('plan', 'lizardfs.masters', '--questions');
    assert.match(asked.text, /^metaloggers: /m);
    assert.doesNotMatch(asked.text, /^(?:shadows|password|goals|masterHost): /m);
    const { file } = await cli.plan('plan', 'lizardfs.masters', '--answers', cli.answers(MASTER));
    await cli.apply(file);
    assert.deepEqual(await masters(), ['m1']);
    await sh('m2', '[ "$(stat -c %s /var/lib/mfs/metadata_ml.mfs.back)" -gt 8 ]');
    const again = await cli.run('plan', 'lizardfs.masters', '--answers', cli.answers(MASTER));
    assert.deepEqual([again.code, again.text.includes('nothing to do')], [0, true], again.text);
    for (const name of ['c1', 'c2', 'c3'] as const) await sh(name, 'mfschunkserver start');
    await until(
      () => sh('m1', 'mfscli -H mfsmaster -p -SCS; true'),
      (said) => said.match(/^chunk servers:/gm)?.length === 3,
    );
  },
);

test(
  'an empty file system is refused beside one, whether its master runs or not',
  { skip },
  async () => {
    const other = cli.answers({ ...MASTER, master: 'c1', metaloggers: [] });
    const beside = await cli.run('plan', 'lizardfs.masters', '--answers', other);
    assert.deepEqual(
      [beside.code, beside.text.includes('m1 runs as master')],
      [64, true],
      beside.text,
    );
    await sh('m1', 'mfsmaster stop');
    try {
      const asleep = await cli.run('plan', 'lizardfs.masters', '--answers', other);
      assert.equal(asleep.code, 64, asleep.text);
      assert.match(asleep.text, /m1: it has metadata: it would be a second one/);
      assert.match(asleep.text, /An empty file system is not made beside it/);
    } finally {
      await sh('m1', 'mfsmaster start');
    }
  },
);

test(
  'it is mounted for good with a folder of its storage class, and what one host writes another reads',
  { skip },
  async (t) => {
    mounted = await sh('m2', '[ -c /dev/fuse ] && echo fuse; true').then((said) =>
      said.includes('fuse'),
    );
    if (!mounted) {
      t.skip('no FUSE here');
      return;
    }
    const answers = {
      hosts: ['m2', 'c3'],
      mountPoint: MOUNT,
      master: 'mfsmaster',
      folder: 'sr',
      goal: '1',
    };
    const { file } = await cli.plan('plan', 'lizardfs.mount', '--answers', cli.answers(answers));
    const said = await cli.apply(file);
    assert.match(said, /read the test file/);
    assert.match(await sh('m2', `mfsgetsclass ${MOUNT}/sr`), /sr: 1$/m);
    assert.match(
      await sh('c3', 'cat /etc/fstab'),
      /^mfsmount \/mnt\/moose fuse mfsmaster=mfsmaster,/m,
    );
  },
);

test(
  'a running master has its exports read again, and a storage class is made through the mount',
  { skip },
  async (t) => {
    if (!mounted) {
      t.skip('no FUSE here');
      return;
    }
    const more = { range: '10.0.0.0/8', path: '/sr', options: 'rw' };
    const answers = {
      ...MASTER,
      exports: [...EXPORTS, more],
      classes: [{ name: 'pair', keep: '*,*' }],
    };
    const { file, text } = await cli.plan(
      'plan',
      'lizardfs.masters',
      '--answers',
      cli.answers(answers),
    );
    assert.match(text, /reload the service/);
    await cli.apply(file);
    assert.match(
      await sh('m1', 'mfscli -H mfsmaster -p -SEX'),
      /^exports:\s10\.0\.0\.0\s.*\s\/sr\s/m,
    );
    assert.match(await sh('m2', `mfsscadmin ${MOUNT} list`), /^pair$/m);
    await sh('m2', `mfssetsclass -r pair ${MOUNT}/sr`);
    const twice = await cli.run('plan', 'lizardfs.masters', '--answers', cli.answers(answers));
    assert.match(twice.text, /pair is there already/);
  },
);

test(
  'a lost master is replaced by what the metalogger has: never two at once, and all is read again',
  { skip },
  async () => {
    if (mounted) {
      const write = 'for f in 1 2 3 4; do head -c 100000 /dev/urandom > $f; done; sync';
      await sh('m2', `cd ${MOUNT}/sr && { ${write}; } && sha256sum 1 2 3 4 > /srv/sums`);
    }
    // What it tells the metalogger is on its way for a moment.
    const newest = async (name: LabHost, files: string): Promise<string> =>
      (await sh(name, `cat /var/lib/mfs/${files} | cut -d: -f1 | sort -n | tail -n 1`)).trim();
    await until(
      async () =>
        `${await newest('m1', 'changelog.*.mfs')} ${await newest('m2', 'changelog_ml*.mfs')}`,
      (said) => new Set(said.split(' ')).size === 1,
    );
    await sh('m1', 'kill -9 $(pidof mfsmaster)');
    const { file, text } = await cli.plan(
      'recover',
      'lizardfs.lost-master',
      '--resource',
      'master',
      '--victim',
      'm2',
    );
    assert.match(text, /Lost for good\n {2}nothing/);
    const watched: (readonly string[])[] = [];
    const over = new AbortController();
    const watching = (async () => {
      while (!over.signal.aborted) watched.push(await masters());
    })();
    await cli.apply(file).finally(() => over.abort());
    await watching;
    assert.ok(
      watched.every((found) => found.length <= 1),
      JSON.stringify(watched),
    );
    assert.deepEqual(await masters(), ['m2']);
    if (mounted) await sh('m2', `cd ${MOUNT}/sr && timeout 50 sha256sum -c /srv/sums`);
  },
);

test(
  'the old master starts neither by itself nor with -a, and comes back as a metalogger',
  { skip },
  async () => {
    for (const line of ['mfsmaster start', 'mfsmaster -a']) {
      await assert.rejects(sh('m1', line), /can't find/);
    }
    // The one that gave up may still be on its way out.
    await until(
      async () => (await masters()).join(' '),
      (said) => said === 'm2',
    );
    const found = ['recover', 'lizardfs.lost-master', '--resource', 'master'];
    const { file } = await cli.plan(...found, '--victim', 'm1');
    await cli.apply(file);
    await until(
      () => sh('m2', 'mfscli -H mfsmaster -p -SMB; true'),
      new RegExp(`^metadata backup loggers:\\s${lab.host('m1').address}\\s`, 'm'),
    );
    assert.match((await cli.run(...found)).text, /a master answers/);
  },
);

test(
  'a disk is drained where its goals leave room, waits until MooseFS says ready, and is taken out',
  { skip },
  async (t) => {
    if (!mounted) {
      t.skip('no chunks here');
      return;
    }
    const subject = `${lab.host('c1').address}:9422 /srv/hd1/`;
    const drain = ['recover', 'lizardfs.disk-drain', '--resource', subject, '--victim', 'drain'];
    const wide = `mkdir ${MOUNT}/wide && cd ${MOUNT}/wide && mfssetsclass 3 .`;
    await sh('m2', `${wide} && echo wide > file && sync`);
    const narrow = await cli.run(...drain);
    assert.deepEqual(
      [narrow.code, narrow.text.includes('goal 3 needs 3 servers')],
      [2, true],
      narrow.text,
    );
    // Not removed: the chunk of a file in the trash keeps its class for a day.
    await sh('m2', `mfssetsclass 2 ${MOUNT}/wide/file`);
    await until(
      () => sh('m2', 'mfscli -H mfsmaster -p -SIC'),
      (said) => !/copies\/chunks:\s+3\s/.test(said),
    );
    const { file } = await cli.plan(...drain);
    await cli.apply(file);
    assert.doesNotMatch(
      await sh('m2', 'mfscli -H mfsmaster -p -SHD'),
      new RegExp(subject.replace(' ', ':')),
    );
    assert.equal(
      await sh('c1', 'cat /etc/mfs/mfshdd.cfg; grep -c hd1 /proc/mounts || true'),
      '/srv/hd2\n0',
    );
    await sh('m2', `cd ${MOUNT}/sr && timeout 50 sha256sum -c /srv/sums`);
  },
);

test(
  'missing chunks are told with the servers that would bring them back, and nothing else is offered',
  { skip },
  async (t) => {
    if (!mounted) {
      t.skip('no chunks here');
      return;
    }
    const look = ['recover', 'lizardfs.missing-chunks', '--resource', 'pair'];
    const ask = async (): Promise<string> => (await cli.run(...look)).text;
    const gone = ['c2', 'c3'] as const;
    for (const name of gone) await sh(name, 'mfschunkserver stop');
    try {
      const said = await until(ask, /chunks missing/);
      assert.match(said, /2 chunkservers away/);
      assert.match(said, /Bring back c2 and c3/);
      assert.match(said, /no plan is made/);
    } finally {
      for (const name of gone) await sh(name, 'mfschunkserver start');
    }
    await until(ask, /nothing is missing/, 300);
  },
);
