/**
 * Which of a device's names in /dev/disk/by-id stays with the disk, best first. `dm-name-…` changes
 * with a rename and `lvm-pv-uuid-…` goes with the contents, so neither is ever taken.
 *
 * `ata-` and `nvme-MODEL_SERIAL` before `wwn-`: they can be read against the label on the drive.
 * `scsi-3…` is the WWN again, `scsi-S…` vendor, model and serial. `dm-uuid-mpath-…` is a multipath
 * map, and of a map the only names of which its paths can never take hold.
 */
const RANKS: readonly RegExp[] = [
  /^dm-uuid-mpath-/,
  /^ata-/,
  /^nvme-(?!eui\.|nvme\.|uuid\.)/,
  /^virtio-/,
  /^scsi-S/,
  /^wwn-/,
  /^nvme-/,
  /^scsi-/,
];

/** The most stable name among those of a device, without its folder; undefined: it has none. */
export function stableId(ids: readonly string[]): string | undefined {
  for (const rank of RANKS) {
    // The shortest: udev gives some disks the same name again with a namespace behind it (`_1`).
    const [best] = ids
      .filter((id) => rank.test(id) && !/-part\d+$/.test(id))
      .sort((a, b) => a.length - b.length || a.localeCompare(b));
    if (best !== undefined) return best;
  }
  return undefined;
}
