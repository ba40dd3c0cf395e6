import type { Checked } from '../target.js';

/** Names that go to another disk at the next boot, or to another volume with a rename. */
const PASSING =
  /^(?:\/dev\/)?(?:sd[a-z]+|hd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|dm-\d+|md\d+|mmcblk\d+|loop\d+|drbd\d+)(?:p?\d+)?$/;

/** What names a disk for good: a name in /dev/disk/by-id, with or without the folder, WWN, serial. */
export function checkDiskId(text: string): Checked<string> {
  const id = text.replace(/^\/dev\/disk\/by-id\//, '');
  const no = (why: string): Checked<string> => ({
    ok: false,
    why: `${JSON.stringify(text)} ${why}`,
  });
  if (PASSING.test(text)) {
    return no(
      'is a name that goes to another disk; give its name in /dev/disk/by-id, WWN or serial',
    );
  }
  if (/^(?:dm-name|lvm-pv-uuid)-/.test(id)) {
    return no('goes with what is on a disk, not with the disk; give a name that stays');
  }
  if (id.length < 4 || id.length > 255) return no('is no id of a disk: 4 to 255 characters');
  if (!/^[\x21-\x2e\x30-\x7e]+$/.test(id)) {
    return no('is no id of a disk: it has a blank, a slash or a sign beyond ASCII');
  }
  return { ok: true, value: id };
}
