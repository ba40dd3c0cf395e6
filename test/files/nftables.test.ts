import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertNftRules, parseNft } from '../../source/files/nftables.js';
import { NFT_CONF } from '../support/firewalls.js';

test('chains are found with their hooks, policies and rules, past sets over several lines', () => {
  const { chains, includes } = parseNft(NFT_CONF);
  assert.deepEqual(
    chains.map(({ family, table, name, hook, policy, rules }) => [
      family,
      table,
      name,
      hook,
      policy,
      rules.length,
    ]),
    [
      ['inet', 'filter', 'input', 'input', 'drop', 4],
      ['inet', 'filter', 'forward', 'forward', 'drop', 0],
    ],
  );
  assert.deepEqual(includes, []);
});

test('a rule is put before a line, indented as its neighbours, and every other byte is kept', () => {
  const file = parseNft(NFT_CONF);
  const [input, forward] = file.chains;
  assert.ok(input && forward);
  const text = insertNftRules(file, input, input.rules[3]?.line ?? 0, ['tcp dport 1 accept']);
  assert.equal(text.replace('\t\ttcp dport 1 accept\n', ''), NFT_CONF);
  const other = insertNftRules(file, forward, forward.end, ['accept']);
  assert.match(other, /policy drop;\n\t\taccept\n\t\}/);
});

test('a table without a family is of ip, and files that are included are told', () => {
  const file = parseNft(
    'include "/etc/nftables.d/*.nft"\ntable filter {\n chain x {\n  accept\n }\n}\n',
  );
  assert.deepEqual([file.chains[0]?.family, file.includes.length], ['ip', 1]);
});

test('noise is no chain, and takes no time', () => {
  assert.deepEqual(parseNft('}}}}{{{{ table x { chain').chains, []);
  const begun = performance.now();
  parseNft('table inet a {\n'.repeat(20_000) + '{'.repeat(20_000));
  assert.ok(performance.now() - begun < 1000);
});
