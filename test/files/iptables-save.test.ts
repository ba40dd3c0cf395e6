import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  insertRules,
  parseRules,
  policyOf,
  printRules,
  rulesOf,
} from '../../source/files/iptables-save.js';
import { PLAIN_RULES, XENSERVER_RULES } from '../support/firewalls.js';

const RULE = ['-p', 'tcp', '--dport', '9421', '-j', 'ACCEPT'];

test('rules that are read and printed are the same bytes', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom(...XENSERVER_RULES.split('\n'), ...PLAIN_RULES.split('\n'), '-A', ':', '*'),
  );
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), (lines, newline) => {
      const text = lines.join('\n') + (newline ? '\n' : '');
      assert.equal(printRules(parseRules(text)), text);
    }),
  );
});

test('chains, policies and rules are found, with counters before them and texts in quotes', () => {
  const file = parseRules(PLAIN_RULES);
  assert.equal(policyOf(file, 'filter', 'INPUT'), 'ACCEPT');
  assert.equal(policyOf(file, 'filter', 'NONE'), undefined);
  const rules = rulesOf(file, 'filter', 'INPUT');
  assert.equal(rules.length, 4);
  assert.deepEqual(rules[0]?.words.slice(0, 2), ['-m', 'state']);
  assert.ok(rules[2]?.words.includes('half of it'));
});

test('what `iptables -S` prints is read as the same rules', () => {
  const file = parseRules(
    '-P INPUT DROP\n-N OWN\n-A INPUT -j OWN\n-A OWN -s 10.0.0.1/32 -j ACCEPT\n',
  );
  assert.deepEqual(
    [policyOf(file, 'filter', 'INPUT'), policyOf(file, 'filter', 'OWN')],
    ['DROP', '-'],
  );
  assert.deepEqual(
    rulesOf(file, 'filter', 'OWN').map(({ words }) => words.join(' ')),
    ['-s 10.0.0.1/32 -j ACCEPT'],
  );
});

test('rules go before the one that is named, behind the last, or into a chain without any', () => {
  const put = (chain: string, index: number): readonly string[] =>
    printRules(
      insertRules(parseRules(XENSERVER_RULES), { table: 'filter', chain, index }, [RULE]),
    ).split('\n');
  const made = (chain: string): string => `-A ${chain} ${RULE.join(' ')}`;
  const own = put('RH-Firewall-1-INPUT', 6);
  assert.match(own[own.indexOf(made('RH-Firewall-1-INPUT')) + 1] ?? '', /-j REJECT/);
  const last = put('INPUT', 2);
  assert.equal(last[last.indexOf(made('INPUT')) - 1], '-A INPUT -j RH-Firewall-1-INPUT');
  const empty = put('OUTPUT', 0);
  assert.equal(empty[empty.indexOf(made('OUTPUT')) + 1], 'COMMIT');
  assert.throws(() => put('NONE', 0), RangeError);
});
