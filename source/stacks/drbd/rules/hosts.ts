import { quoteLines } from '../../../core/evidence.js';
import { hostNode } from '../../../core/graph.js';
import type { Finding } from '../../../core/finding.js';
import { count, listed } from '../../../core/text.js';
import { driverNode, replicaNode } from '../nodes.js';
import { isDiskWord, isRoleWord, linkClass } from '../states.js';
import type { HostView, Replica, View } from '../view.js';
import { finding, stateLines } from './make.js';

/** What is wrong with DRBD on a host as a whole. */
export function hostFindings(view: View): readonly Finding[] {
  return [
    ...view.hosts.flatMap((host) => [
      ...moduleMissing(host),
      ...configBroken(host),
      ...unreadLines(host),
    ]),
    ...view.resources.flatMap(({ replicas }) =>
      replicas.flatMap((replica) => [...notUp(replica), ...unknownStates(replica)]),
    ),
  ];
}

/** Only where a configuration gives this host something to do; many hosts have the tools alone. */
function moduleMissing(host: HostView): readonly Finding[] {
  if (host.devices.value.proc !== null || host.devices.kind === 'stale') return [];
  const names = (host.configured ?? []).map(({ name }) => name);
  const broken = host.config?.value.kind === 'broken';
  if (names.length === 0 && !broken) return [];
  return [
    finding({
      code: 'DRBD_MODULE_MISSING',
      severity: 'alert',
      title: 'DRBD is not loaded',
      subject: host.host,
      hosts: [host.host],
      says: `${host.host} has no /proc/drbd: the kernel module is not loaded.`,
      means: `${names.length > 0 ? listed(names) : 'What is configured'} ${names.length > 1 ? 'have' : 'has'} no copy there. DRBD was stopped, or there is no module for the running kernel.`,
      todo: '`modprobe drbd`, then `drbdadm up` each resource and wait until it is connected before anything becomes Primary.',
      evidence: quoteLines(host.devices, (line) => line.includes('/proc/drbd')),
      about: [driverNode(host.host)],
      explains: true,
    }),
  ];
}

function configBroken({ host, config }: HostView): readonly Finding[] {
  if (config?.value.kind !== 'broken') return [];
  const { says } = config.value;
  const message = says
    .slice(0, 2)
    .map((line) => line.trim())
    .join(' ');
  return [
    finding({
      code: 'DRBD_CONFIG_BROKEN',
      severity: 'warning',
      title: 'DRBD configuration broken',
      subject: host,
      hosts: [host],
      says: `drbdadm on ${host} cannot read its configuration: ${message}`,
      means:
        'What runs goes on, but every drbdadm command fails, for all resources, and nothing comes up after a reboot.',
      todo: 'Correct the line that is named; `drbdadm dump` says whether all is well.',
      evidence: [{ host, command: 'drbdadm dump', lines: says }],
      about: [hostNode(host)],
      ownCause: true,
    }),
  ];
}

/** A resource of this host is not there; where the module is not loaded, that is why. */
function notUp(replica: Replica): readonly Finding[] {
  const { proc } = replica.on.devices.value;
  if (replica.up || replica.stale) return [];
  return [
    finding({
      code: 'DRBD_NOT_UP',
      remedies: ['drbd.peer-lost'],
      severity: 'warning',
      title: 'DRBD resource is down',
      subject: `${replica.resource} ${replica.host}`,
      hosts: [replica.host],
      says: `${replica.resource} is configured on ${replica.host} and is not up.`,
      means: 'This host keeps no copy of what is written now; its peer waits for it.',
      todo: `\`drbdadm up ${replica.resource}\` on ${replica.host}, unless a cluster manager starts it. Wait until it is connected before it becomes Primary.`,
      evidence: stateLines([replica]),
      about: [replicaNode(replica)],
      explains: proc !== null,
    }),
  ];
}

/** Words that no known version of DRBD prints: told, not guessed at. */
function unknownStates(replica: Replica): readonly Finding[] {
  if (!replica.up) return [];
  const words = [
    ...(isRoleWord(replica.role) ? [] : [replica.role]),
    ...replica.volumes.map(({ disk }) => disk).filter((disk) => !isDiskWord(disk)),
    ...replica.links.flatMap((link) => [
      ...(link.state === 'unknown' ? [link.connection] : []),
      ...(isRoleWord(link.peerRole) ? [] : [link.peerRole]),
      ...link.volumes.flatMap(({ word, activity, peerDisk }) => [
        ...(activity === 'unknown' && linkClass(word) === 'unknown' ? [word] : []),
        ...(isDiskWord(peerDisk) ? [] : [peerDisk]),
      ]),
    ]),
  ];
  const unknown = [...new Set(words)];
  if (unknown.length === 0) return [];
  return [
    finding({
      code: 'DRBD_UNKNOWN_STATE',
      severity: 'warning',
      title: 'DRBD state not known',
      subject: `${replica.resource} ${replica.host}`,
      hosts: [replica.host],
      says: `${replica.host} reports ${replica.resource} in a state that is not known here: ${listed(unknown)}.`,
      means: 'It may be a newer DRBD. Whether it is well cannot be said.',
      todo: 'Look at `drbdadm status` on the host.',
      evidence: stateLines([replica]),
      about: [replicaNode(replica)],
    }),
  ];
}

function unreadLines(host: HostView): readonly Finding[] {
  const readings = [host.devices, host.names, host.config, host.log, host.identifiers];
  const lines = readings.flatMap((reading) => reading?.unread ?? []);
  if (lines.length === 0) return [];
  return [
    finding({
      code: 'DRBD_UNREAD',
      severity: 'notice',
      title: 'DRBD output not understood',
      subject: host.host,
      hosts: [host.host],
      says: `${count(lines.length, 'line')} that DRBD printed on ${host.host} ${lines.length === 1 ? 'was' : 'were'} not understood.`,
      means: 'Something may be missing here.',
      todo: 'Look at the lines in the evidence; `holdfast inspect` reads a saved output.',
      evidence: [{ host: host.host, command: 'DRBD', lines: lines.slice(0, 12) }],
      about: [hostNode(host.host)],
    }),
  ];
}
