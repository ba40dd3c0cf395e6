import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import type { Host } from '../../source/core/host.js';
import { StepKinds, type BoundStep } from '../../source/core/step.js';
import { lookAtFirewall, type Firewall } from '../../source/steps/firewall/look.js';
import { openPorts, wantedPorts, type Wanted } from '../../source/steps/firewall/open-ports.js';
import { generalSteps } from '../../source/steps/index.js';
import { NFT_CONF, PLAIN_RULES, XENSERVER_RULES } from '../support/firewalls.js';
import { netnsMissing, networkSpace } from '../support/netns.js';

const skip = netnsMissing('ip', 'iptables', 'iptables-restore', 'nft');
const PORTS = wantedPorts([9419, 9420, 9421, 9422]);

/** A host with a network of its own, whose programs are this machine's. */
function machine(t: TestContext, nth: number): Host & { readonly sh: (line: string) => string } {
  const space = networkSpace(nth);
  t.after(() => space.remove());
  return {
    name: 'box',
    sh: space.sh,
    run: ({ argv, input }) => {
      const [program = '', ...args] = [...space.within, ...argv];
      const ran = spawnSync(program, args, { encoding: 'utf8', input: input ?? '' });
      const { stdout, stderr } = ran;
      return Promise.resolve({ kind: 'exited', code: ran.status ?? 255, stdout, stderr });
    },
  };
}

/** The firewall as it is found; files of this machine are none of this one. */
async function found(host: Host): Promise<Firewall> {
  const firewall = await lookAtFirewall(host);
  assert.ok(!('because' in firewall));
  return { ...firewall, rulesTexts: [], nftTexts: [] };
}

/** The only step, and that what it was made from still holds. */
async function onlyStep(
  host: Host,
  firewall: Firewall,
  wanted: readonly Wanted[] = PORTS,
): Promise<BoundStep> {
  const { steps, basis } = openPorts(firewall, wanted, '');
  assert.equal(steps.length, 1);
  for (const { argv, expect } of basis) {
    const said = await host.run({ argv, effect: 'reads', deadline: 1000 });
    assert.equal(said.kind === 'exited' && said.stdout.trim(), expect);
  }
  const bound = new StepKinds(generalSteps).bind(steps[0] ?? { kind: '', params: null });
  assert.ok(bound.ok);
  return bound.step;
}

/** Does what the step does, puts it back and does it again, each twice as its guard would. */
async function thereAndBack(host: Host, step: BoundStep): Promise<void> {
  const change = async () => {
    for (const command of step.commands) {
      const ran = await host.run(command);
      assert.ok(ran.kind === 'exited' && ran.code === 0, JSON.stringify([command, ran]));
    }
    assert.deepEqual(await step.check(host), { kind: 'done' });
  };
  assert.deepEqual(await step.check(host), { kind: 'notYet' });
  await change();
  const { putBack = [], doAgain = [] } = step.guard ?? {};
  for (const [argv, kind] of [
    [putBack, 'notYet'],
    [putBack, 'notYet'],
    [doAgain, 'done'],
    [doAgain, 'done'],
    [putBack, 'notYet'],
  ] as const) {
    const ran = await host.run({ argv, effect: 'changes', deadline: 1 });
    assert.ok(ran.kind === 'exited' && ran.code === 0, JSON.stringify(ran));
    assert.deepEqual(await step.check(host), { kind });
  }
  await change();
}

for (const [nth, rules, chain] of [
  [11, XENSERVER_RULES, 'RH-Firewall-1-INPUT'],
  [12, PLAIN_RULES, 'INPUT'],
] as const) {
  test(
    `real iptables lets the ports in through ${chain}, and forgets them again`,
    { skip },
    async (t) => {
      const host = machine(t, nth);
      host.sh(`iptables-restore <<'END'\n${rules}END`);
      await thereAndBack(host, await onlyStep(host, await found(host)));
      const lines = host.sh(`iptables -S ${chain}`).trim().split('\n');
      assert.match(lines.at(-1) ?? '', /-j REJECT/);
      assert.match(lines.at(-2) ?? '', /--dport 9422 .*ACCEPT/);
      assert.deepEqual(openPorts(await found(host), PORTS, '').steps, []);
    },
  );
}

test(
  'the file with the ports in it is one that iptables-restore takes whole',
  { skip },
  async (t) => {
    const host = machine(t, 13);
    host.sh(`iptables-restore <<'END'\n${XENSERVER_RULES}END`);
    const rulesTexts = [{ path: '/etc/sysconfig/iptables', text: XENSERVER_RULES }];
    const [, edit] = openPorts({ ...(await found(host)), rulesTexts }, PORTS, '').steps;
    const { after } = edit?.params as { readonly after: string };
    host.sh(`iptables-restore <<'END'\n${after}END`);
    assert.deepEqual(openPorts(await found(host), PORTS, '').steps, []);
  },
);

test(
  'real nftables lets the ports in before the reject, and forgets them again',
  { skip },
  async (t) => {
    const host = machine(t, 14);
    host.sh(`nft -f - <<'END'\n${NFT_CONF}END`);
    await thereAndBack(host, await onlyStep(host, await found(host)));
    const lines = host.sh('nft list chain inet filter input').trim().split('\n');
    assert.match(lines.at(-4) ?? '', /dport \{ 9421, 9422 \} ct state new accept/);
    assert.match(lines.at(-3) ?? '', /reject/);
    const nftTexts = [{ path: '/etc/nftables.conf', text: NFT_CONF }];
    const [edit] = openPorts({ ...(await found(host)), nftTexts }, PORTS, '').steps;
    const { after } = edit?.params as { readonly after: string };
    host.sh(`nft -c -f - <<'END'\n${after}END`);
    host.sh(`nft -f - <<'END'\n${after}END`);
    assert.deepEqual(openPorts(await found(host), PORTS, '').steps, []);
  },
);

/** For two sources, over TCP and UDP. */
const SOME = [
  ...wantedPorts([9421, 9422], ['10.0.0.0/24', '192.0.2.7']),
  ...wantedPorts([9427], ['192.0.2.7'], 'udp'),
];

test(
  'real iptables lets them in for certain sources only, and forgets it again',
  { skip },
  async (t) => {
    const host = machine(t, 15);
    host.sh(`iptables-restore <<'END'\n${XENSERVER_RULES}END`);
    await thereAndBack(host, await onlyStep(host, await found(host), SOME));
    const rules = host.sh('iptables -S RH-Firewall-1-INPUT');
    assert.match(rules, /-s 192\.0\.2\.7\/32 -p udp .*--dport 9427 -j ACCEPT/);
    assert.doesNotMatch(rules, /-A RH-Firewall-1-INPUT -p tcp .*--dport 942\d/);
    assert.deepEqual(openPorts(await found(host), SOME, '').steps, []);
  },
);

test(
  'real nftables lets them in for certain sources only, and forgets it again',
  { skip },
  async (t) => {
    const host = machine(t, 16);
    host.sh(`nft -f - <<'END'\n${NFT_CONF}END`);
    await thereAndBack(host, await onlyStep(host, await found(host), SOME));
    const rules = host.sh('nft list chain inet filter input');
    assert.match(rules, /ip saddr \{ 10\.0\.0\.0\/24, 192\.0\.2\.7 \} tcp dport \{ 9421, 9422 \}/);
    assert.match(rules, /ip saddr (?:\{ )?192\.0\.2\.7(?: \})? udp dport (?:\{ )?9427/);
    assert.deepEqual(openPorts(await found(host), SOME, '').steps, []);
    const nftTexts = [{ path: '/etc/nftables.conf', text: NFT_CONF }];
    const [edit] = openPorts({ ...(await found(host)), nftTexts }, SOME, '').steps;
    const { after } = edit?.params as { readonly after: string };
    host.sh(`nft -f - <<'END'\n${after}END`);
    assert.deepEqual(openPorts(await found(host), SOME, '').steps, []);
  },
);
