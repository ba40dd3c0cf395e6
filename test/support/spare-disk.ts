import { onLab, type LabNode } from './lab.js';

/** A machine's disk that nobody needs. */
export class SpareDisk {
  constructor(
    readonly node: LabNode,
    /** `/dev/vdc` */
    readonly device: string,
  ) {}

  /** Makes the disk as it was when it was new, its end included, where GPT keeps a copy. */
  async blank(): Promise<void> {
    const { device: d } = this;
    await onLab(
      this.node,
      [
        `until ! grep -q "^${d} " /proc/mounts; do umount ${d} || sleep 0.2; done`,
        `swapoff ${d} 2>/dev/null; [ -b ${d}1 ] && wipefs -aq ${d}1; wipefs -aq ${d}`,
        `dd if=/dev/zero of=${d} bs=1M count=4 status=none; blockdev --rereadpt ${d}`,
        'udevadm settle',
      ].join('; '),
    );
  }
}
