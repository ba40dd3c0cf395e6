import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enterLab, lab, LAB_NODES, leaveLab, onLab } from '../support/lab.js';
import { LabCli } from '../support/lab-cli.js';

/** Two real machines with a second private link, which nobody keeps; systemd-networkd runs. */
const skip = await enterLab('clean', 'the cluster network of two real machines');
let cli: LabCli;

before(async () => {
  if (skip === false) cli = await LabCli.make();
});

/** A second card that is down and bare, and nothing written down of it. */
async function bare(): Promise<void> {
  for (const node of LAB_NODES) {
    await onLab(
      node,
      [
        'if [ -e /sys/class/net/cluster0 ]; then ip link set cluster0 down; ip link set cluster0 name eth2; fi',
        'ip addr flush dev eth2; ip link set eth2 down',
        'rm -rf /etc/systemd/network/*cluster0* /run/holdfast.lock; sed -i "/-cluster/d" /etc/hosts',
        'systemctl start systemd-networkd',
      ].join('\n'),
    );
  }
}

after(async () => {
  if (skip === false) cli.end();
  await leaveLab();
});

const ANSWERS = {
  nics: ['fiori:eth2', 'torchio:eth2'],
  name: 'cluster0',
  addresses: [
    { host: 'fiori', address: '192.168.3.6/24' },
    { host: 'torchio', address: '192.168.3.7/24' },
  ],
};

/** What a machine shows of its network: names, cards, addresses, and the files. */
function stateOf(node: (typeof LAB_NODES)[number]): Promise<string> {
  return onLab(
    node,
    'for n in eth2 cluster0; do [ -e /sys/class/net/$n ] && echo "$n $(cat /sys/class/net/$n/operstate)"; done; ip -o -4 addr show | sed "s/^[0-9]*: //; s/ brd.*//"; ls /etc/systemd/network; cat /etc/hosts',
  );
}

test(
  'a card of each machine gets a name, an address and entries, the machines see each other, and undo takes it all back',
  { skip },
  async () => {
    await bare();
    const first = await Promise.all(LAB_NODES.map(stateOf));
    const planned = await cli.plan('drbd.cluster-network', ANSWERS);
    assert.ok(planned.code === 0 || planned.code === 1, planned.out);
    const applied = await cli.call('apply', planned.file, '--yes');
    assert.equal(applied.code, 0, applied.out);
    assert.match(await onLab('fiori', 'ip -o -4 addr show dev cluster0'), /192\.168\.3\.6\/24/);
    await onLab('fiori', 'ping -c 1 -W 2 torchio-cluster >/dev/null');
    await onLab('torchio', 'ping -c 1 -W 2 fiori-cluster >/dev/null');

    const again = await cli.plan('drbd.cluster-network', {
      ...ANSWERS,
      nics: ['fiori:cluster0', 'torchio:cluster0'],
    });
    assert.match(again.out, /nothing to do|0 steps|no steps/i, again.out);

    const [, run = ''] = /Run (\S+)/.exec(applied.out) ?? [];
    const undone = await cli.call('undo', run, '--yes');
    assert.equal(undone.code, 0, undone.out);
    assert.deepEqual(await Promise.all(LAB_NODES.map(stateOf)), first);
  },
);

test('what udev and networkd make of the files after a boot is what ran', { skip }, async () => {
  await bare();
  const planned = await cli.plan('drbd.cluster-network', ANSWERS);
  const applied = await cli.call('apply', planned.file, '--yes');
  assert.equal(applied.code, 0, applied.out);
  // What a boot does with the card: it comes under the kernel's name, and udev asks the files.
  await onLab(
    'fiori',
    'ip addr flush dev cluster0; ip link set cluster0 down; ip link set cluster0 name eth2; udevadm trigger --action=add /sys/class/net/eth2; udevadm settle --timeout=20; networkctl reload',
  );
  const shown = await onLab(
    'fiori',
    'for i in $(seq 60); do ip -o -4 addr show dev cluster0 2>/dev/null | grep -q 192.168.3.6/24 && ping -c 1 -W 1 torchio-cluster >/dev/null && break; sleep 0.5; done; ip -o -4 addr show dev cluster0',
  );
  assert.match(shown, /192\.168\.3\.6\/24/);
});

test(
  'a cut link between the machines ends the plan before anything is written down',
  { skip },
  async () => {
    await bare();
    const planned = await cli.plan('drbd.cluster-network', ANSWERS);
    await lab('cut', 'b');
    try {
      const applied = await cli.call('apply', planned.file, '--yes');
      assert.equal(applied.code, 2, applied.out);
      assert.match(applied.out, /see that the others answer/);
      assert.equal(await onLab('torchio', 'ls /etc/systemd/network'), '');
    } finally {
      await lab('heal', 'b');
    }
  },
);
