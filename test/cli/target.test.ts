import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTarget } from '../../source/cli/target.js';
import { targetOf } from '../../source/core/fleet.js';

function read(text: string) {
  const result = parseTarget(text);
  return result.ok ? result.value : result.why;
}

function why(text: string): string {
  const result = parseTarget(text);
  return result.ok ? '' : result.why;
}

test('a target is a name with a user and a port where they are given', () => {
  assert.deepEqual(read('fiori'), { address: 'fiori' });
  assert.deepEqual(read('root@fiori'), { address: 'fiori', user: 'root' });
  assert.deepEqual(read('fiori:2222'), { address: 'fiori', port: 2222 });
  assert.deepEqual(read('adm@xs-1.example.org:22'), {
    address: 'xs-1.example.org',
    user: 'adm',
    port: 22,
  });
});

test('an IPv6 address stands alone, or in brackets with a port', () => {
  assert.deepEqual(read('fe80::1'), { address: 'fe80::1' });
  assert.deepEqual(read('root@[fe80::1]'), { address: 'fe80::1', user: 'root' });
  assert.deepEqual(read('[::1]:2222'), { address: '::1', port: 2222 });
  assert.match(why('a:b:c'), /too many colons.*\[address\]:port/);
  assert.match(why('[fiori]:22'), /no IPv6 address/);
});

test('the last @ parts the user from the host, as OpenSSH does it', () => {
  assert.deepEqual(read('jo@example.org@fiori'), { address: 'fiori', user: 'jo@example.org' });
});

test('what ssh could take for an option is refused', () => {
  assert.match(why('-oProxyCommand=x'), /cannot begin with a dash/);
  assert.match(why('root@-oProxyCommand=x'), /cannot begin with a dash/);
  assert.match(why('-l@fiori'), /cannot begin with a dash/);
});

test('blanks, control characters, signs of the shell and missing parts are refused', () => {
  for (const bad of [
    '',
    '@fiori',
    'root@',
    'a b',
    'a\nb',
    'a\u001b[2J',
    'a;b',
    '$(x)',
    'a\u200bb',
  ]) {
    assert.equal(typeof read(bad), 'string', JSON.stringify(bad));
  }
});

test('a port is a number from 1 to 65535', () => {
  for (const bad of ['fiori:', 'fiori:0', 'fiori:65536', 'fiori:ssh', 'fiori:-1', 'fiori:1e3']) {
    assert.match(why(bad), /is no port/, bad);
  }
});

test('any text is answered, and what is accepted is printed as it can be read again', () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^[a-z@:[\]0-9.-]{0,20}$/));
  fc.assert(
    fc.property(texts, (text) => {
      const result = parseTarget(text);
      if (!result.ok) return;
      const printed = targetOf({ name: 'x', become: 'none', via: 'ssh', ...result.value });
      const { port, ...rest } = result.value;
      const expected = port === undefined || port === 22 ? rest : { ...rest, port };
      assert.deepEqual(read(printed), expected);
    }),
  );
});
