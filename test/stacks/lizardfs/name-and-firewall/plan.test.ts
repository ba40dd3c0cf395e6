import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Host, Outcome } from '../../../../source/core/host.js';
import type { Answers } from '../../../../source/core/wizard.js';
import { nameAndFirewallSpec as wizard } from '../../../../source/stacks/lizardfs/wizards/name-and-firewall/index.js';
import { draftText } from '../../../support/draft-text.js';
import { NFT_CONF, XENSERVER_RULES } from '../../../support/firewalls.js';
import { wholeCluster } from '../../../support/surroundings.js';

const golden = new URL(
  '../../../../../test/stacks/lizardfs/name-and-firewall/plan.txt',
  import.meta.url,
);

const FLAVOUR = (address: string, ...more: readonly string[]): string =>
  ['folder /etc/mfs', 'program /usr/bin/mfsmount', `address ${address}`, ...more].join('\n');

/** What a host answers, by what it is asked for. */
function hostWith(name: string, answers: Readonly<Record<string, string>>): Host {
  const run = ({ argv }: { readonly argv: readonly string[] }): Promise<Outcome> => {
    const stdout = answers[asked(argv)];
    const code = stdout === undefined ? 1 : 0;
    return Promise.resolve({ kind: 'exited', code, stdout: stdout ?? '', stderr: '' });
  };
  return { name, run };
}

function asked(argv: readonly string[]): string {
  const [program = '', , third = ''] = argv;
  if (program === 'cat') return third;
  if (program !== 'sh') return program;
  if (third.includes('os-release')) return 'flavour';
  return third.includes('PERSONALITY') ? 'settings' : 'facts';
}

const HOSTS = '127.0.0.1 localhost\n';
const master = hostWith('xs-1', {
  flavour: FLAVOUR('10.0.0.1', 'program /usr/sbin/mfsmaster', 'program /usr/sbin/mfschunkserver'),
  settings: 'PERSONALITY = master\nURAFT_PORT = 9527\n',
  facts: '',
  '/etc/hosts': HOSTS,
  iptables: XENSERVER_RULES,
  '/etc/sysconfig/iptables': XENSERVER_RULES,
});
const other = hostWith('xs-2', {
  flavour: FLAVOUR('10.0.0.2', 'program /usr/sbin/mfschunkserver'),
  settings: '',
  facts: 'zone public\nports public 22/tcp\npermanent public 22/tcp\n',
  '/etc/hosts': `${HOSTS}10.0.0.9 old mfsmaster\n`,
});
const client = hostWith('pve-1', {
  flavour: FLAVOUR('10.0.0.3'),
  settings: '',
  facts: '',
  '/etc/hosts': `${HOSTS}10.0.0.1\tmfsmaster\n`,
  nft: NFT_CONF,
  '/etc/nftables.conf': NFT_CONF,
});
const dead: Host = {
  name: 'xs-9',
  run: () => Promise.resolve({ kind: 'unreachable', reason: 'no route to host' }),
};

const all = wizard.look([master, other, client, dead], wholeCluster);

async function draftOf(answers: object) {
  return wizard.plan(await all, wizard.answers.parse(answers));
}

async function faultsOf(answers: object): Promise<readonly string[]> {
  const drafted = await draftOf(answers);
  return drafted.ok ? [] : drafted.faults.map(({ key, says }) => `${key}: ${says}`);
}

const WHOLE = {
  hosts: ['xs-1', 'xs-2', 'pve-1'],
  master: '10.0.0.1',
  change: ['xs-2'],
  roles: ['xs-1:master', 'xs-1:chunkserver', 'xs-2:chunkserver'],
};

test('entries and ports on three kinds of host, as the plan was reviewed once', async () => {
  const drafted = await draftOf(WHOLE);
  assert.ok(drafted.ok, JSON.stringify(drafted));
  const text = draftText(drafted.draft);
  assert.equal(text, readFileSync(golden, 'utf8'));
});

test('what the questions begin with is what was found', async () => {
  const found = await all;
  const asking = (answers: Answers) => wizard.questions(found, answers);
  const defaults = asking({}).map(({ key, default: first }) => [key, first]);
  assert.deepEqual(defaults, [
    ['hosts', ['xs-1', 'xs-2', 'pve-1']],
    ['name', 'mfsmaster'],
    ['master', '10.0.0.9'],
    ['change', []],
    ['firewall', true],
    ['roles', ['xs-1:master', 'xs-1:chunkserver', 'xs-2:chunkserver']],
    ['sources', ''],
  ]);
  assert.match(asking({})[0]?.explains ?? '', /xs-9 could not be looked at: no route to host/);
  const keys = asking({ hosts: ['pve-1'], master: '10.0.0.1', firewall: false }).map(
    ({ key }) => key,
  );
  assert.deepEqual(keys, ['hosts', 'name', 'master', 'firewall']);
});

test('an entry that says otherwise is changed only where that was said', async () => {
  assert.deepEqual(await faultsOf({ ...WHOLE, change: [] }), [
    'change: xs-2: mfsmaster is 10.0.0.9 there; that it is changed must be said',
  ]);
});

test('every wrong answer is named, not only the first', async () => {
  const wrong = {
    hosts: ['xs-9', 'nobody'],
    master: '127.0.0.1',
    roles: ['xs-1:master', 'xs-9:king'],
  };
  assert.deepEqual(await faultsOf(wrong), [
    'hosts: xs-9 could not be looked at: no route to host',
    'hosts: nobody is not among the hosts that were looked at',
    'hosts: xs-1 is not chosen',
    'roles: xs-9:king: there is no such role',
    'master: 127.0.0.1 is each host itself, not one address for all',
  ]);
  assert.ok(!wizard.answers.safeParse({ hosts: ['a'], master: 'mfs', name: 'a b' }).success);
});

test('where all is so already there is nothing to do', async () => {
  const drafted = await draftOf({ hosts: ['pve-1'], master: '10.0.0.1' });
  assert.ok(drafted.ok);
  assert.deepEqual(drafted.draft.steps, []);
});

test('ports may be opened for some only, and who is left out is told', async () => {
  const drafted = await draftOf({ ...WHOLE, sources: '10.0.0.1, 10.0.0.2' });
  assert.ok(drafted.ok, JSON.stringify(drafted));
  const text = draftText(drafted.draft);
  assert.match(text, /-s 10\.0\.0\.2 -p tcp .*--dport 9421 -j ACCEPT/);
  assert.match(text, /source address="10\.0\.0\.1" port port="9422"/);
  assert.doesNotMatch(text, /(?:7|8|9|10) -p tcp .*--dport 94/);
  assert.ok(
    drafted.draft.warnings.includes(
      'pve-1: none of its addresses is among the sources: nothing is opened for it.',
    ),
  );
  assert.ok(!wizard.answers.safeParse({ ...WHOLE, sources: '10.0.0.1 mfsmaster' }).success);
});

test('uraft has ports of its own, those of its config, one of them over UDP', async () => {
  const drafted = await draftOf({ ...WHOLE, roles: ['xs-1:uraft'] });
  assert.ok(drafted.ok, JSON.stringify(drafted));
  const text = draftText(drafted.draft);
  assert.match(text, /open 9428 and 9527\/udp/);
  assert.match(text, /-p udp -m conntrack --ctstate NEW -m udp --dport 9527 -j ACCEPT/);
});
