import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hostsAddresses, parseHosts, printHosts, setHostsName } from '../../source/files/hosts.js';

const TEXT = `127.0.0.1\tlocalhost localhost.localdomain
::1 localhost # loopback, too

# the storage
10.0.0.9   mfsmaster   # moves with uraft
10.0.0.11 xs-1 xs-1.example.com  mfsmaster storage # the old master
`;

const set = (text: string, name: string, address: string): string =>
  printHosts(setHostsName(parseHosts(text), name, address));

test('a hosts file that is read and printed is the same bytes', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom('# a comment', '', '10.0.0.1 a b # c', ' \t10.0.0.2\tx', '10.0.0.3', '#'),
  );
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), (lines, newline) => {
      const text = lines.join('\n') + (newline ? '\n' : '');
      assert.equal(printHosts(parseHosts(text)), text);
    }),
  );
});

test('a name has the addresses of all its lines, in any case of its letters', () => {
  assert.deepEqual(hostsAddresses(parseHosts(TEXT), 'MFSmaster'), ['10.0.0.9', '10.0.0.11']);
  assert.deepEqual(hostsAddresses(parseHosts(TEXT), 'loopback,'), []);
});

test('a line of its own is changed where it stands, an alias is taken out of its line', () => {
  const lines = set(TEXT, 'mfsmaster', '10.0.0.1').split('\n');
  assert.equal(lines[4], '10.0.0.1   mfsmaster   # moves with uraft');
  assert.equal(lines[5], '10.0.0.11 xs-1 xs-1.example.com storage # the old master');
  assert.equal(lines.length, TEXT.split('\n').length);
});

test('a name that is nowhere gets a line at the end, also behind a last line without its newline', () => {
  assert.equal(
    set('127.0.0.1 localhost', 'mfsmaster', '10.0.0.1'),
    '127.0.0.1 localhost\n10.0.0.1\tmfsmaster\n',
  );
});

test('a name that has the address already changes nothing but what says otherwise', () => {
  assert.equal(set(TEXT, 'storage', '10.0.0.11'), TEXT);
  const text = '10.0.0.1 a mfsmaster\n10.0.0.2 mfsmaster\n';
  assert.equal(set(text, 'mfsmaster', '10.0.0.1'), '10.0.0.1 a mfsmaster\n');
});

test('whatever the file holds, afterwards the name has the one address and all other names theirs', () => {
  const word = fc.stringMatching(/^[a-z]{1,3}$/);
  const line = fc.tuple(
    fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3'),
    fc.array(word, { minLength: 1, maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(line), word, (lines, name) => {
      const text = lines.map(([address, names]) => `${address} ${names.join(' ')}\n`).join('');
      const after = setHostsName(parseHosts(text), name, '10.0.0.2');
      assert.deepEqual([...new Set(hostsAddresses(after, name))], ['10.0.0.2']);
      for (const other of new Set(lines.flatMap(([, names]) => names))) {
        if (other === name) continue;
        assert.deepEqual(
          new Set(hostsAddresses(after, other)),
          new Set(hostsAddresses(parseHosts(text), other)),
        );
      }
    }),
  );
});

test('a name or an address that cannot stand in the file is refused', () => {
  assert.throws(() => set('', 'a b', '10.0.0.1'), RangeError);
  assert.throws(() => set('', 'a', '10.0.0.1\n'), RangeError);
  assert.throws(() => set('', 'a#', '10.0.0.1'), RangeError);
});
