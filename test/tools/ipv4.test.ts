import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressOf,
  cidrOf,
  networkText,
  numberOf,
  overlap,
  rangeOf,
} from '../../source/tools/ipv4.js';

test('an address is a number and back, and what is none is none', () => {
  for (const address of ['0.0.0.0', '10.20.0.21', '192.0.2.129', '255.255.255.255']) {
    assert.equal(addressOf(numberOf(address) ?? -1), address);
  }
  for (const none of ['', '1.2.3', '1.2.3.4.5', '256.0.0.1', '1.2.3.x', ' 1.2.3.4', 'fe80::1']) {
    assert.equal(numberOf(none), undefined, none);
    assert.equal(cidrOf(`${none}/24`), undefined, none);
  }
});

test('a network is written by its first address, one address alone without a prefix', () => {
  const text = (cidr: string) => networkText(cidrOf(cidr) ?? assert.fail(cidr));
  assert.equal(text('192.0.2.130/25'), '192.0.2.128/25');
  assert.equal(text('10.255.0.1/8'), '10.0.0.0/8');
  assert.equal(text('10.0.0.7'), '10.0.0.7');
  assert.equal(text('10.0.0.7/0'), '0.0.0.0/0');
  assert.equal(cidrOf('10.0.0.1/33'), undefined);
});

test('networks overlap where one has an address of the other', () => {
  const range = (address: string, prefix: number) => rangeOf(address, prefix) ?? assert.fail();
  assert.ok(overlap(range('10.0.0.0', 8), range('10.3.0.0', 16)));
  assert.ok(!overlap(range('192.0.2.1', 25), range('192.0.2.129', 25)));
  assert.ok(overlap(range('192.0.2.127', 32), range('192.0.2.0', 25)));
});
