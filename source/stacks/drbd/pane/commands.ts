import type { Finding } from '../../../core/finding.js';
import type { Details } from '../../../core/pane.js';
import { quoteAll } from '../../../core/quote.js';
import { clean } from '../../../core/text.js';
import type { Resource } from '../view.js';

type Shown = Details['commands'][number];

/** What an administrator would type, in the words of the DRBD that runs there. */
export function commandsFor(resource: Resource, findings: readonly Finding[]): readonly Shown[] {
  const codes = new Set(findings.map(({ code }) => code));
  return [...looking(resource), ...mending(resource, codes)];
}

function shown(says: string, ...argv: readonly string[]): Shown {
  return { says, line: clean(quoteAll(argv)) };
}

/** 8.0 to 8.3: options stand before the command, after `--`. */
function isOld({ replicas }: Resource): boolean {
  return replicas.some(({ on }) => /^8\.[0-3]\./.test(on.devices.value.proc?.version ?? ''));
}

function isNine({ replicas }: Resource): boolean {
  return replicas.some(({ on }) => on.devices.value.status !== null);
}

function looking(resource: Resource): readonly Shown[] {
  const { name } = resource;
  return [
    isNine(resource)
      ? shown('state', 'drbdadm', 'status', name)
      : shown('state of all devices', 'cat', '/proc/drbd'),
    shown('data generations', 'drbdadm', 'show-gi', name),
    { says: 'what the kernel said', line: 'dmesg | grep drbd' },
    shown('configuration, checked', 'drbdadm', 'dump', name),
  ];
}

function mending(resource: Resource, codes: ReadonlySet<string>): readonly Shown[] {
  const { name } = resource;
  const connect = shown('connect again', 'drbdadm', 'connect', name);
  if (codes.has('DRBD_SPLIT_BRAIN')) {
    const discard = isOld(resource)
      ? ['--', '--discard-my-data', 'connect', name]
      : ['connect', '--discard-my-data', name];
    return [
      shown(
        'on the side whose changes are given up: stop using it, then',
        'drbdadm',
        'secondary',
        name,
      ),
      shown('on that side, if it still waits', 'drbdadm', 'disconnect', name),
      shown('on that side: its changes since the split are lost', 'drbdadm', ...discard),
      shown('on the side that is kept, if it stands alone', 'drbdadm', 'connect', name),
    ];
  }
  if (codes.has('DRBD_STANDALONE')) return [connect];
  if (codes.has('DRBD_DISKLESS')) return [shown('take the disk back', 'drbdadm', 'attach', name)];
  if (codes.has('DRBD_SYNC_PAUSED')) {
    return [shown('go on, on the side that paused it', 'drbdadm', 'resume-sync', name)];
  }
  if (codes.has('DRBD_IO_SUSPENDED')) {
    return [shown('let I/O go on', 'drbdadm', 'resume-io', name)];
  }
  if (codes.has('DRBD_NOT_UP')) {
    return [
      shown('bring it up', 'drbdadm', 'up', name),
      shown('and wait before it becomes Primary', 'drbdadm', 'wait-connect', name),
    ];
  }
  return [];
}
