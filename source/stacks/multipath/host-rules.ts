import { quoteLines } from '../../core/evidence.js';
import type { Finding, Severity } from '../../core/finding.js';
import type { HostName } from '../../core/host.js';
import type { Known, Now, Probe, Reading } from '../../core/probe.js';
import { clean, count, listed } from '../../core/text.js';
import { loneTwins } from './kernel-disks.js';
import { disksProbe, mapsProbe, sessionsProbe, type HostMaps } from './probes.js';
import { nodeIds } from './view.js';

const PROBES: readonly Probe<unknown>[] = [mapsProbe, sessionsProbe, disksProbe];

/** What is wrong with multipath on a host as a whole. */
export function hostFindings(now: Now): readonly Finding[] {
  return [
    ...now.known(mapsProbe).flatMap((reading) => [...daemonDown(reading), ...broken(reading)]),
    ...duplicateIds(now),
    ...PROBES.flatMap((probe) => unreadOf(now, probe)),
    ...now.of(mapsProbe).flatMap((reading) => noAnswer(now, reading)),
  ];
}

function make(
  host: HostName,
  spec: Omit<Finding, 'hosts' | 'remedies' | 'about' | 'subject'> & { readonly subject?: string },
): Finding {
  return { subject: host, ...spec, hosts: [host], remedies: [], about: [nodeIds.daemon(host)] };
}

/** Without maps a stopped daemon is of no consequence: multipath is installed and not used. */
function daemonDown(reading: Known<HostMaps>): readonly Finding[] {
  const { host, value } = reading;
  if (value.daemon !== 'stopped' || value.maps.length === 0) return [];
  return [
    make(host, {
      code: 'MULTIPATH_DAEMON_DOWN',
      severity: 'alert',
      title: 'multipathd is stopped',
      says: `multipathd does not run on ${host}, and ${count(value.maps.length, 'map')} need${value.maps.length === 1 ? 's' : ''} it.`,
      means: 'Paths that fail stay failed when they come back, until none is left.',
      todo: 'Start it: `systemctl start multipathd`; see why it ended: `journalctl -u multipathd`.',
      evidence: quoteLines(reading, (line) => line.includes('multipathd service is not running')),
    }),
  ];
}

/** multipath exits with 0 however broken its configuration is, so only its words tell. */
function broken(reading: Known<HostMaps>): readonly Finding[] {
  const { complaints } = reading.value.said;
  if (complaints.length === 0) return [];
  const [first = ''] = complaints;
  const quoted = quoteLines(reading, (line) => complaints.some((said) => line.endsWith(said)));
  const lines = complaints.slice(0, 12).map(clean);
  return [
    make(reading.host, {
      code: 'MULTIPATH_CONFIG_BROKEN',
      severity: 'warning',
      title: 'multipath.conf is broken',
      says: `multipath complains: ${clean(first)}${complaints.length > 1 ? ` (and ${complaints.length - 1} more)` : ''}.`,
      means:
        'What it does not understand is left out without an error: maps may be missing or behave otherwise after the next start.',
      todo: 'Mend the file, look with `multipath -t`, then `multipathd reconfigure`.',
      evidence:
        quoted.length > 0 ? quoted : [{ host: reading.host, command: 'multipath -ll', lines }],
    }),
  ];
}

/** Worse while multipathd is stopped: then nothing will join the two. */
function duplicateIds(now: Now): readonly Finding[] {
  const maps = new Map(now.known(mapsProbe).map(({ host, value }) => [host, value]));
  return now.known(disksProbe).flatMap((reading) => {
    const { host, value } = reading;
    const severity: Severity = maps.get(host)?.daemon === 'stopped' ? 'alert' : 'warning';
    return loneTwins(value).map((disks) => {
      const devices = disks.map(({ device }) => clean(device));
      return make(host, {
        code: 'MULTIPATH_DUPLICATE_IDS',
        severity,
        title: 'one disk seen twice',
        subject: `${clean(disks[0]?.wwid ?? '')}@${host}`,
        says: `${listed(devices)} carry the same identity, and no map joins them.`,
        means:
          'Used directly, a disk has no second path, and two users of it can overwrite each other.',
        todo: 'Have multipath join them (`multipath -a`, or find_multipaths in multipath.conf), or find out why two disks have one id.',
        evidence: quoteLines(reading, (line) => devices.some((d) => line.includes(`/${d}/`))),
      });
    });
  });
}

function unreadOf(now: Now, probe: Probe<unknown>): readonly Finding[] {
  return now.known(probe).flatMap(({ host, unread }) => {
    if (unread.length === 0) return [];
    return [
      make(host, {
        code: 'MULTIPATH_UNREAD',
        severity: 'notice',
        title: 'output not understood',
        subject: `${probe.id}@${host}`,
        says: `${count(unread.length, 'line')} of what ${host} said about ${probe.title} could not be read.`,
        means: 'Something may be missing from what is shown.',
        todo: 'Look at the lines; `holdfast inspect` shows them too.',
        evidence: [{ host, command: probe.title, lines: unread.slice(0, 12).map(clean) }],
      }),
    ];
  });
}

/** A host that is up and whose maps cannot be read: `multipath -ll` hangs on dying paths. */
function noAnswer(now: Now, reading: Reading<HostMaps>): readonly Finding[] {
  if (reading.kind !== 'failed' && reading.kind !== 'stale') return [];
  if (now.hosts.find(({ name }) => name === reading.host)?.phase !== 'up') return [];
  const { what, means, todo } = reading.failure;
  return [
    make(reading.host, {
      code: 'MULTIPATH_NO_ANSWER',
      severity: 'warning',
      title: 'maps could not be read',
      says: `${clean(what)}.`,
      means: `${clean(means)} How many paths are left is not known.`,
      todo: todo === '' ? 'Run `multipath -ll` on the host and wait.' : todo,
      evidence: [],
      covers: [mapsProbe.id],
    }),
  ];
}
