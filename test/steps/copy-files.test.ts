import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../source/core/json.js';
import type { Outcome, Reader } from '../../source/core/host.js';
import { StepKinds, type BoundStep } from '../../source/core/step.js';
import { copyProgress } from '../../source/steps/copy-files.js';
import { generalSteps } from '../../source/steps/index.js';

const ID = '00000000-0000-4000-8000-000000000001';
const COPY = { source: '/srv/old', target: '/vol/small', id: ID };
const kinds = new StepKinds(generalSteps);

function bind(kind: string, params: Json): BoundStep {
  const bound = kinds.bind({ kind, params });
  assert.ok(bound.ok, bound.ok ? '' : bound.because);
  return bound.step;
}

type Said = Partial<Pick<Extract<Outcome, { readonly kind: 'exited' }>, 'code' | 'stdout'>>;

/** A host whose copy is in a state; by default the target is mounted and the source is there. */
function hostIn(state: string, more: Readonly<Record<string, Said>> = {}): Reader {
  const usual: Readonly<Record<string, Said>> = {
    sh: { stdout: state },
    findmnt: { stdout: 'TARGET="/vol/small" UUID="u"\n' },
  };
  return {
    name: 'fiori',
    run: ({ argv: [program = ''] }) => {
      const { code = 0, stdout = '' } = more[program] ?? usual[program] ?? {};
      return Promise.resolve({ kind: 'exited', code, stdout, stderr: '' });
    },
  };
}

test('a copy is begun only into what is mounted, and only of a folder that is there', async () => {
  const { check } = bind('files.copy', COPY);
  assert.equal((await check(hostIn('none\n'))).kind, 'notYet');
  const bare = await check(hostIn('none\n', { findmnt: { code: 1 } }));
  assert.deepEqual(bare, { kind: 'refused', because: 'nothing is mounted at /vol/small' });
  const without = await check(hostIn('none\n', { test: { code: 1 } }));
  assert.deepEqual(without, { kind: 'refused', because: 'there is no folder /srv/old' });
  assert.equal((await check(hostIn('runs\n'))).kind, 'done', 'a copy that runs is begun again');
});

test('the source is only read, nothing is deleted, and what mkfs made is left out', () => {
  const [line = ''] = bind('files.copy', COPY).preview.lines;
  assert.equal(
    line,
    'rsync -aHAXSx --numeric-ids --exclude=/lost+found --no-inc-recursive --info=progress2 -- /srv/old/ /vol/small/',
  );
  const [look = ''] = bind('files.see-same', { source: '/a', target: '/b', bytes: true }).preview
    .lines;
  assert.match(look, /^rsync -n -i --checksum .* \/a\/ \/b\/ {2}must list nothing$/);
});

test('waiting ends well with rsync’s 0 alone; an error is told in rsync’s words', async () => {
  const { check } = bind('files.wait-copied', COPY);
  assert.equal((await check(hostIn('runs\n 1,024  10%  1.00MB/s  0:00:09\n'))).kind, 'notYet');
  assert.equal((await check(hostIn('ended 0\n'))).kind, 'done');
  const full = await check(hostIn('ended 11\nrsync: write failed: No space left on device (28)\n'));
  assert.match(
    full.kind === 'refused' ? full.because : '',
    /ended with 11: .*No space left.*copy the rest/,
  );
  const gone = await check(hostIn('gone\n'));
  assert.match(gone.kind === 'refused' ? gone.because : '', /did the host restart/);
});

test('a source that was changed meanwhile is found at the end, by name', async () => {
  const { check } = bind('files.see-same', { source: '/a', target: '/b', bytes: false });
  const said = async (stdout: string) => check(hostIn('', { rsync: { stdout } }));
  assert.equal((await said('')).kind, 'done');
  const changed = await said('>f.st...... web.img\n>f+++++++++ new\n');
  assert.match(changed.kind === 'refused' ? changed.because : '', /web\.img and 1 more/);
});

test('rsync’s progress has a share, a rate and the time left', () => {
  assert.deepEqual(copyProgress('  1,234,567  12%    3.21MB/s    0:01:12 (xfr#1, to-chk=5/9)'), {
    share: 0.12,
    says: '12 %, 3.21MB/s',
    secondsLeft: 72,
  });
  assert.deepEqual(copyProgress(''), { says: 'rsync lists the files' });
});

test('folders that lead upwards or hold control characters are refused', () => {
  for (const source of ['srv', '/srv/../etc', '/a\n/b', '/srv/']) {
    assert.ok(!kinds.bind({ kind: 'files.copy', params: { ...COPY, source } }).ok, source);
  }
});
