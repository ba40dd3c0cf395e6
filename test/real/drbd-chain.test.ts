import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import type { Json } from '../../source/core/json.js';
import { enterLab, LAB_NODES, leaveLab, onBoth, onLab } from '../support/lab.js';
import { LabCli } from '../support/lab-cli.js';

/**
 * The procedure from its beginning, each part by its wizard and on what the one before left: two
 * machines with a bare disk and a bare second card become a pair with one file system on both,
 * exported by NFS. A part that fails leaves nothing for the next to stand on, so they are one test.
 */
const skip = await enterLab('clean', 'from bare disks to an exported OCFS2 on a real kernel');
let cli: LabCli;

before(async () => {
  if (skip === false) cli = await LabCli.make();
});

after(async () => {
  if (skip === false) cli.end();
  await leaveLab();
});

const [FIRST, SECOND] = LAB_NODES;
const ADDRESSES = { [FIRST]: '192.168.3.6', [SECOND]: '192.168.3.7' };

/** What the procedure does by hand before: a card nobody has set up, and the basic LVM setup. */
const BARE = [
  'ip addr flush dev eth2; ip link set eth2 down',
  'systemctl start systemd-networkd',
  'vgcreate -q -y vg0 /dev/vdd',
].join('\n');

/** The wizards in their order, the answers of each, and what it wants typed before it is carried out. */
const CHAIN: readonly { wizard: string; answers: Json; confirm: readonly string[] }[] = [
  {
    wizard: 'drbd.cluster-network',
    answers: {
      nics: LAB_NODES.map((node) => `${node}:eth2`),
      name: 'cluster0',
      addresses: LAB_NODES.map((host) => ({ host, address: `${ADDRESSES[host]}/24` })),
    },
    confirm: [],
  },
  {
    wizard: 'drbd.replicated-volume',
    answers: {
      ...{ way: 'both', name: 'pub', first: FIRST, second: SECOND, size: 0.3 },
      ...{ firstDisk: 'new:vg0', secondDisk: 'new:vg0', dualPrimary: true },
      ...{ firstAddress: ADDRESSES[FIRST], secondAddress: ADDRESSES[SECOND] },
    },
    confirm: [],
  },
  {
    wizard: 'ocfs2.cluster',
    answers: {
      ...{ hosts: [...LAB_NODES], network: '192.168.3.0/24', device: '/dev/drbd0' },
      ...{ label: 'pub', mountPoint: '/vol/pub' },
    },
    confirm: ['drbd0'],
  },
  {
    wizard: 'nfs.exports',
    answers: {
      hosts: [FIRST],
      exports: [
        {
          ...{ path: '/vol/pub', client: '192.168.3.0/24' },
          options: 'rw,sync,no_root_squash,no_subtree_check',
        },
      ],
    },
    confirm: [],
  },
];

const statusSchema = z.object({
  complete: z.boolean(),
  stacks: z.array(z.object({ id: z.string(), state: z.string(), summary: z.array(z.string()) })),
  problems: z.array(z.object({ stack: z.string(), severity: z.string(), code: z.string() })),
});

const STACKS = ['drbd', 'ocfs2', 'nfs'];

/**
 * What `holdfast status` says of the three. The machines are emulated and their caches empty, so that
 * the first looks run into their own deadlines: it is looked until all three could be read.
 */
async function seen(): Promise<{ shown: Record<string, string>; said: string }> {
  for (let tries = 1; ; tries += 1) {
    const { out, stdout } = await cli.call('status', '--json', '--timeout', '120');
    const { stacks, problems } = statusSchema.parse(JSON.parse(stdout));
    const ours = stacks.filter(({ id }) => STACKS.includes(id));
    if (tries < 10 && ours.some(({ state }) => state === 'unknown')) continue;
    const shown = Object.fromEntries(ours.map(({ id, state }) => [id, state]));
    const warnings = problems.filter(
      ({ stack, severity }) => STACKS.includes(stack) && severity !== 'notice',
    );
    assert.deepEqual(warnings, [], out);
    return {
      shown,
      said: ours.map(({ id, summary }) => `${id}: ${summary.join(', ')}`).join('\n'),
    };
  }
}

test(
  'from bare disks to a dual-primary OCFS2 on both machines, exported by NFS, by the wizards alone',
  { skip },
  async (t) => {
    await onBoth(BARE);
    for (const { wizard, answers, confirm } of CHAIN) {
      t.diagnostic(`${new Date().toISOString()} ${wizard}`);
      await cli.carryOut(wizard, answers, confirm);
    }
    assert.deepEqual(await onBoth('drbdadm role pub; drbdadm dstate pub; drbdadm cstate pub'), [
      'Primary/Primary\nUpToDate/UpToDate\nConnected',
      'Primary/Primary\nUpToDate/UpToDate\nConnected',
    ]);
    const mounted = await onBoth('findmnt -n -o SOURCE,FSTYPE /vol/pub | tr -s " "');
    assert.deepEqual(mounted, ['/dev/drbd0 ocfs2', '/dev/drbd0 ocfs2']);

    const sent = await onLab(
      SECOND,
      `mkdir -p /mnt/pub && mount -t nfs ${ADDRESSES[FIRST]}:/vol/pub /mnt/pub && dd if=/dev/urandom of=/mnt/pub/file bs=1M count=4 conv=fsync 2>/dev/null && sha256sum < /mnt/pub/file`,
    );
    assert.equal(await onLab(SECOND, 'findmnt -n -o FSTYPE /mnt/pub'), 'nfs4');
    // DRBD reads from the disk on its own side, so that with empty caches it is two disks that speak.
    const kept = await onBoth('sync; echo 3 > /proc/sys/vm/drop_caches; sha256sum < /vol/pub/file');
    assert.deepEqual(kept, [sent, sent]);

    const { shown, said } = await seen();
    t.diagnostic(said);
    assert.deepEqual(shown, { drbd: 'good', ocfs2: 'good', nfs: 'good' }, said);
  },
);
