import { bootNote, hookMark, startScript } from '../../boot-hook.js';
import { quote } from '../../../../core/quote.js';

/** What a boot hook is made of. */
export interface HookSpec {
  readonly sr: string;
  readonly srName: string;
  /** Where the file system must be mounted before the repository is attached. */
  readonly mountPoint: string;
  /** Services that it needs on this host, in their order: the chunkserver before the mount. */
  readonly services: readonly string[];
  /** How it is mounted. */
  readonly mount: readonly string[];
}

/** How long the mount is tried for, in seconds: the master may be booting too. */
const PATIENCE = 120;

/**
 * The start script: does nothing where all is there, tries until the mount comes about, and ends
 * with 1 where it does not, so that whoever calls it knows. What its first call since the boot came to
 * is left in a note.
 */
export function scriptText({ sr, srName, mountPoint, services, mount }: HookSpec): string {
  const start = services.map((service) => `systemctl start ${quote(service)} || true`);
  return [
    '#!/bin/sh',
    `# ${hookMark(sr)}`,
    `# Brings up what ${oneLine(srName)} stands on. Called at boot, before the pool attaches it.`,
    `note=${quote(bootNote(sr))}`,
    'said() { [ -e "$note" ] || echo "$1" > "$note"; }',
    ...start,
    `point=${quote(mountPoint)}`,
    'n=0',
    'until mountpoint -q "$point"; do',
    `    ${mount.map(quote).join(' ')}`,
    '    mountpoint -q "$point" && break',
    '    n=$((n + 5))',
    `    [ "$n" -lt ${PATIENCE} ] || { said failed; exit 1; }`,
    '    sleep 5',
    'done',
    'said mounted',
    '',
  ].join('\n');
}

/**
 * The unit that runs it before xapi starts, which attaches the repositories. It is wanted, not
 * required: a host whose storage does not come up is still reached by its pool.
 */
export function unitText({ sr, srName, services }: HookSpec): string {
  const after = ['network-online.target', ...services.map((service) => `${service}.service`)];
  return [
    `# ${hookMark(sr)}`,
    '[Unit]',
    `Description=What the storage repository ${oneLine(srName)} stands on`,
    'Wants=network-online.target',
    `After=${after.join(' ')}`,
    'Before=xapi.service',
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    `ExecStart=${startScript(sr)}`,
    `TimeoutStartSec=${PATIENCE + 60}`,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n');
}

/** Names come from the pool: nothing of them may begin a line, or a specifier of systemd. */
function oneLine(name: string): string {
  return name.replace(/[^A-Za-z0-9 _.()-]/g, '_');
}
