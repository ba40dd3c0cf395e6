import type { Reader } from '../../source/core/host.js';
import type { Stack } from '../../source/core/stack.js';
import { disks } from '../../source/stacks/disks/index.js';
import { splitBrainRecovery } from '../../source/stacks/drbd/split-brain/recovery.js';
import { ocfs2 as ocfs2Stack } from '../../source/stacks/ocfs2/index.js';
import { clusterSpec } from '../../source/stacks/ocfs2/wizards/cluster/index.js';
import { ext4, ocfs2, parted, raw, xfs, type LabVolume } from '../support/compare-lab.js';
import { compared } from '../support/compare-run.js';
import { lab, onLab, type LabNode, type Made, type Scene as State } from '../support/lab.js';
import { wholeCluster } from '../support/surroundings.js';

/** Who asks, by name, and what is asked of all hosts. */
export type Reads = Readonly<Record<string, (hosts: readonly Reader[]) => Promise<unknown>>>;

/** A situation of the machines that is recorded for a stack. */
export interface Scene {
  readonly stack: string;
  readonly situation: string;
  readonly about: string;
  /** Left out: both. */
  readonly nodes?: readonly LabNode[];
  /** Brings it about, from the scene before it. */
  readonly make: () => Promise<unknown>;
  readonly reads: Reads;
  /** What gives no answer for so long beyond its deadline is recorded as hanging, in ms. */
  readonly patience?: number;
}

/** Scenes one after the other, from a saved state. */
export interface Story {
  readonly name: string;
  readonly from: State | Made;
  readonly scenes: readonly Scene[];
  /** Where a machine was put down: both must be there for the next story. */
  readonly after?: () => Promise<unknown>;
}

/** All that a stack's probes ask, each by its name; what is asked seldom comes last, for it may hang. */
function probesOf({ probes }: Stack): Reads {
  return Object.fromEntries(
    probes
      .toSorted((a, b) => a.every - b.every)
      .map((probe) => {
        const by = probe.id.slice(probe.id.indexOf('.') + 1);
        return [
          by,
          (hosts: readonly Reader[]) => Promise.all(hosts.map((host) => probe.read(host))),
        ];
      }),
  );
}

const OCFS2 = 'Debian 12, kernel 6.1, ocfs2-tools 1.8.7';
const withWizard: Reads = {
  ...probesOf(ocfs2Stack),
  'cluster-look': (hosts) => clusterSpec.look(hosts, wholeCluster),
};

function ofOcfs2(
  situation: string,
  about: string,
  make: () => Promise<unknown>,
  more: Partial<Scene> = {},
): Scene {
  const reads = probesOf(ocfs2Stack);
  return { stack: 'ocfs2', situation, about: `${OCFS2}: ${about}`, make, reads, ...more };
}

const nothing = (): Promise<void> => Promise.resolve();

/** Waits until a node's kernel says so. */
function says(node: LabNode, words: string): Promise<string> {
  return onLab(
    node,
    `for i in $(seq 160); do dmesg | grep -q '${words}' && exit 0; sleep 1; done; exit 1`,
  );
}

function comparedStory(volume: LabVolume, carries: string): Story {
  const { name, type } = volume;
  const about = `Debian 12, kernel 6.1, DRBD 8.4.11, LVM 2.03.16: both sides of a split brain with ${carries} were compared from snapshots.`;
  const gather = (hosts: readonly Reader[]) =>
    splitBrainRecovery(Date.now).gather(name, new Map(hosts.map((host) => [host.name, host])));
  const situation = `compared-${type === 'none' ? 'blocks' : type}`;
  const make = () => compared(volume);
  return {
    name: situation,
    from: parted(volume),
    scenes: [{ stack: 'drbd', situation, about, make, reads: { recovery: gather } }],
  };
}

export const stories: readonly Story[] = [
  {
    name: 'ocfs2-both',
    from: 'ocfs2',
    scenes: [
      ofOcfs2('mounted-on-both', 'dual-primary DRBD, mounted on both nodes.', nothing, {
        reads: withWizard,
      }),
    ],
  },
  {
    name: 'ocfs2-mounts',
    from: 'ocfs2',
    scenes: [
      ofOcfs2(
        'not-at-boot',
        'O2CB_ENABLED is false while the cluster is online.',
        () => onLab('fiori', 'sed -i s/O2CB_ENABLED=true/O2CB_ENABLED=false/ /etc/default/o2cb'),
        { nodes: ['fiori'] },
      ),
      ofOcfs2('mounted-on-one', 'unmounted on torchio, Primary there still.', async () => {
        await onLab('fiori', 'sed -i s/O2CB_ENABLED=false/O2CB_ENABLED=true/ /etc/default/o2cb');
        await onLab('torchio', 'umount /mnt/data');
      }),
      ofOcfs2('mounted-nowhere', 'unmounted on both nodes.', () =>
        onLab('fiori', 'umount /mnt/data'),
      ),
      ofOcfs2(
        'differs-offline-secondary',
        'torchio offline with another address in its cluster.conf, and DRBD Secondary there.',
        async () => {
          await onLab('fiori', 'mount -t ocfs2 /dev/drbd0 /mnt/data');
          await onLab(
            'torchio',
            'systemctl stop o2cb; o2cb unregister-cluster ocfs2 2>/dev/null; sed -i s/192.0.2.2$/192.0.2.130/ /etc/ocfs2/cluster.conf; drbdadm secondary r0',
          );
        },
      ),
      ofOcfs2(
        'wrong-name-and-no-tab',
        'fiori has another name in cluster.conf, torchio no tabs.',
        async () => {
          await onLab('fiori', 'umount /mnt/data; systemctl stop o2cb');
          await onLab(
            'fiori',
            'sed -i s/fiori/fornello/ /etc/ocfs2/cluster.conf; systemctl start o2cb; true',
          );
          await onLab(
            'torchio',
            "drbdadm primary r0; printf 'cluster:\\nnode_count = 2\\nname = ocfs2\\n' > /etc/ocfs2/cluster.conf; systemctl start o2cb; true",
          );
        },
      ),
    ],
  },
  {
    name: 'ocfs2-link',
    from: 'ocfs2',
    scenes: [
      ofOcfs2(
        'link-lost',
        'the link was lost half a minute ago.',
        async () => {
          await lab('cut', 'a');
          await Promise.all([
            says('fiori', 'No longer connected'),
            says('torchio', 'No longer connected'),
          ]);
        },
        { patience: 1000 },
      ),
      ofOcfs2(
        'apart',
        'the link was cut with both mounted: each evicted the other and goes on.',
        () => Promise.all([says('fiori', 'evicted node'), says('torchio', 'evicted node')]),
      ),
    ],
  },
  {
    name: 'ocfs2-fenced',
    from: 'ocfs2',
    after: () => lab('up', 'torchio'),
    scenes: [
      ofOcfs2(
        'node-fenced',
        'torchio lost power with it mounted.',
        async () => {
          await lab('down', 'torchio');
          await says('fiori', 'evicted node');
        },
        { nodes: ['fiori'] },
      ),
    ],
  },
  {
    name: 'ocfs2-none',
    from: 'drbd',
    scenes: [
      ofOcfs2('no-cluster', 'a DRBD that is Primary on both sides, and no cluster.conf.', nothing, {
        reads: withWizard,
      }),
    ],
  },
  {
    name: 'disks',
    from: 'clean',
    scenes: [
      {
        stack: 'disks',
        situation: 'healthy',
        about: 'Debian 12, kernel 6.1, util-linux 2.38.1, virtual machine with blank disks.',
        nodes: ['torchio'],
        make: nothing,
        reads: probesOf(disks),
      },
      {
        stack: 'disks',
        situation: 'mounted-by-hand',
        about:
          'The same kind of machine, with an ext4 on a second disk that somebody mounted by hand.',
        nodes: ['fiori'],
        make: () =>
          onLab(
            'fiori',
            'mkfs.ext4 -q /dev/vdc; mkdir -p /mnt/virtio-lab-fiori-d2; mount /dev/vdc /mnt/virtio-lab-fiori-d2; udevadm settle',
          ),
        reads: probesOf(disks),
      },
      {
        stack: 'disks',
        situation: 'lvm-trouble',
        about:
          'Debian 12, kernel 6.1, LVM 2.03.16: a volume group that lost a disk, a snapshot that fills, one that is invalid, a thin pool nearly full.',
        nodes: ['torchio'],
        make: () => onLab('torchio', LVM_TROUBLE),
        reads: probesOf(disks),
      },
    ],
  },
  comparedStory(ext4, 'an ext4'),
  comparedStory(xfs, 'an xfs that both have mounted'),
  comparedStory(ocfs2, 'an OCFS2 that one has mounted'),
  comparedStory(raw, 'no file system'),
];

/** On three disks; the second one is taken away beneath its group. */
const LVM_TROUBLE = [
  'exec >/dev/null 2>&1; set -e; pvcreate -y /dev/vdb /dev/vdc /dev/vdd; vgcreate dados /dev/vdb /dev/vdc; vgcreate thin /dev/vdd',
  'lvcreate -y -n vm1 -L 100M dados /dev/vdb; lvcreate -y -n vm2 -L 100M dados /dev/vdc',
  'lvcreate -s -n vm1-snap -L 60M dados/vm1 /dev/vdb; lvcreate -s -n old-snap -L 8M dados/vm1 /dev/vdb',
  'dd if=/dev/zero of=/dev/dados/vm1 bs=1M count=52 oflag=direct',
  'lvcreate -y -T -L 200M -V 400M -n web thin/pool; dd if=/dev/zero of=/dev/thin/web bs=1M count=193 oflag=direct',
  'lvchange -an dados/vm2; echo 1 > /sys/block/vdc/device/../remove; udevadm settle',
].join('; ');
