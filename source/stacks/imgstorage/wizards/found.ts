import type { Fault } from '../../../core/form.js';
import type { HostName, Reader } from '../../../core/host.js';
import { lookNow } from '../../../core/look-now.js';
import type { Now } from '../../../core/probe.js';
import { bytes } from '../../../core/units.js';
import type { Permissions } from '../../../tools/zfs.js';
import { hostsIn, type Container, type Nas } from '../hosts.js';
import { databaseProbe } from '../probes/database.js';
import { devicesProbe, sessionsProbe } from '../probes/devices.js';
import { machinesProbe, messagesProbe, type Machines } from '../probes/frontend.js';
import { localProbe } from '../probes/local.js';
import { targetsProbe } from '../probes/targets.js';
import { permissionsProbe, volumesProbe } from '../probes/volumes.js';
import { picture, type Image, type RollPicture } from '../view.js';

/** All that the wizards of the roll looked at. */
export interface Found extends RollPicture {
  readonly now: Now;
  /** Where the roll's commands are; undefined: it is not among the hosts that were looked at. */
  readonly frontend?: HostName;
  readonly machines: Machines;
  /** Who may do what, by host and pool: `nas-0-0/tank`; left out: it could not be asked. */
  readonly permissions: ReadonlyMap<string, Permissions>;
}

/** The map of the frontend is left out: it waits for daemons that may hang. */
const probes = [
  ...[localProbe, databaseProbe, targetsProbe, sessionsProbe, devicesProbe],
  ...[volumesProbe, permissionsProbe, machinesProbe, messagesProbe],
];

/** Asks all hosts everything that the wizards need. Never rejects. */
export async function look(hosts: readonly Reader[]): Promise<Found> {
  const readers = new Map(hosts.map((host) => [host.name, host]));
  return foundFrom(await lookNow(readers, { stack: 'imgstorage', probes, clock: Date.now }));
}

/** What a moment tells the wizards. */
export function foundFrom(now: Now): Found {
  const machines = now.known(machinesProbe)[0];
  const frontend = machines?.host ?? hostsIn(now, 'frontend')[0];
  return {
    ...picture(now),
    now,
    machines: machines?.value ?? { nas: [], places: [], attributes: [] },
    permissions: new Map(
      now
        .known(permissionsProbe)
        .flatMap(({ host, value }) => value.map((one) => [`${host}/${one.pool}`, one] as const)),
    ),
    ...(frontend !== undefined && { frontend }),
  };
}

/** What stands against every plan of the roll's wizards: nothing goes without the frontend. */
export function frontendFaults({ frontend }: Found): readonly Fault[] {
  if (frontend !== undefined) return [];
  const says = 'the frontend is not among the hosts: the roll’s commands are there alone';
  return [{ key: '', says }];
}

/** An attribute of a host as Rocks has it; undefined: not set, or not told. */
export function attributeOf({ machines }: Found, host: string, name: string): string | undefined {
  return machines.attributes.find((one) => one.host === host && one.name === name)?.value;
}

/** A pool of a host, with the room that is left. */
export interface PoolRoom {
  readonly name: string;
  readonly health: string;
  /** Bytes; undefined: not told. */
  readonly free?: number;
}

/** The pools of a host. */
export function poolsOf({ volumes }: Nas | Container): readonly PoolRoom[] {
  if (!volumes.ok) return [];
  return volumes.value.pools.map(({ name, health }) => {
    const free = volumes.value.datasets.find((one) => one.name === name)?.available;
    return { name, health, ...(free != null && { free }) };
  });
}

/** `1.6 TiB free`. */
export function roomText({ free }: PoolRoom): string {
  return free === undefined ? 'not told' : `${bytes(free)} free`;
}

/** Why a NAS cannot be worked with; undefined: it can. */
export function nasFault(nas: Nas): string | undefined {
  if (nas.host === undefined) return 'it is not among the hosts that were looked at';
  if (!nas.volumes.ok) return nas.volumes.because;
  if (!nas.tables.ok) return nas.tables.because;
  return undefined;
}

/** Why a container cannot be worked with; undefined: it can. */
export function containerFault(container: Container): string | undefined {
  if (container.host === undefined) return 'it is not among the hosts that were looked at';
  if (!container.devices.ok) return container.devices.because;
  return undefined;
}

/** The NAS of that name. */
export function nasNamed({ nas }: Found, name: unknown): Nas | undefined {
  return nas.find((one) => one.name === name);
}

/** The container of that name. */
export function containerNamed({ containers }: Found, name: unknown): Container | undefined {
  return containers.find((one) => one.name === name);
}

/** The image of that subject: `nas-0-0:vol1`. */
export function imageNamed({ images }: Found, subject: unknown): Image | undefined {
  return images.find((one) => one.subject === subject);
}

/** Whether images are copied to a container, as its attribute says. */
export function syncsTo(found: Found, container: string): boolean {
  return /^(?:true|yes|1)$/i.test(attributeOf(found, container, 'img_sync') ?? '');
}
