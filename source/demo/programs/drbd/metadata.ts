import {
  createMetadata,
  diskOf,
  hasMetadata,
  inTheWay,
  metadataBytes,
  roomOf,
  wipeMetadata,
} from '../../fleet/drbd/disk.js';
import type { Local } from '../../fleet/drbd/side.js';
import { failed, printed, type Call, type Ran } from '../program.js';

const WRITTEN =
  'initializing activity log\nWriting meta data...\nNew drbd meta data block successfully created.\n';
const FORCED = '*** confirmation forced via --force option ***\n';

/** `drbdadm create-md [--force] R`; without a terminal what it asks is answered by No. */
export function createMd({ fleet }: Call, local: Local, force: boolean): Ran {
  const { resource, self } = local;
  const disk = diskOf(fleet, self);
  const words = `drbdmeta ${resource.minor} v08 ${self.settings.backing} ${self.settings.metadata} create-md${force ? ' --force' : ''}`;
  const ended = (exit: number, says: string, stdout = ''): Ran =>
    failed(exit, `${says}Command '${words}' terminated with exit code ${exit}\n`, stdout);
  if (!disk) return ended(20, `open(${self.settings.backing}) failed: No such file or directory\n`);
  if (self.up && self.disk !== 'Diskless') {
    return ended(20, `Device '${resource.minor}' is configured!\n`);
  }
  const made = (asked = ''): Ran => {
    createMetadata(fleet, resource, self);
    const bitmap = Math.ceil(resource.size / 32 / 4096) * 4;
    const stderr = `${asked}initializing bitmap (${bitmap} KB) to all zero\n`;
    return { stdout: WRITTEN, stderr, exit: 0 };
  };
  if (hasMetadata(fleet, self) || disk.signature?.type === 'drbd') {
    const offset = disk.size - 4096;
    const asks = `You want me to create a v08 style flexible-size internal meta data block.\nThere appears to be a v08 flexible-size internal meta data block\nalready in place on ${self.settings.backing} at byte offset ${offset}\n\nDo you really want to overwrite the existing meta-data?\n`;
    return force
      ? made(asks + FORCED)
      : failed(
          1,
          `${asks}stdin not a TTY, not waiting for confirmation\n`,
          'Operation cancelled.\n',
        );
  }
  const signature = disk.signature;
  if (!signature || self.settings.metadata !== 'internal') return made();
  const found = offsets(local, disk.size, signature.bytes ?? disk.size, signature.type, fleet);
  if (inTheWay(fleet, self)) return ended(40, '', found + REFUSED);
  return force
    ? made(`\nDo you want to proceed?\n${FORCED}`)
    : failed(
        1,
        'stdin not a TTY, not waiting for confirmation\n',
        `${found}Operation cancelled.\n`,
      );
}

const REFUSED = `
Device size would be truncated, which
would corrupt data and result in
'access beyond end of device' errors.
You need to either
   * use external meta data (recommended)
   * shrink that filesystem first
   * zero out the device (destroy the filesystem)
Operation refused.

`;

/** drbdmeta knows the ext family by the name of its oldest. */
function offsets(
  { self }: Local,
  bytes: number,
  used: number,
  type: string,
  fleet: Call['fleet'],
): string {
  const taken = metadataBytes(bytes);
  return `md_offset ${bytes - 4096}\nal_offset ${bytes - 4096 - 32_768}\nbm_offset ${bytes - taken}\n\nFound ${type.startsWith('ext') ? 'ext3' : type} filesystem\n${String(used / 1024).padStart(12)} kB data area apparently used\n${String(roomOf(fleet, self)).padStart(12)} kB left usable by current configuration\n`;
}

/** `drbdadm -- --force wipe-md R`; without `--force` and a terminal nothing is done. */
export function wipeMd({ fleet }: Call, { resource, self }: Local, force: boolean): Ran {
  if (self.up) return failed(20, `Device '${resource.minor}' is configured!\n`);
  if (!hasMetadata(fleet, self)) {
    return printed('There appears to be no drbd meta data to wipe out?\n');
  }
  if (!force) {
    const asks = '\nDo you really want to wipe out the DRBD meta data?\n';
    return failed(
      1,
      `${asks}stdin not a TTY, not waiting for confirmation\n`,
      'Operation cancelled.\n',
    );
  }
  wipeMetadata(fleet, resource, self);
  return printed('Wiping meta data...\nDRBD meta data block successfully wiped out.\n');
}
