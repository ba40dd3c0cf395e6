import type { Json } from '../../../core/json.js';
import type { FstabEntry } from '../../../files/fstab.js';

/** A mount unit of systemd that stands in /etc/systemd/system. */
export interface MountUnit {
  readonly path: string;
  /** Where it mounts. */
  readonly target: string;
}

/** Tells every mount unit with what it mounts, a line each: `unit PATH TARGET`. */
export const MOUNT_UNITS =
  'for f in /etc/systemd/system/*.mount; do [ -f "$f" ] && sed -n "s,^Where=,unit $f ,p" "$f"; done; [ -d /run/systemd/system ] && echo systemd';

/** Reads a line of it. */
export function parseMountUnit(text: string): MountUnit {
  const at = text.indexOf(' ');
  return {
    path: text.slice(0, at),
    target: text
      .slice(at + 1)
      .trim()
      .replace(/(?<=.)\/+$/, ''),
  };
}

/**
 * The only name that a unit for a mount point may have (systemd.mount(5), systemd-escape(1)): `/` is
 * written as `-`, and what is no letter, digit, `:`, `_` or `.` as its byte, `\x2d`; so is a dot in
 * front.
 */
export function mountUnitName(target: string): string {
  const plain = target.replace(/^\/+|\/+$/g, '').replace(/\/{2,}/g, '/');
  const escaped = [...Buffer.from(plain)].map((byte, at) => {
    const char = String.fromCharCode(byte);
    if (char === '/') return '-';
    if (/[A-Za-z0-9:_]/.test(char) || (char === '.' && at > 0)) return char;
    return `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `${escaped.join('')}.mount`;
}

/** The file of a unit that mounts what a line of fstab would. */
export function mountUnitEdit({ source, target, type, options }: FstabEntry): Json {
  const lines = [
    '[Unit]',
    `Description=${target}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Mount]',
    `What=${source}`,
    `Where=${target}`,
    `Type=${type}`,
    `Options=${options.join(',')}`,
    '# A master that is down must not hold up the start for good.',
    'TimeoutSec=90',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ];
  return {
    path: `/etc/systemd/system/${mountUnitName(target)}`,
    before: null,
    after: lines.join('\n'),
    afterUndo: ['systemctl', 'daemon-reload'],
  };
}

/** It is mounted at every start. */
export function enableUnit(target: string): Json {
  const unit = mountUnitName(target);
  return {
    title: 'mount it at every start',
    on: unit,
    argv: ['sh', '-c', 'systemctl daemon-reload && systemctl enable "$1"', 'sh', unit],
    effect: 'changes',
    shows: { argv: ['systemctl', 'is-enabled', unit], expect: 'enabled' },
    undo: { says: `disable ${unit}`, argv: ['systemctl', 'disable', unit] },
  };
}
