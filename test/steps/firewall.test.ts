import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../source/core/json.js';
import { StepKinds } from '../../source/core/step.js';
import { parseRules } from '../../source/files/iptables-save.js';
import { parseNft } from '../../source/files/nftables.js';
import { parseFacts, type Firewall } from '../../source/steps/firewall/look.js';
import { openPorts, plainSources, wantedPorts } from '../../source/steps/firewall/open-ports.js';
import type { Opening } from '../../source/steps/firewall/opening.js';
import { ruleGate } from '../../source/steps/firewall/rules.js';
import { generalSteps } from '../../source/steps/index.js';
import { NFT_CONF, PLAIN_RULES, XENSERVER_RULES } from '../support/firewalls.js';

const PORTS = wantedPorts([9419, 9420, 9421, 9422]);
const NONE: Firewall = { proxmox: false, rulesTexts: [], nftTexts: [], addresses: [] };

/** Every step in words, as it would be reviewed. */
function told({ steps }: Opening): readonly string[] {
  const kinds = new StepKinds(generalSteps);
  return steps.map((step: { readonly kind: string; readonly params: Json }) => {
    const bound = kinds.bind(step);
    assert.ok(bound.ok, bound.ok ? '' : bound.because);
    const { telling, preview } = bound.step;
    return [`${telling.title}: ${telling.on}`, ...preview.lines].join('\n');
  });
}

const file = (path: string, text: string) => [{ path, text }];

test('ports are opened before the rule that turns away, in the chain that the rules really have', () => {
  const rules = parseRules(XENSERVER_RULES);
  const opening = openPorts(
    { ...NONE, rules, rulesTexts: file('/etc/sysconfig/iptables', XENSERVER_RULES) },
    wantedPorts([9421, 9422]),
    '10.0.0.1',
  );
  const [running = '', kept = '', ...more] = told(opening);
  assert.deepEqual(more, []);
  assert.match(
    running,
    /^open 9421 and 9422: the running firewall, in RH-Firewall-1-INPUT as rule 7/,
  );
  assert.match(
    running,
    /iptables-restore --test --noflush\n[^]*-I RH-Firewall-1-INPUT 7 -p tcp .*--dport 9421/,
  );
  assert.match(running, /-I RH-Firewall-1-INPUT 8 -p tcp .*--dport 9422/);
  assert.match(kept, /^\S+ {2}\+2: \/etc\/sysconfig\/iptables/);
  assert.match(
    kept,
    /\+-A RH-Firewall-1-INPUT .*--dport 9422 -j ACCEPT\n -A RH-Firewall-1-INPUT -j REJECT/,
  );
  const basis = opening.basis.map(({ argv }) => argv.join(' '));
  assert.deepEqual(basis, ['iptables -S RH-Firewall-1-INPUT']);
});

test('where the chain is INPUT itself it is INPUT, and what is open is left alone', () => {
  const rules = parseRules(PLAIN_RULES);
  const [running = ''] = told(openPorts({ ...NONE, rules }, PORTS, ''));
  assert.match(running, /^open 9421 and 9422: the running firewall, in INPUT as rule 4/);
  assert.deepEqual(openPorts({ ...NONE, rules }, wantedPorts([9419, 9420]), '').steps, []);
});

test('rules that run and stand in no file are told to be lost after a restart', () => {
  const opening = openPorts({ ...NONE, rules: parseRules(PLAIN_RULES) }, PORTS, '');
  assert.match(opening.warnings.join(), /in no file that is known here/);
});

test('what lets in from one place only, or not new connections, opens nothing', () => {
  const ruled = (rule: string) => parseRules(`-P INPUT DROP\n-A INPUT ${rule}\n`);
  for (const rule of [
    '-s 10.0.0.0/8 -p tcp -m tcp --dport 9421 -j ACCEPT',
    '-i eth0 -p tcp -m tcp --dport 9421 -j ACCEPT',
    '-p udp -m udp --dport 9421 -j ACCEPT',
    '-p tcp -m tcp --sport 9421 -j ACCEPT',
    '-p tcp -m tcp ! --dport 9421 -j ACCEPT',
    '-p tcp -m conntrack --ctstate ESTABLISHED -m tcp --dport 9421 -j ACCEPT',
    '-p tcp -m tcp --dport 9421 -j LOG',
  ]) {
    assert.equal(
      openPorts({ ...NONE, rules: ruled(rule) }, wantedPorts([9421]), '').steps.length,
      1,
      rule,
    );
  }
  const open = '-p tcp -m tcp --dport 9421 -j ACCEPT';
  assert.equal(openPorts({ ...NONE, rules: ruled(open) }, wantedPorts([9421]), '').steps.length, 0);
});

test('where nothing turns connections away there is no gate', () => {
  const gate = (text: string) => ruleGate(parseRules(text))?.chain;
  assert.equal(gate('-P INPUT ACCEPT\n'), undefined);
  assert.equal(gate('-P INPUT ACCEPT\n-A INPUT -j ACCEPT\n-A INPUT -j DROP\n'), undefined);
  assert.equal(gate('-P INPUT ACCEPT\n-A INPUT -s 10.9.0.0/16 -j DROP\n'), undefined);
  assert.equal(gate('-P INPUT DROP\n-N F\n-A INPUT -j F\n-A F -j RETURN\n-A F -j DROP\n'), 'INPUT');
  assert.equal(gate('-P INPUT ACCEPT\n-N F\n-A INPUT -j F\n-A F -j DROP\n'), 'F');
  assert.equal(gate('-P INPUT ACCEPT\n-N F\n-A INPUT -j F\n-A F -j F\n'), undefined);
  assert.deepEqual(openPorts(NONE, PORTS, '').steps, []);
});

test('nftables: the rule goes before the one that rejects, and into the file that is loaded at boot', () => {
  const nft = parseNft(NFT_CONF.replace('prohibited\n', 'prohibited # handle 17\n'));
  const opening = openPorts(
    { ...NONE, nft, nftTexts: file('/etc/nftables.conf', NFT_CONF) },
    PORTS,
    '',
  );
  const [running = '', kept = ''] = told(opening);
  assert.match(
    running,
    /nft -f -\ninsert rule inet filter input position 17 tcp dport \{ 9421, 9422 \} ct state new accept/,
  );
  assert.match(kept, /\+\t\ttcp dport \{ 9421, 9422 \} .*\n \t\tcounter reject/);
  const after = openPorts(
    { ...NONE, nft: parseNft(NFT_CONF.replace('9419-9420', '9419-9422')) },
    PORTS,
    '',
  );
  assert.deepEqual(after.steps, []);
});

test('nftables: a chain that iptables keeps is left to iptables, one that stands in no file is told', () => {
  const kept = `# Warning: table ip filter is managed by iptables-nft, do not touch!\ntable ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n`;
  assert.deepEqual(openPorts({ ...NONE, nft: parseNft(kept) }, PORTS, '').steps, []);
  const other = openPorts(
    {
      ...NONE,
      nft: parseNft(NFT_CONF),
      nftTexts: file('/etc/nftables.conf', 'include "/etc/nft/*"\n'),
    },
    PORTS,
    '',
  );
  assert.match(
    other.warnings.join(),
    /closed again after a restart: \/etc\/nftables.conf: .*in a file that it includes/,
  );
});

const FIREWALLD = parseFacts(
  [
    'zone public',
    'active public',
    'active   interfaces: eth0',
    'active storage (active)',
    'active   interfaces: eth1 bond0',
    'ports public 9421/tcp',
    'permanent public 9419-9422/tcp',
    'ports storage 9419-9420/tcp 9421/udp',
    'permanent storage ',
    'address eth0 192.0.2.7/24',
    'address eth1 10.0.0.7/24',
  ].join('\n'),
);

test('firewalld: the zone is that of the network of the one who connects; what runs goes first', () => {
  const firewall = { ...NONE, ...FIREWALLD };
  assert.deepEqual(told(openPorts(firewall, PORTS, '10.0.0.99')), [
    'open 9421 and 9422: zone storage of firewalld\nfirewall-cmd --zone=storage --add-port=9421/tcp --add-port=9422/tcp',
    'keep 9419, 9420, 9421 and 9422 open: zone storage of firewalld, for good\nfirewall-cmd --permanent --zone=storage --add-port=9419/tcp --add-port=9420/tcp --add-port=9421/tcp --add-port=9422/tcp',
  ]);
  assert.deepEqual(told(openPorts(firewall, wantedPorts([9421]), '203.0.113.9')), []);
});

test('ufw opens now and for good at once, and what it allows already is left alone', () => {
  const ufw = parseFacts(
    'ufw Status: active\nufw 9419:9421/tcp  ALLOW  Anywhere\nufw 9422/tcp  ALLOW  10.0.0.0/24\n',
  );
  const [only = ''] = told(openPorts({ ...NONE, ...ufw }, PORTS, ''));
  assert.equal(only, 'open 9422: ufw\nufw allow 9422/tcp');
  assert.deepEqual(
    openPorts({ ...NONE, ...parseFacts('ufw Status: inactive') }, PORTS, '').steps,
    [],
  );
});

test('the firewall of Proxmox is not written into behind its back', () => {
  const opening = openPorts(
    { ...NONE, ...parseFacts('pve Status: enabled/running') },
    wantedPorts([9422]),
    '',
  );
  assert.match(
    opening.refused ?? '',
    /Proxmox firewall runs.*allow the ports 9422 under Datacenter/,
  );
  assert.equal(parseFacts('pve Status: disabled/running').proxmox, false);
});

const SOURCES = ['10.0.0.0/24', '192.0.2.7'];

test('for some sources only: each kind of firewall says so in its own words', () => {
  const wanted = wantedPorts([9421, 9422], SOURCES);
  const [rules = ''] = told(openPorts({ ...NONE, rules: parseRules(XENSERVER_RULES) }, wanted, ''));
  assert.match(rules, /^open 9421 and 9422 for 10\.0\.0\.0\/24 and 192\.0\.2\.7: the running/);
  assert.match(
    rules,
    /-I RH-Firewall-1-INPUT 7 -s 10\.0\.0\.0\/24 -p tcp .*--dport 9421 -j ACCEPT/,
  );
  assert.match(rules, /-I RH-Firewall-1-INPUT 10 -s 192\.0\.2\.7 -p tcp .*--dport 9422 -j ACCEPT/);
  const [nft = ''] = told(openPorts({ ...NONE, nft: parseNft(NFT_CONF) }, wanted, ''));
  assert.match(
    nft,
    /ip saddr \{ 10\.0\.0\.0\/24, 192\.0\.2\.7 \} tcp dport \{ 9421, 9422 \} ct state new accept comment "opened by holdfast: 9421 9422 for 10\.0\.0\.0\/24 192\.0\.2\.7"/,
  );
  const [firewalld = ''] = told(openPorts({ ...NONE, ...FIREWALLD }, wanted.slice(2, 3), ''));
  assert.match(
    firewalld,
    /firewall-cmd --zone=public '--add-rich-rule=rule family="ipv4" source address="10\.0\.0\.0\/24" port port="9422" protocol="tcp" accept'/,
  );
  const ufw = parseFacts('ufw Status: active\nufw 9421/tcp  ALLOW  10.0.0.0/16\n');
  const [allowed = ''] = told(openPorts({ ...NONE, ...ufw }, wanted, ''));
  assert.equal(
    allowed.split('\n').slice(1).join('\n'),
    [
      'ufw allow from 192.0.2.7 to any port 9421 proto tcp',
      'ufw allow from 10.0.0.0/24 to any port 9422 proto tcp',
      'ufw allow from 192.0.2.7 to any port 9422 proto tcp',
    ].join('\n'),
  );
});

test('a port that is open to everybody, or to a network around the source, is open to it', () => {
  const wanted = wantedPorts([9421], ['10.0.0.0/24']);
  const none = (firewall: Partial<Firewall>) => {
    assert.deepEqual(openPorts({ ...NONE, ...firewall }, wanted, '').steps, []);
  };
  const ruled = (rule: string) => parseRules(`-P INPUT DROP\n-A INPUT ${rule}\n`);
  none({ rules: ruled('-p tcp -m tcp --dport 9421 -j ACCEPT') });
  none({ rules: ruled('-s 10.0.0.0/16 -p tcp -m tcp --dport 9421 -j ACCEPT') });
  const narrow = ruled('-s 10.0.0.0/25 -p tcp -m tcp --dport 9421 -j ACCEPT');
  assert.equal(openPorts({ ...NONE, rules: narrow }, wanted, '').steps.length, 1);
  const nft = (from: string) => parseNft(NFT_CONF.replace('tcp dport { 22, 9419-9420 }', from));
  none({ nft: nft('ip saddr { 192.0.2.1, 10.0.0.0/8 } tcp dport 9421') });
  none({
    ...parseFacts(
      'zone public\nports public 22/tcp\npermanent public 9421/tcp\nrich public rule family="ipv4" source address="10.0.0.0/24" port port="9421" protocol="tcp" accept\n',
    ),
  });
});

test('a port of UDP is one of its own', () => {
  const wanted = wantedPorts([9427], [], 'udp');
  const rules = parseRules('-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 9427 -j ACCEPT\n');
  const [only = ''] = told(openPorts({ ...NONE, rules }, wanted, ''));
  assert.match(only, /^open 9427\/udp: [^]*-p udp -m conntrack --ctstate NEW -m udp --dport 9427/);
});

test('sources are networks as a firewall writes them, each once', () => {
  assert.deepEqual(plainSources(['10.0.0.7/24', '10.0.0.9', '192.0.2.7/32', '192.0.2.7']), [
    '10.0.0.0/24',
    '192.0.2.7',
  ]);
  for (const bad of ['10.0.0', '10.0.0.256', '10.0.0.0/33', 'host', '1..2.3', '::1']) {
    assert.equal(plainSources([bad]), undefined, bad);
  }
  assert.deepEqual(plainSources(['0.0.0.0/0']), ['0.0.0.0/0']);
});

test('a remark for many sources is as short as nft takes it, and still one of its own', () => {
  const many = (last: number) => Array.from({ length: 20 }, (_, n) => `10.0.${n}.${last}`);
  const remarkOf = (last: number) => {
    const opening = openPorts(
      { ...NONE, nft: parseNft(NFT_CONF) },
      wantedPorts([9421], many(last)),
      '',
    );
    return /comment "([^"]*)"/.exec(told(opening)[0] ?? '')?.[1] ?? '';
  };
  assert.ok(remarkOf(1).length <= 128 && remarkOf(1).length > 0);
  assert.notEqual(remarkOf(1), remarkOf(2));
});
