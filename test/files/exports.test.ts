import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exportsFaults, parseExports, rowsOf, withRows } from '../../source/files/exports.js';

/** The example of the procedure that administrators follow. */
const TEXT = `#  login servers get write access to home and pub
/vol/small/home 192.168.1.0/24(rw,sync,no_root_squash,no_subtree_check) \\
                192.168.10.9(rw,sync,no_root_squash,no_subtree_check)
/vol/pub        192.168.1.0/24(rw,sync)

#  web servers
/vol/small/home 192.168.10.8(ro)
"/vol/with blank" -sync,ro *.example.org @trusted(rw)
`;

test('a table of path, client and options is read, over continuation lines and quotes', () => {
  const file = parseExports(TEXT);
  assert.deepEqual(
    rowsOf(file).map(({ path, client, options }) => `${path} ${client} ${options.join()}`),
    [
      '/vol/small/home 192.168.1.0/24 rw,sync,no_root_squash,no_subtree_check',
      '/vol/small/home 192.168.10.9 rw,sync,no_root_squash,no_subtree_check',
      '/vol/pub 192.168.1.0/24 rw,sync',
      '/vol/small/home 192.168.10.8 ro',
      '/vol/with blank *.example.org sync,ro',
      '/vol/with blank @trusted sync,ro,rw',
    ],
  );
  assert.deepEqual(exportsFaults(file), []);
});

test('the same rows give the same bytes', () => {
  const file = parseExports(TEXT);
  assert.equal(withRows(file, rowsOf(file)).text, TEXT);
});

test('one that goes, one with other options and one that is new change their own entries alone', () => {
  const file = parseExports(TEXT);
  const rows = rowsOf(file)
    .filter(({ client }) => client !== '192.168.10.9')
    .map((row) => (row.path === '/vol/pub' ? { ...row, options: ['ro'] } : row));
  const fresh = { path: '/vol/pub', client: '192.168.10.28', options: ['rw', 'sync'] };
  const after = withRows(file, [...rows, fresh]).text;
  const [first = '', , , , ...rest] = TEXT.split('\n');
  assert.equal(
    after,
    [
      first,
      '/vol/small/home 192.168.1.0/24(rw,sync,no_root_squash,no_subtree_check)',
      '/vol/pub 192.168.1.0/24(ro)',
      '/vol/pub 192.168.10.28(rw,sync)',
      ...rest,
    ].join('\n'),
  );
});

test('a blank before the parentheses is told as what it is: open to the world', () => {
  const file = parseExports('/srv/vms 192.0.2.0/25 (rw,no_subtree_check)\n');
  assert.deepEqual(
    rowsOf(file).map(({ client, options }) => [client, options]),
    [
      ['192.0.2.0/25', []],
      ['*', ['rw', 'no_subtree_check']],
    ],
  );
  assert.match(exportsFaults(file)[0]?.says ?? '', /whole world, and not for 192.0.2.0\/25/);
});

test('an unknown option, a path without its slash and a line without clients are told by line', () => {
  const file = parseExports('# x\n/a b(sincrono)\nsrv/x *(ro)\n/b\n');
  assert.deepEqual(
    exportsFaults(file).map(({ line, says }) => `${line} ${says}`),
    [
      '2 "sincrono" is no option of an export',
      '3 "srv/x" is no path: it begins with /',
      '4 it names no client, so it is exported to the world',
    ],
  );
});

test('a row that cannot be written is refused', () => {
  const file = parseExports('');
  for (const row of [
    { path: '/a', client: 'b (rw)', options: [] },
    { path: '/a\nb', client: 'c', options: [] },
    { path: '/a', client: 'c', options: ['rw) *(rw'] },
  ]) {
    assert.throws(() => withRows(file, [row]), RangeError);
  }
});

test('what was written is read again as the same rows, whatever stood there before', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
  const row = fc.record({
    path: word.map((name) => `/${name}`),
    client: word,
    options: fc.subarray(['rw', 'sync', 'no_subtree_check', 'fsid=7']),
  });
  const rows = fc.uniqueArray(row, {
    selector: ({ path, client }) => `${path} ${client}`,
    maxLength: 6,
  });
  fc.assert(
    fc.property(rows, rows, (before, after) => {
      const file = withRows(parseExports('# kept\n'), before);
      const made = withRows(file, after);
      const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort();
      assert.deepEqual(sorted(rowsOf(parseExports(made.text))), sorted(after));
      assert.ok(made.text.startsWith('# kept\n'));
    }),
    { numRuns: 200 },
  );
});

test('any text at all is read without a throw, and its own rows leave it alone', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(parseExports(text).text, text);
    }),
  );
});
