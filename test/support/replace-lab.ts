import { lab, onBoth, onLab } from './lab.js';

/** The resource whose second node is lost, on a volume of `vg0` on both. */
export const NAME = 'keep';
/** The new node, as it calls itself; the lab goes on calling its machine torchio. */
export const NEW_NAME = 'braciere';
export const NEW_ADDRESS = '192.0.2.131';

/** What both nodes' resource is made from. */
export const ANSWERS = {
  ...{ way: 'both', name: NAME, first: 'fiori', second: 'torchio', size: 0.05 },
  ...{ firstDisk: 'new:vg0', secondDisk: 'new:vg0', dualPrimary: true },
  ...{ firstAddress: '192.0.2.129', secondAddress: '192.0.2.130', notify: '' },
} as const;

/** A file system with a file on the resource, in use on the first node. */
export async function fill(): Promise<void> {
  await onLab(
    'fiori',
    `mkfs.ext4 -q /dev/drbd0 && mkdir -p /srv/keep && mount /dev/drbd0 /srv/keep && dd if=/dev/urandom of=/srv/keep/file bs=1M count=12 conv=fsync 2>/dev/null`,
  );
}

/**
 * The second node loses its power and is not mended: a machine with empty disks, another name, other
 * addresses and another host key starts in its place. The first one stays Primary, and is written on.
 */
export async function loseSecond(): Promise<void> {
  await lab('down', 'torchio');
  await onLab(
    'fiori',
    `dd if=/dev/urandom of=/srv/keep/later bs=1M count=4 conv=fsync 2>/dev/null; for i in $(seq 120); do [ "$(drbdadm cstate ${NAME})" = WFConnection ] && exit 0; sleep 0.5; done; exit 1`,
  );
  await lab('up', 'torchio');
  await onLab('torchio', EMPTY);
}

const EMPTY = `
rm -f /etc/drbd.d/*.res
for one in $(lvs --noheadings -o lv_path 2>/dev/null); do lvremove -q -f "$one" >/dev/null; done
vgremove -q -f vg0 >/dev/null 2>&1; pvremove -q -ff -y /dev/vdd >/dev/null 2>&1
for disk in vdb vdc vdd; do blkdiscard -f /dev/$disk || exit 1; done
vgcreate -q -y vg0 /dev/vdd
hostname ${NEW_NAME}; echo ${NEW_NAME} > /etc/hostname
ip addr flush dev eth1; ip addr add 192.0.2.3/25 dev eth1
ip addr flush dev eth2; ip addr add ${NEW_ADDRESS}/25 dev eth2
rm -f /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
systemctl restart ssh`;

/** What a restart would do after the machine got its new name: until then udev goes by the old one. */
export async function tellUdev(): Promise<void> {
  await onLab('torchio', 'systemctl restart systemd-udevd');
}

/**
 * The sums of both sides' data as it lies on the disks, past every cache. The file system is mounted, and
 * writes on its superblock by itself: it is frozen meanwhile.
 */
export async function sums(): Promise<readonly string[]> {
  await onLab('fiori', 'fsfreeze -f /srv/keep');
  try {
    return await onBoth(
      `s=$(($(cat /sys/block/drbd0/size) * 512)); dd if=/dev/vg0/${NAME} iflag=direct bs=64k 2>/dev/null | head -c $s | sha256sum`,
    );
  } finally {
    await onLab('fiori', 'fsfreeze -u /srv/keep');
  }
}

/** How both sides see themselves. */
export async function states(): Promise<readonly string[]> {
  return onBoth(`drbdadm role ${NAME}; drbdadm dstate ${NAME}; drbdadm cstate ${NAME}`);
}

/** Everything on the new node that a run may leave behind. */
export async function traces(): Promise<string> {
  return onLab(
    'torchio',
    'lvs --noheadings -o lv_name vg0; ls /etc/drbd.d; sed 1,2d /proc/drbd 2>/dev/null; true',
  );
}
