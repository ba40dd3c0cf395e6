import type { HostName, Millis, Reader } from '../../../core/host.js';
import { reads } from '../../../core/host.js';
import { lookNow } from '../../../core/look-now.js';
import type { Now } from '../../../core/probe.js';
import { linesOf } from '../../../core/text.js';
import { lookAtDevice } from '../../../tools/device.js';
import { inUse } from '../../../tools/disk-gate.js';
import { lookAtMapped, type Mapped } from '../../../steps/device-mapper/mapped.js';
import { parseMapperStatus } from '../../../tools/mapper.js';
import { lookIntoMemory, type MemoryLook } from '../../../tools/snapshot-memory.js';
import { chainOf, type Chain } from '../chain.js';
import { hostsIn } from '../hosts.js';
import { newestOf, writtenBeside, type Newest } from '../newest.js';
import { databaseCommand, databaseProbe } from '../probes/database.js';
import { devicesProbe, sessionsProbe } from '../probes/devices.js';
import { machinesProbe, messagesProbe } from '../probes/frontend.js';
import { localProbe } from '../probes/local.js';
import { targetsProbe } from '../probes/targets.js';
import { volumesProbe } from '../probes/volumes.js';
import { parseSqlDump } from '../read/sql-dump.js';
import { ownDevice } from './own.js';
import { PID_SCRIPT } from '../steps/restart-daemon.js';
import type { Row } from '../steps/row.js';
import type { Far } from '../far.js';
import type { Image, RollPicture } from '../view.js';

/** The map of the frontend is left out: it waits for the very daemons that may hang. */
const probes = [
  localProbe,
  databaseProbe,
  targetsProbe,
  volumesProbe,
  devicesProbe,
  sessionsProbe,
  machinesProbe,
  messagesProbe,
];

/** Asks all hosts everything that the pane knows, now. Never rejects. */
export function lookAtAll(hosts: ReadonlyMap<HostName, Reader>, clock: () => Millis): Promise<Now> {
  return lookNow(hosts, { stack: 'imgstorage', probes, clock });
}

/** An image as the guide knows it: what the pane knows, and what only a closer look tells. */
export interface Situation {
  readonly now: Now;
  readonly at: Millis;
  readonly image: Image;
  /** The container that has something of it, or to which it is mapped. */
  readonly far?: Far;
  /** Others that have data of it as well. */
  readonly others: readonly Far[];
  readonly chain: Chain;
  readonly newest: Newest;
  readonly memory?: MemoryLook;
  readonly nas: Side;
  readonly container: Side;
  /** Where the roll's commands are. */
  readonly frontend?: HostName;
  /** Who has the container's device open, in words. */
  readonly openBy?: string;
  /** Its guest as libvirt has it, where it runs there. */
  readonly guest?: string;
  /** The live table of the container's device, as the kernel has it. */
  readonly table?: string;
  /** The guide's own merge, where a run of it was left half way. */
  readonly own?: Mapped;
  /** What other containers of ours have on the disk that the target brought them, a sentence each. */
  readonly usedElsewhere: readonly string[];
  /** Of a merge: whether it came on between two looks. */
  readonly moves?: boolean;
}

/** A host of the two, as far as it answers. */
export interface Side {
  /** Undefined: it is not among the hosts, or does not tell what it has. */
  readonly host?: HostName;
  /** Its rows of the image by their tables, as they stand in its database, without the key. */
  readonly rows: Readonly<Record<string, Row>>;
  /** The process of its daemon; undefined: none runs. */
  readonly pid?: number;
  /** The other side's address as this one knows it. */
  readonly other?: string;
}

/** The image that a subject means: `nas-0-0:vol1`, or its own name where only one NAS has it. */
export function imageOf({ images }: RollPicture, subject: string): Image | undefined {
  const own = images.filter((one) => one.subject === subject);
  const named = own.length > 0 ? own : images.filter(({ zvol }) => zvol === subject);
  return named.length === 1 ? named[0] : undefined;
}

/** Looks closer at one image. Never rejects. */
export async function lookCloser(
  image: Image,
  now: Now,
  hosts: ReadonlyMap<HostName, Reader>,
  at: Millis,
): Promise<Situation> {
  const holders = [...(image.far ? [image.far] : []), ...image.leftovers];
  const holding = holders.filter(hasAnything);
  const far = holding[0] ?? holders[0];
  const nasHost = hosts.get(image.nas.host ?? '');
  const readable = far && far.container.devices.ok && far.container.volumes.ok;
  const box = readable ? hosts.get(far.container.host ?? '') : undefined;
  const network = image.nas.local.ok ? (image.nas.local.value.config?.network ?? '') : '';
  const [nas, container, memory, moves, seen, mapped, half, elsewhere] = await Promise.all([
    sideOf(
      nasHost,
      image.zvol,
      'img-storage-nas',
      wayTo(image.row?.remoteHost ?? far?.container.name, network),
    ),
    sideOf(box, image.zvol, 'img-storage-vm', [far?.row?.nas ?? image.nas.name]),
    box && far?.temp ? lookIntoMemory(box, `/dev/zvol/${far.temp.name}`) : undefined,
    box && far ? comesOn(box, far) : undefined,
    box && far ? usersOf(box, far, image) : {},
    box && far?.device ? lookAtMapped(box, far.device.name) : undefined,
    box ? lookAtMapped(box, ownDevice(image)) : undefined,
    Promise.all(image.leftovers.filter((one) => one !== far).map((one) => usedOn(one, hosts))),
  ]);
  const table = mapped?.ok === true ? mapped.device?.table : undefined;
  const own = half?.ok === true ? half.device : undefined;
  const [frontend] = hostsIn(now, 'frontend');
  return {
    ...{ now, at, image, nas, container },
    others: holding.slice(1),
    chain: chainOf(image),
    newest: newestOf(image, memory),
    usedElsewhere: elsewhere.filter((one) => one !== undefined),
    ...seen,
    ...(far && { far }),
    ...(memory && { memory }),
    ...(table !== undefined && { table }),
    ...(own && { own }),
    ...(moves !== undefined && { moves }),
    ...(frontend !== undefined && { frontend }),
  };
}

/** Who uses the disk of a session on a container that should have none; undefined: nobody who can be seen. */
async function usedOn(
  { session, disk, container }: Far,
  hosts: ReadonlyMap<HostName, Reader>,
): Promise<string | undefined> {
  const host = hosts.get(container.host ?? '');
  if (!session || disk === undefined || !host || !/^[a-z0-9]+$/.test(disk)) return undefined;
  const look = await lookAtDevice(host, `/dev/${disk}`);
  const who = look.ok ? inUse(look.tree, look.device) : undefined;
  return who === undefined ? undefined : `/dev/${disk} of ${container.name}: ${who}.`;
}

/** A row of its own is nothing: it stays on a container for ever. */
function hasAnything({ device, local, temp, session }: Far): boolean {
  return [device, local, temp, session].some((one) => one !== undefined);
}

/** The names by which a NAS calls a container, the fast network first (imgstoragenas.py, map_zvol). */
function wayTo(remote: string | undefined, network: string): readonly string[] {
  if (remote === undefined) return [];
  return network === '' ? [remote] : [`${remote}.${network}`, remote];
}

async function sideOf(
  host: Reader | undefined,
  zvol: string,
  daemon: string,
  others: readonly string[],
): Promise<Side> {
  if (!host) return { rows: {} };
  const [dump, process, ...addresses] = await Promise.all([
    host.run(databaseCommand()),
    host.run(reads(['sh', '-c', PID_SCRIPT, 'sh', daemon])),
    ...others.map((name) => addressOf(host, name)),
  ]);
  const pid = process.kind === 'exited' ? Number.parseInt(process.stdout, 10) : Number.NaN;
  const other = addresses.find((one) => one !== undefined);
  return {
    host: host.name,
    rows: dump.kind === 'exited' ? rowsIn(dump.stdout, zvol) : {},
    ...(Number.isInteger(pid) && { pid }),
    ...(other !== undefined && { other }),
  };
}

function rowsIn(dumped: string, zvol: string): Readonly<Record<string, Row>> {
  const dump = parseSqlDump(dumped);
  if (!dump.ok) return {};
  const found = [...dump.value.tables].flatMap(([table, rows]) => {
    const own = rows.find((row) => row.zvol === zvol);
    if (!own) return [];
    return [[table, Object.fromEntries(Object.entries(own).filter(([key]) => key !== 'zvol'))]];
  });
  return Object.fromEntries(found) as Readonly<Record<string, Row>>;
}

async function addressOf(host: Reader, name: string): Promise<string | undefined> {
  const outcome = await host.run(reads(['getent', 'hosts', name]));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  const [address = ''] = (linesOf(outcome.stdout)[0] ?? '').trim().split(/\s+/);
  return /^[0-9a-fA-F.:]+$/.test(address) ? address : undefined;
}

/** Whether a merge has come on within three seconds; undefined: there is none to be watched. */
async function comesOn(host: Reader, { device }: Far): Promise<boolean | undefined> {
  const before = device?.target === 'snapshot-merge' ? writtenBeside(device) : undefined;
  if (!device || before === undefined || before === 0) return undefined;
  const outcome = await host.run(reads(['sh', '-c', 'sleep 3; dmsetup status'], 15_000));
  if (outcome.kind !== 'exited') return undefined;
  const later = parseMapperStatus(outcome.stdout);
  const filling = later.ok ? later.value.get(device.name) : undefined;
  const after = writtenBeside({ ...device, ...(filling && { filling }) });
  return after !== undefined && after < before;
}

/** Who has the device open, and whether its guest runs. */
async function usersOf(
  host: Reader,
  { device }: Far,
  { zvol, vm }: Image,
): Promise<Pick<Situation, 'openBy' | 'guest'>> {
  if (!device || (device.open ?? 1) === 0) return {};
  const guest = vm ?? zvol.replace(/-vol$/, '');
  const isPlain = /^[A-Za-z0-9_][\w.+-]*$/.test(guest);
  const [look, state] = await Promise.all([
    lookAtDevice(host, `/dev/mapper/${device.name}`),
    isPlain ? host.run(reads(['virsh', 'domstate', guest], 20_000)) : undefined,
  ]);
  const who = look.ok ? inUse(look.tree, look.device) : undefined;
  const runs = state?.kind === 'exited' && state.code === 0 && state.stdout.trim() !== 'shut off';
  return { ...(who !== undefined && { openBy: who }), ...(runs && { guest }) };
}
