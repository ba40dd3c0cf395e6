import type { Evidence } from '../../../core/finding.js';
import type { HostName } from '../../../core/host.js';
import { listed } from '../../../core/text.js';
import type { Plug, Repository } from '../view.js';

/** `LizardFS on xs-2`: how a PBD is called, in findings and where a recovery is asked for. */
export function plugName({ label }: Pick<Repository, 'label'>, { member }: Plug): string {
  return `${label} on ${member.name}`;
}

/** The hosts of ours among members. */
export function oursOf(plugs: readonly Plug[]): readonly HostName[] {
  return plugs.flatMap(({ member }) => (member.host === undefined ? [] : [member.host]));
}

/** Whom it hurts, as the end of a sentence; empty where that is not known. */
export function harm({ users }: Repository): string {
  if (!users) return '';
  const running = users.filter((user) => user.running).map(({ name }) => name);
  if (running.length > 0) return ` Disks of ${listed(running)}, which run, are on it.`;
  const names = users.map(({ name }) => name);
  return names.length > 0
    ? ` Disks of ${listed(names)} are on it.`
    : ' No virtual machine has disks on it.';
}

/** Lines of what a host said of its own mounts and hooks. */
export function localEvidence(
  { local }: Plug['member'],
  matches: (line: string) => boolean,
): readonly Evidence[] {
  if (!local) return [];
  return local.asked.flatMap(({ host, outcome }) => {
    const text = outcome.kind === 'exited' ? outcome.stdout : '';
    const lines = text.split('\n').filter((line) => matches(line));
    if (lines.length === 0) return [];
    return [{ host, command: 'what the host says of itself', lines: lines.slice(0, 8) }];
  });
}
