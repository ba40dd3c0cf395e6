import type { Failure } from '../../../core/failure.js';
import type { Finding, Severity } from '../../../core/finding.js';
import { count, listed } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { chunkserverNode } from '../nodes.js';
import type { Picture } from '../picture.js';
import { SOME_SILENT } from '../moosefs/mfscli.js';
import { failureOf, refusedAt, valueOf, WENT_SILENT, type Part } from '../tools/question.js';
import type { Chunkserver } from '../tools/chunkservers.js';
import type { Disks } from '../tools/disks.js';
import type { Info } from '../tools/info.js';
import { hostsAt, type Context } from './context.js';

/** At or over this share of its space a server is full; LizardFS then places no chunks on it. */
const FULL = 0.99;
/** At or over this share it is nearly full. */
const NEARLY = 0.9;

/**
 * A master that has chunks and that no chunkserver has ever come to: it was promoted a moment ago, and
 * the chunkservers still look for the old one.
 */
export function noServers(servers: readonly Chunkserver[], seen: Picture): readonly Finding[] {
  const { cluster, asked } = seen;
  const chunks = cluster && valueOf(cluster.value.info)?.chunks;
  const told = cluster && valueOf(cluster.value.chunkservers) !== undefined;
  if (told !== true || servers.length > 0 || chunks === undefined || chunks === 0) return [];
  return [
    {
      code: 'LIZARDFS_NO_CHUNKSERVER',
      severity: 'alert',
      title: 'no chunkserver',
      subject: 'chunkservers',
      hosts: asked?.host === undefined ? [] : [asked.host],
      says: `No chunkserver has come to ${asked?.place ?? 'the master'}, which knows of ${count(chunks, 'chunk')}.`,
      means:
        'After a promotion the chunkservers still look for the old master; until they come, nothing can be read and every chunk counts as lost.',
      todo: 'Change MASTER_HOST, or what its name stands for, on every chunkserver and reload it. Then mount anew where reads hang.',
      evidence: [],
      remedies: [],
      about: asked ? [asked.id] : [],
      ownCause: true,
    },
  ];
}

/** Chunkservers that are not connected to the master. */
export function downServers(
  servers: readonly Chunkserver[],
  context: Context,
  unreadable = 0,
): readonly Finding[] {
  const left = servers.filter((server) => server.connected).length;
  return servers
    .filter((server) => !server.connected)
    .map(({ address, maintenance }) => ({
      code: 'LIZARDFS_CHUNKSERVER_DOWN',
      severity: 'alert',
      title: 'chunkserver down',
      subject: address,
      hosts: hostsAt(context, [address]),
      says: `The chunkserver ${address} is not connected to the master; ${left} of ${servers.length} are.`,
      means: [
        ...(unreadable > 0
          ? [
              `${count(unreadable, 'chunk')} cannot be read while chunkservers are away: reading them hangs.`,
            ]
          : ['Its copies are missing.']),
        copiesMade(maintenance),
      ].join(' '),
      todo: 'Start it again, or look at its host and network. If it comes back, its chunks count again within seconds.',
      evidence: context.quote(
        (line) =>
          line.startsWith(`${address} - `) ||
          line.startsWith(`Disconnected chunk servers:|${address.replace(':', '|')}|`),
      ),
      remedies: [],
      about: [chunkserverNode(address)],
      explains: true,
    }));
}

function copiesMade(maintenance: Chunkserver['maintenance']): string {
  switch (maintenance) {
    case 'on purpose':
      return 'It is in maintenance: the master makes no new ones.';
    case 'for a while':
      return 'It was stopped in good order: the master makes new ones when it has been away for half an hour (CS_TEMP_MAINTENANCE_MODE_TIMEOUT).';
    case undefined:
      return 'The master makes new ones where enough other servers are left.';
  }
}

/**
 * The server at which `list-disks` gave up: the tool asks in the order of `list-chunkservers`, so
 * it is the first connected one after the last that answered.
 */
export function silentServer(
  servers: readonly Chunkserver[],
  list: Part<Disks>,
  context: Context,
): readonly Finding[] {
  // Only these words are about a chunkserver; anything else is a trouble of the tool or the master.
  const failure = failureOf(list);
  if (failure?.what === SOME_SILENT) return [someSilent(failure, context)];
  if (!failure || !isServerSilence(failure, servers)) return [];
  const disks = valueOf(list)?.disks ?? [];
  const connected = servers.filter((server) => server.connected);
  const last = connected.findLastIndex(({ address }) => disks.some((d) => d.server === address));
  const silent = connected[last + 1];
  if (!silent) return [];
  const after = connected.slice(last + 2).map(({ address }) => address);
  const unasked = after.length > 0 ? ` Not asked after it: ${listed(after)}.` : '';
  return [
    {
      code: 'LIZARDFS_CHUNKSERVER_SILENT',
      severity: 'alert',
      title: 'chunkserver silent',
      subject: silent.address,
      hosts: hostsAt(context, [silent.address]),
      says: `The chunkserver ${silent.address} is connected to the master and does not answer.${unasked}`,
      means:
        'Reads and writes that go to it wait. The master drops it after a minute (MASTER_TIMEOUT).',
      todo: 'Look at its process and the kernel log on its host: a dying disk often stops the whole daemon.',
      evidence: context.quote((line) => /Error: .*(?:timeout|connect)/.test(line)),
      remedies: [],
      about: [chunkserverNode(silent.address)],
      explains: true,
    },
  ];
}

function someSilent({ means }: Failure, context: Context): Finding {
  return {
    code: 'LIZARDFS_CHUNKSERVER_SILENT',
    severity: 'alert',
    title: 'chunkserver silent',
    subject: 'a chunkserver',
    hosts: [],
    says: 'A chunkserver that is connected to the master does not answer; which one is not told.',
    means: `Reads and writes that go to it wait. ${means} Nothing is known of any disk until then.`,
    todo: 'Look at the chunkservers one by one: at the process, and at the kernel log for a dying disk.',
    evidence: context.quote((line) =>
      /^(?:TimeoutError|RuntimeError|ConnectionRefusedError)/.test(line),
    ),
    remedies: [],
    about: [],
  };
}

function isServerSilence({ what }: Failure, servers: readonly Chunkserver[]): boolean {
  return what === WENT_SILENT || servers.some(({ address }) => what === refusedAt(address));
}

/** Servers that are full or nearly so. */
export function fullServers(servers: readonly Chunkserver[], context: Context): readonly Finding[] {
  return servers.flatMap(({ address, usedBytes, totalBytes }) => {
    const severity = fullness(usedBytes, totalBytes);
    return severity === undefined
      ? []
      : [
          {
            ...full(severity, address, usedBytes, totalBytes),
            hosts: hostsAt(context, [address]),
            means: 'New chunks go to other servers as long as those have room.',
            evidence: context.quote(
              (line) =>
                line.startsWith(`${address} `) || line.includes(`|${address.replace(':', '|')}|`),
            ),
            about: [chunkserverNode(address)],
          },
        ];
  });
}

/** The whole installation full or nearly so. */
export function fullInTotal(info: Info, context: Context): readonly Finding[] {
  const used = info.totalBytes - info.availableBytes;
  const severity = fullness(used, info.totalBytes);
  if (severity === undefined) return [];
  return [
    {
      ...full(severity, 'all space', used, info.totalBytes),
      hosts: [],
      means: 'When no server has room, writes fail and lost copies cannot be made anew.',
      evidence: context.quote(
        (line) =>
          line.startsWith(`${info.version} ${info.memoryBytes} `) ||
          /^(?:master info|cluster summary):[|](?:total|avail) space[|]/.test(line),
      ),
      about: [],
    },
  ];
}

function fullness(used: number, total: number): Severity | undefined {
  if (total <= 0) return undefined;
  const share = used / total;
  if (share >= FULL) return 'alert';
  return share >= NEARLY ? 'warning' : undefined;
}

function full(
  severity: Severity,
  subject: string,
  used: number,
  total: number,
): Omit<Finding, 'hosts' | 'means' | 'evidence' | 'about'> {
  const isFull = severity === 'alert';
  return {
    code: isFull ? 'LIZARDFS_FULL' : 'LIZARDFS_NEARLY_FULL',
    severity,
    title: isFull ? 'no space left' : 'little space left',
    subject,
    says: `${subject}: ${bytes(used)} of ${bytes(total)} are used, ${percent(used / total)}.`,
    todo: 'Add a disk or a chunkserver, or delete data; the trash keeps deleted files for its trash time.',
    remedies: [],
    // A damaged disk beneath takes space away, yet the lack of space needs an answer of its own.
    ownCause: true,
  };
}
