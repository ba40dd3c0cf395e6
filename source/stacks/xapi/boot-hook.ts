/** What makes a start script, a unit or the driver known as the boot hook of one repository. */
export const HOOK_MARK = 'boot hook of the storage repository';

/** The line that carries the mark, without the sign of a comment. */
export function hookMark(sr: string): string {
  return `${HOOK_MARK} ${sr}`;
}

/** The script that starts what a repository stands on. */
export function startScript(sr: string): string {
  return `/usr/local/sbin/sr-start-${sr.slice(0, 8)}.sh`;
}

/**
 * Where the script leaves what its first call since the boot came to, `mounted` or `failed`: what is
 * brought about by hand later does not pass for the hook's work. A boot empties /run.
 */
export function bootNote(sr: string): string {
  return `/run/sr-start-${sr.slice(0, 8)}`;
}

/** The unit that runs the script before xapi attaches. */
export function hookUnit(sr: string): string {
  return `sr-start-${sr.slice(0, 8)}.service`;
}

/** Where units of the administrator's own live; an update leaves them, an upgrade does not. */
export const UNIT_FOLDER = '/etc/systemd/system';

/**
 * Where the driver of file repositories is: beside all others up to XenServer 8 and XCP-ng 8.2, a
 * package of its own since (sm, `sm.drivers.FileSR`).
 */
export const DRIVERS = [
  '/opt/xensource/sm/FileSR.py',
  '/opt/xensource/sm/FileSR',
  '/usr/lib/python3*/site-packages/sm/drivers/FileSR.py',
] as const;

/** Start scripts: ours, and those that are made by hand after LizardFS's own handbook. */
export const SCRIPTS = ['/usr/local/sbin/sr-start-*.sh', '/root/*sr-start*.sh'] as const;
