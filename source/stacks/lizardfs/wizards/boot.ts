import type { HostName } from '../../../core/host.js';
import type { Boot } from '../flavour/boot.js';
import type { Steps } from '../../../core/plan-steps.js';

/** Before a daemon is started: nothing keeps it from it. */
export function switchOn(steps: Steps, host: HostName, { off }: Boot): void {
  if (off) steps.add(host, 'file.edit', { ...off });
}

/** Once it runs: it comes back when the host does. */
export function enable(steps: Steps, host: HostName, { unit }: Boot): void {
  if (unit === undefined) return;
  steps.add(host, 'service.action', {
    action: 'enable',
    service: unit.replace(/\.service$/, ''),
    argv: ['systemctl', 'enable', unit],
    shows: { argv: ['systemctl', 'is-enabled', unit], expect: 'enabled' },
    undo: { says: 'not start it at boot', argv: ['systemctl', 'disable', unit] },
  });
}

/** What to know about switches that are off. */
export function bootWarnings(host: HostName, { off }: Boot): readonly string[] {
  return off
    ? [`${host}: ${off.path} keeps the daemon from being started: it is switched on.`]
    : [];
}
