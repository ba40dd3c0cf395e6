import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../../../source/core/host.js';
import type { Case } from '../../../../source/core/recovery.js';
import type { Draft } from '../../../../source/core/wizard.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { standaloneRecovery } from '../../../../source/stacks/drbd/recoveries/standalone/recovery.js';
import { hideSecrets } from '../../../../source/tools/secret-lines.js';
import { draftOf, faultsOf, reviewOf } from '../../../support/carry-out.js';
import { RECORDED_AT } from '../../../support/recordings.js';
import { hostsOf, type Closer } from '../split-brain/support.js';

const ON = (host: string, ip: string, disk = '/dev/vdb') =>
  `  on ${host} { device /dev/drbd0; disk ${disk}; meta-disk internal; address ${ip}:7788; }\n`;

/** A file of `r0` whose net section says more. */
function res(net: string, disk = '/dev/vdb'): string {
  return `resource r0 {\n  net { protocol C; ${net} }\n${ON('fiori', '192.0.2.1')}${ON('torchio', '192.0.2.2', disk)}}\n`;
}

/** What one host has configured; drbdadm would say the same as the file. */
interface Conf {
  readonly file: string;
  readonly common?: string;
  /** What it says of its secret; left out: nothing. */
  readonly sum?: string;
  readonly show?: string;
}

function reply(
  argv: readonly string[],
  { file, common = '', sum, show }: Conf,
): Outcome | undefined {
  const script = argv[2] ?? '';
  const hidden = hideSecrets(file, { keys: ['shared-secret'], form: 'statement' });
  const out = (stdout: string): Outcome => ({ kind: 'exited', code: 0, stdout, stderr: '' });
  if (script.includes('sha256sum') && script.includes('IFS=')) return out(sum ? `${sum}\n` : '');
  if (script.includes('drbdadm dump')) {
    return out(
      `common {\n${common}}\n# resource r0 on fiori: not ignored, not stacked\n# defined at /etc/drbd.d/r0.res:1\n${hidden}`,
    );
  }
  if (script.includes('drbdsetup show r0')) return out(show ?? '');
  if (script.includes('exit 66')) return out(hidden);
  return undefined;
}

async function caseOf(
  confs: Readonly<Record<'fiori' | 'torchio', Conf>>,
  situation = 'standalone-no-split-brain',
  closer: Readonly<Record<string, Closer>> = {},
): Promise<Case> {
  const recorded = await hostsOf(situation, closer);
  const hosts = new Map<string, Reader>();
  for (const [name, host] of recorded) {
    const conf = confs[name === 'fiori' ? 'fiori' : 'torchio'];
    hosts.set(name, {
      name,
      run: async (command) => reply(command.argv, conf) ?? host.run(command),
    });
  }
  return standaloneRecovery(() => RECORDED_AT).gather('r0', hosts);
}

function drafted(found: Case, way: string): Draft {
  const chosen = found.ways.find(({ value }) => value === way);
  assert.ok(chosen, `${way} is not among ${found.ways.map(({ value }) => value).join()}`);
  return draftOf(chosen.plan({ keepCopy: false }));
}

const plain = { file: res('') };
const verifying = { file: res('verify-alg crc32c;') };

test('a verify-alg that differs is named from the log, laid next to each other, and mended in the file of one', async () => {
  const found = await caseOf({ fiori: plain, torchio: verifying });
  assert.equal(found.verdict, 'settings differ', found.happened);
  assert.match(found.happened, /no split brain.*Different verify-alg settings/);
  assert.match(found.happened, /verify-alg \(not set, crc32c\)/);
  assert.deepEqual(
    found.ways.map(({ value, loses }) => [value, loses]),
    [
      ['fiori', []],
      ['torchio', []],
    ],
  );
  const draft = drafted(found, 'torchio');
  assert.deepEqual(
    draft.steps.map(({ host, kind }) => `${host} ${kind}`),
    [
      'fiori file.edit',
      'fiori drbd.adjust',
      'torchio drbd.adjust',
      'fiori drbd.wait-connected',
      'torchio drbd.wait-connected',
    ],
  );
  const review = reviewOf(draft, drbd).join('\n');
  assert.match(
    review,
    /- {2}net \{ protocol C;\s+\}\n.*\+ {2}net \{ protocol C; verify-alg crc32c; \}/,
  );
});

test('the table has each option that is not alike, once, the blamed one first', async () => {
  const found = await caseOf({
    fiori: { file: res('max-buffers 8000;') },
    torchio: { file: res('verify-alg crc32c; allow-two-primaries no;') },
  });
  const table = found.blocks.find((block) => block.kind === 'table');
  assert.ok(table?.kind === 'table');
  const cells = table.rows.map((row) => row.slice(0, 3).map(({ text }) => text));
  assert.deepEqual(cells, [
    ['net/verify-alg', '–', 'crc32c'],
    ['net/max-buffers', '8000', '–'],
    ['net/shared-secret', '–', '–'],
  ]);
});

test('secrets that differ never leave their hosts: both get a new one', async () => {
  const found = await caseOf({
    fiori: { file: res('cram-hmac-alg sha1; shared-secret "first";'), sum: 'aa' },
    torchio: { file: res('cram-hmac-alg sha1; shared-secret "second";'), sum: 'bb' },
  });
  assert.equal(found.verdict, 'secrets differ', found.happened);
  const draft = drafted(found, 'fiori');
  assert.deepEqual(
    draft.steps.slice(0, 2).map(({ host, kind }) => `${host} ${kind}`),
    ['fiori drbd.replace-secret', 'torchio drbd.replace-secret'],
  );
  assert.deepEqual(
    draft.secrets?.map(({ name, from }) => [name, from]),
    [['drbd-shared-secret', 'made']],
  );
  assert.doesNotMatch(JSON.stringify([found, draft]), /first"|second/);
  const texts = draft.steps.slice(0, 2).map(({ params }) => JSON.stringify(params));
  for (const text of texts) assert.match(text, /<<secret:drbd-shared-secret>>/);
});

test('a secret that is the same stays where it is while another option is mended', async () => {
  const found = await caseOf({
    fiori: { file: res('shared-secret "one";'), sum: 'aa' },
    torchio: { file: res('shared-secret "one"; csums-alg sha1;'), sum: 'aa' },
  });
  const draft = drafted(found, 'torchio');
  assert.equal(draft.secrets, undefined);
  assert.equal(draft.steps[0]?.kind, 'file.edit');
  assert.match(JSON.stringify(draft.steps[0].params), /<<kept:shared-secret:1>>.*csums-alg sha1/);
});

test('what comes from `common` on one side is said in the file, so that the same bytes mean the same', async () => {
  const found = await caseOf({
    fiori: { ...plain, common: '  net { verify-alg crc32c; }\n' },
    torchio: plain,
  });
  const fiori = drafted(found, 'fiori');
  assert.deepEqual(
    fiori.steps.filter(({ kind }) => kind === 'file.edit').map(({ host }) => host),
    ['fiori', 'torchio'],
  );
  assert.match(JSON.stringify(fiori.steps[0]?.params), /verify-alg crc32c;/);
  const torchio = drafted(found, 'torchio');
  assert.match(JSON.stringify(torchio.steps[0]?.params), /verify-alg \\"\\";/);
});

test('files that agree by now are brought into effect; a side that waits with old settings is disconnected first', async () => {
  const found = await caseOf({ fiori: verifying, torchio: verifying });
  assert.equal(found.verdict, 'files agree by now');
  assert.deepEqual(
    drafted(found, 'connect').steps.map(({ kind }) => kind),
    ['drbd.adjust', 'drbd.adjust', 'drbd.wait-connected', 'drbd.wait-connected'],
  );
});

test('a file that names another disk, or drops a resource, is not copied over the other', async () => {
  const moved = await caseOf({
    fiori: plain,
    torchio: { file: res('verify-alg md5;', '/dev/vdc') },
  });
  for (const { plan } of moved.ways) {
    assert.match(faultsOf(plan({ keepCopy: false })).join(), /different disks: on torchio\/disk/);
  }
  const more = { file: `${verifying.file}resource r7 { }\n` };
  const found = await caseOf({ fiori: plain, torchio: more });
  const [fiori] = found.ways;
  assert.ok(fiori);
  assert.match(faultsOf(fiori.plan({ keepCopy: false })).join(), /also defines r7/);
});

test('a split brain is not connected but led to its own recovery', async () => {
  const found = await caseOf({ fiori: plain, torchio: verifying }, 'split-brain');
  assert.equal(found.verdict, 'split brain');
  assert.equal(found.mendable, false);
  assert.deepEqual(found.ways, []);
  assert.match(found.todo, /drbd\.split-brain/);
});

for (const [situation, verdict] of [
  ['calm', 'healed'],
  ['link-cut', 'nobody stands alone'],
] as const) {
  test(`${situation}: is called ${verdict} and left alone`, async () => {
    const found = await caseOf({ fiori: plain, torchio: plain }, situation);
    assert.equal(found.verdict, verdict, found.happened);
    assert.deepEqual(found.ways, []);
  });
}

const HOPELESS: readonly (readonly [string, string])[] = [
  [
    'incompatible DRBD dialects: I support 86-101, peer supports protocol 110-121',
    'versions do not fit',
  ],
  ["The peer's disk size is too small! (1000 < 2000 sectors)", 'disk too small'],
];

for (const [line, verdict] of HOPELESS) {
  test(`${verdict}: told, and no file is edited for it`, async () => {
    const altered = (text: string) => text.replace(/Different verify-alg settings.*/g, line);
    const both = { fiori: { altered }, torchio: { altered } };
    const found = await caseOf({ fiori: plain, torchio: plain }, undefined, both);
    assert.equal(found.verdict, verdict, found.happened);
    assert.equal(found.mendable, false);
  });
}

test('the finding of a side that stands alone leads here', async () => {
  const { nowOf } = await import('../support.js');
  const { readFileSync } = await import('node:fs');
  const { fixturesFolder } = await import('../../../support/recordings.js');
  const folder = `${fixturesFolder}/drbd/standalone-no-split-brain`;
  const read = (host: string, file: string) => readFileSync(`${folder}/${host}/${file}`, 'utf8');
  const answers = (host: string) => ({
    '/proc/drbd && exec drbdsetup show': read(host, 'show.txt'),
    'drbdsetup get-gi 0': read(host, 'get-gi-0.txt'),
    dmesg: read(host, 'kernel-log.txt'),
    'cat /proc/drbd': read(host, 'proc-drbd.txt'),
    'drbdadm dump': read(host, 'dump.txt'),
  });
  const now = await nowOf({ fiori: answers('fiori'), torchio: answers('torchio') });
  const found = drbd.diagnose(now).find(({ code }) => code === 'DRBD_STANDALONE');
  assert.deepEqual(found?.remedies, ['drbd.standalone']);
});

test('files that differ while the sides are connected are made alike, and nothing is parted', async () => {
  const found = await caseOf({ fiori: plain, torchio: verifying }, 'calm');
  assert.equal(found.verdict, 'files differ', found.happened);
  assert.deepEqual(
    drafted(found, 'torchio').steps.map(({ host, kind }) => `${host} ${kind}`),
    ['fiori file.edit'],
  );
});
