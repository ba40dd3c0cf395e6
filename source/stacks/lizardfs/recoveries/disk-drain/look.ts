import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { hddEntries, parseHddFile } from '../../../../files/mfshdd.js';
import { diskPlace, samePath } from '../../steps/disk-at.js';
import { ADMIN_TOOLS } from '../../tools/admin.js';
import { valueOf } from '../../tools/question.js';
import type { Disk } from '../../tools/disks.js';
import {
  chunkHostCommand,
  parseChunkHost,
  type ChunkHost,
} from '../../wizards/chunk-disks/host-facts.js';
import { chunkService, type ChunkService } from '../../wizards/chunk-disks/chunk-service.js';
import { askCluster, type AdminTool, type Asked } from '../ask-cluster.js';
import { readText } from '../../../../tools/read-text.js';

/** A disk of a chunkserver with all that is needed to take it out. */
export interface FoundDisk {
  readonly ok: true;
  readonly asked: Asked;
  readonly disk: Disk;
  readonly disks: readonly Disk[];
  readonly host: HostName;
  readonly tool: AdminTool;
  readonly facts: ChunkHost;
  readonly service: ChunkService;
  readonly hddFile: string;
  readonly hddText: string;
  readonly fstab: string;
  /** What is mounted at its path itself; undefined: it is a folder of a bigger file system. */
  readonly source?: string;
}

/** The disk, or why it cannot be judged. */
export type Found =
  | FoundDisk
  | {
      readonly ok: false;
      readonly verdict: string;
      readonly happened: string;
      readonly todo: string;
    };

/** Finds the disk that a subject names: `10.0.0.1:9422 /mnt/a/`, as findings write it. */
export async function lookAtDisk(
  subject: string,
  hosts: ReadonlyMap<HostName, Reader>,
): Promise<Found> {
  const no = (verdict: string, happened: string, todo: string): Found => {
    return { ok: false, verdict, happened, todo };
  };
  const asked = await askCluster(hosts);
  if ('because' in asked) {
    return no(
      'no master',
      `No master can be asked. ${asked.because.join('; ')}.`,
      'Mend that first: see lizardfs.lost-master.',
    );
  }
  const disks = valueOf(asked.view.disks)?.disks ?? [];
  const [disk, second] = disks.filter((one) => isNamed(one, subject));
  if (!disk || second) {
    const known = disks.map(({ server, path }) => `${server} ${path}`).join('; ');
    return no(
      'no such disk',
      `The master does not list one disk called ${subject}.`,
      `It lists: ${known || 'none'}.`,
    );
  }
  const ip = disk.server.slice(0, disk.server.lastIndexOf(':'));
  const looks = await Promise.all([...hosts.values()].map(lookAtHost));
  const found = looks.find((one) => one?.facts.addresses.includes(ip) === true);
  if (!found) {
    return no(
      'host unknown',
      `No host that answered has the address ${ip}.`,
      'Make it reachable, or add it to this cluster: its list of disks is edited there.',
    );
  }
  const { reader, facts } = found;
  return whole(disk, disks, reader, facts, no);
}

async function whole(
  disk: Disk,
  disks: readonly Disk[],
  reader: Reader,
  facts: ChunkHost,
  no: (verdict: string, happened: string, todo: string) => Found,
): Promise<Found> {
  const { name } = reader;
  const folder = disk.path.replace(/\/+$/, '') || '/';
  const [hdd, fstab, mounted, tools] = await Promise.all([
    facts.hddFile === undefined ? { text: null } : readText(reader, facts.hddFile),
    readText(reader, '/etc/fstab'),
    reader.run(reads(['findmnt', '-n', '-o', 'SOURCE', '--mountpoint', folder])),
    reader.run(
      reads(['sh', '-c', `for t in ${ADMIN_TOOLS.join(' ')}; do command -v $t; done; true`]),
    ),
  ]);
  const hddText = 'text' in hdd ? hdd.text : null;
  const { hddFile } = facts;
  if (hddText === null || hddFile === undefined) {
    return no(
      'list unreadable',
      `The list of disks on ${name} cannot be read.`,
      'Look for mfshdd.cfg there.',
    );
  }
  if (!hddEntries(parseHddFile(hddText)).some(({ path }) => samePath(path, disk.path))) {
    return no(
      'not in the list',
      `${hddFile} on ${name} does not name ${disk.path}: the chunkserver has not read its list again since it was taken out.`,
      'Reload the chunkserver.',
    );
  }
  const printed = tools.kind === 'exited' ? tools.stdout : '';
  const tool = ADMIN_TOOLS.find((one) =>
    printed.split('\n').some((line) => line.endsWith(`/${one}`)),
  );
  if (tool === undefined) {
    return no(
      'no tool there',
      `${name} has no lizardfs-admin, so what its chunkserver does cannot be followed from there.`,
      'Install the administration tools on it: the wizard lizardfs.install does it.',
    );
  }
  // Loopback and names mean something else on each host: the steps ask from here.
  const here = await askCluster(new Map([[name, reader]]));
  if ('because' in here) {
    return no(
      'no master seen',
      `${name} does not reach the master. ${here.because.join('; ')}.`,
      'Mend the way from that host to the master.',
    );
  }
  const service = chunkService(facts);
  if (!facts.running || service?.action !== 'reload') {
    return no(
      'chunkserver down',
      `The chunkserver of ${name} does not run, or nothing is known that reloads it.`,
      'Start it first: a disk is drained by its own server.',
    );
  }
  const source = mounted.kind === 'exited' && mounted.code === 0 ? mounted.stdout.trim() : '';
  return {
    ok: true,
    ...{ asked: here, disk, disks, host: name, tool, facts, service, hddFile, hddText },
    fstab: ('text' in fstab ? fstab.text : null) ?? '',
    ...(source !== '' && { source }),
  };
}

function isNamed({ server, path }: Disk, subject: string): boolean {
  const [first = '', ...rest] = subject.split(' ');
  const where = rest.join(' ');
  return where === '' ? samePath(path, first) : server === first && samePath(path, where);
}

async function lookAtHost(reader: Reader) {
  const outcome = await reader.run(chunkHostCommand());
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  return { reader, facts: parseChunkHost(outcome.stdout) };
}

/** Where steps ask for the disk. */
export function placeOf({ asked, tool, disk }: FoundDisk) {
  const { master } = asked.view;
  const place = { host: master.host, port: master.port };
  return { admin: tool, place, server: disk.server, path: diskPlace.path.parse(disk.path) };
}
