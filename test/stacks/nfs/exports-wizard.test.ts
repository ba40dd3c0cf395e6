import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../../source/core/host.js';
import type { Json } from '../../../source/core/json.js';
import { nfs } from '../../../source/stacks/nfs/index.js';
import { applyExports } from '../../../source/stacks/nfs/steps/apply-exports.js';
import { exportsSpec } from '../../../source/stacks/nfs/wizards/exports/index.js';
import { assertGolden, draftOf, faultsOf, reviewOf } from '../../support/carry-out.js';
import { wholeCluster } from '../../support/surroundings.js';

const golden = new URL('../../../../test/stacks/nfs/exports-wizard.txt', import.meta.url);

const FILE = `# login servers
/vol/pub 192.168.1.0/24(rw,sync,no_subtree_check) \\
         192.168.10.9(ro)
`;

/** A host by what it has; what it is not asked here it does not know. */
interface Played {
  readonly name?: string;
  readonly exports?: string;
  readonly threads?: string;
  readonly facts?: string;
  readonly mounts?: readonly string[];
  readonly fstab?: string;
  readonly more?: string;
}

const ROOT = '22 1 254:0 / / rw - ext4 /dev/vda rw';
const PUB = '85 22 147:0 / /vol/pub rw - ocfs2 /dev/drbd0 rw';

function play({
  name = 'fiori',
  exports = FILE,
  threads = '8',
  facts = 'installed\napt\nunit nfs-server\nat-boot\n',
  mounts = [ROOT, PUB],
  fstab = '/dev/drbd0 /vol/pub ocfs2 _netdev 0 0',
  more = '',
}: Played): Reader {
  const lines = (key: string, text: string) =>
    text.split('\n').flatMap((line) => (line === '' ? [] : [`${key} ${line}`]));
  const server = [
    'root 0',
    'file /etc/exports',
    ...lines('text', exports),
    `threads ${threads}`,
    ...lines('fstab', fstab),
    ...mounts.map((line) => `mount ${line}`),
    more,
  ].join('\n');
  return {
    name,
    run: ({ argv }) => {
      const script = argv[2] ?? '';
      const said: Outcome = { kind: 'exited', code: 0, stdout: '', stderr: '' };
      if (argv[0] === 'cat' && argv[2] === '/etc/exports') {
        return Promise.resolve({ ...said, stdout: exports });
      }
      if (script.startsWith('echo "root')) return Promise.resolve({ ...said, stdout: server });
      if (script.startsWith('command -v exportfs')) {
        return Promise.resolve({ ...said, stdout: facts });
      }
      return Promise.resolve(script === '' ? { ...said, code: 127 } : said);
    },
  };
}

async function plan(played: readonly Played[], exports: readonly object[], more: object = {}) {
  const hosts = played.map(play);
  const found = await exportsSpec.look(hosts, wholeCluster);
  const answers = { hosts: hosts.map(({ name }) => name), exports, ...more };
  return exportsSpec.plan(found, exportsSpec.answers.parse(answers));
}

const KEPT = [
  { path: '/vol/pub', client: '192.168.1.0/24', options: 'rw,sync,no_subtree_check' },
  { path: '/vol/pub', client: '192.168.10.9', options: 'ro' },
];
const FRESH = { path: '/vol/pub/svn', client: '192.168.10.8', options: 'rw,sync,no_subtree_check' };

test('the plan says every command, as it was reviewed once', async () => {
  const draft = draftOf(
    await plan([{}], [KEPT[0] ?? {}, FRESH], { withdraw: ['192.168.10.9:/vol/pub'] }),
  );
  const text = [...reviewOf(draft, nfs), `put back: ${draft.putBack}`, ...draft.warnings, ''];
  assertGolden(golden, text.join('\n'));
});

test('where the server is only being installed, the file is there before the package brings its own', async () => {
  const played = { exports: '', threads: '', facts: 'apt\n' };
  const draft = draftOf(await plan([played], [FRESH]));
  const kinds = draft.steps.map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, 2), ['file.edit', 'package.install']);
  assert.equal(kinds.filter((kind) => kind === 'file.edit').length, 1);
});

test('the form begins with what the first chosen host exports', async () => {
  const found = await exportsSpec.look([play({})], wholeCluster);
  const table = exportsSpec.questions(found, { hosts: ['fiori'] })[1];
  assert.deepEqual(table?.kind === 'table' && table.default, KEPT);
});

test('an export that is not in the table any more is withdrawn only where that is said', async () => {
  assert.deepEqual(faultsOf(await plan([{}], [KEPT[0] ?? {}])), [
    'withdraw: fiori exports 192.168.10.9:/vol/pub now, and it is not in the table; that it is withdrawn must be said',
  ]);
});

test('what is in fstab and not mounted is not exported: clients would write on the root disk', async () => {
  assert.match(
    faultsOf(await plan([{ mounts: [ROOT] }], KEPT)).join(),
    /exports\.0\.path: fiori: \/vol\/pub is in fstab and not mounted/,
  );
});

test('a file system without a number of its own needs an fsid', async () => {
  const mounts = [ROOT, PUB, '90 22 0:60 / /mnt/mfs rw - fuse.mfs mfs#10.0.0.1:9421 rw'];
  const row = { path: '/mnt/mfs', client: '192.168.1.0/24', options: 'rw,sync' };
  assert.match(
    faultsOf(await plan([{ mounts }], [...KEPT, row])).join(),
    /lies on fuse\.mfs, .* fsid=/,
  );
  assert.ok((await plan([{ mounts }], [...KEPT, { ...row, options: 'rw,sync,fsid=12' }])).ok);
});

test('rows that contradict themselves, occur twice or do not fit are named by their place', async () => {
  const odd = { path: '/vol/pub', client: 'a', options: 'rw,ro' };
  const faults = faultsOf(await plan([{}], [...KEPT, KEPT[1] ?? {}, odd]));
  assert.deepEqual(faults, [
    'exports.2: 192.168.10.9:/vol/pub is there twice',
    'exports.3: it is rw and ro',
  ]);
  assert.ok(
    !exportsSpec.answers.safeParse({ hosts: ['a'], exports: [{ ...FRESH, options: 'sincrono' }] })
      .success,
  );
  assert.ok(
    !exportsSpec.answers.safeParse({ hosts: ['a'], exports: [{ ...FRESH, client: 'b (rw)' }] })
      .success,
  );
});

test('a line that exportfs does not read is mended by a person first', async () => {
  const exports = `${FILE}/vol/pub x(sincrono)\n`;
  assert.match(
    faultsOf(await plan([{ exports }], KEPT)).join(),
    /line 4 of \/etc\/exports: "sincrono"/,
  );
});

test('a blank before the parentheses is told; taking the world out of the table mends it', async () => {
  const exports = '/vol/pub 192.168.1.0/24 (rw,sync)\n';
  const draft = draftOf(
    await plan([{ exports }], [{ ...KEPT[0], options: 'rw,sync' }], { withdraw: ['*:/vol/pub'] }),
  );
  assert.match(draft.warnings.join(), /whole world, and not for 192\.168\.1\.0\/24/);
  const edit = draft.steps.find(({ kind }) => kind === 'file.edit');
  assert.match(
    JSON.stringify(edit?.params),
    /"after":"\/vol\/pub 192\.168\.1\.0\/24\(rw,sync\)\\n"/,
  );
});

test('a server that does not run is started, at boot too; one that is not installed is installed', async () => {
  const stopped = draftOf(
    await plan([{ threads: '', facts: 'installed\nunit nfs-kernel-server\n' }], KEPT),
  );
  const kinds = stopped.steps.map(({ kind }) => kind);
  assert.deepEqual(kinds, ['host.see-that', 'command.run', 'service.action', 'nfs.apply-exports']);
  const bare = draftOf(await plan([{ threads: '', facts: 'apt\n', exports: '' }], [FRESH]));
  assert.ok(bare.steps.some(({ kind }) => kind === 'package.install'));
  assert.match(
    faultsOf(await plan([{ threads: '', facts: '' }], KEPT)).join(),
    /the NFS server is not installed/,
  );
});

test('what was exported by hand is told, and stays', async () => {
  const more = 'etab /srv/x\t192.0.2.9(ro,sync,wdelay)';
  const draft = draftOf(await plan([{ more }], KEPT));
  assert.match(draft.warnings.join(), /192\.0\.2\.9:\/srv\/x was exported by hand and stays/);
});

const ROW = { path: '/vol/pub', client: '192.168.1.0/24', options: ['rw', 'sync'], fresh: true };

/** What the step says where etab holds this. */
async function checked(etab: string, params: Json): Promise<string> {
  const bound = applyExports.bind(params);
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  const host: Reader = {
    name: 'fiori',
    run: () => Promise.resolve({ kind: 'exited', code: 0, stdout: etab, stderr: '' }),
  };
  return (await bound.step.check(host)).kind;
}

test('exports hold only with every option that was asked for, and without what was withdrawn', async () => {
  const params = { rows: [ROW], withdrawn: [{ path: '/vol/pub', client: '192.168.10.9' }] };
  const holds = '/vol/pub\t192.168.1.0/24(rw,sync,wdelay,hide,secure,root_squash)\n';
  assert.equal(await checked(holds, params), 'done');
  assert.equal(await checked(holds.replace('rw', 'ro'), params), 'notYet');
  assert.equal(await checked('', params), 'notYet');
  assert.equal(await checked(`${holds}/vol/pub\t192.168.10.9(ro)\n`, params), 'notYet');
});

test('exportfs’s complaints are told by line; its advice about subtree checks is none', () => {
  const bound = applyExports.bind({ rows: [ROW], withdrawn: [] });
  assert.ok(bound.ok);
  const stderr = [
    `exportfs: /etc/exports [1]: Neither 'subtree_check' or 'no_subtree_check' specified for export "a:/b".`,
    'exportfs: /etc/exports:3: unknown keyword "sincrono"',
    'exportfs: Failed to stat /srv/vms: No such file or directory',
  ].join('\n');
  assert.equal(
    bound.step.explain({ kind: 'exited', code: 1, stdout: '', stderr }),
    'line 3 of /etc/exports: unknown keyword "sincrono"; Failed to stat /srv/vms: No such file or directory',
  );
});

test('undo withdraws what is new alone', () => {
  const rows = [ROW, { ...ROW, client: '2001:db8::/32', fresh: false }];
  const bound = applyExports.bind({ rows, withdrawn: [] });
  assert.ok(bound.ok && bound.step.undo.kind === 'commands');
  assert.deepEqual(
    bound.step.undo.commands.map(({ argv }) => argv[4]),
    ['192.168.1.0/24:/vol/pub'],
  );
});
