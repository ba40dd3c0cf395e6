import { reads, type Command, type Reader } from '../../../core/host.js';
import type { Answer, Probe } from '../../../core/probe.js';
import { ask, type Tool } from '../../../core/tool.js';
import { parseListeners, parseQueues, type Messages, type Queue } from '../read/queue.js';
import {
  parseAttributes,
  parseStorageMap,
  parseVmNas,
  parseVmPlaces,
  type HostAttribute,
  type MapEntry,
  type VmNas,
  type VmPlace,
} from '../read/rocks.js';
import { ROCKS } from '../roll.js';
import { whereRole } from './role.js';

/** `rocks` starts slowly, and asks the frontend's database. */
const SLOW = 30_000;

/** The attributes that the roll looks at. All others stay on the frontend: there are passwords among them. */
export const ATTRIBUTES = [
  ...['img_storage_vm', 'img_storage_nas', 'kvm', 'zfs', 'img_sync', 'img_sync_workers'],
  ...['vm_container_zpool', 'IB_net', 'img_zpools'],
  ...['imgstorage-network', 'imgstorage-pool', 'imgstorage-workers'],
] as const;

/** Which NAS each virtual machine is given. */
export function vmNasCommand(): Command<'reads'> {
  return reads([ROCKS, 'list', 'host', 'vm', 'nas'], SLOW);
}

/** Which container each virtual machine is placed on. */
export function vmPlacesCommand(): Command<'reads'> {
  return reads([ROCKS, 'list', 'host', 'vm'], SLOW);
}

/** The attributes of all hosts, sorted out on the frontend itself. */
export function attributesCommand(): Command<'reads'> {
  const wanted = ATTRIBUTES.join('|');
  return reads(
    ['sh', '-c', `${ROCKS} list host attr | grep -E '^HOST |^[^ ]+ +(${wanted}) '`],
    SLOW,
  );
}

/**
 * The storage map of a NAS. It is a call to the daemon there and waits for its answer for ever, so it is
 * also ended on the frontend: else each round would leave one more behind.
 */
export function storageMapCommand(nas: string): Command<'reads'> {
  return reads(['timeout', '15', ROCKS, 'list', 'host', 'storagemap', nas], 20_000);
}

/** What the frontend has written down of the virtual machines. */
export interface Machines {
  readonly nas: readonly VmNas[];
  readonly places: readonly VmPlace[];
  readonly attributes: readonly HostAttribute[];
}

const NO_ROLL = /invalid rocks command|is not a valid/i;

function rocks<T>(command: () => Command<'reads'>, parse: Tool<[], T>['parse']): Tool<[], T> {
  return {
    command,
    parse,
    explain: (outcome) =>
      outcome.kind === 'exited' &&
      outcome.code !== 0 &&
      NO_ROLL.test(`${outcome.stdout}\n${outcome.stderr}`)
        ? { absent: 'this Rocks has no img-storage roll' }
        : undefined,
  };
}

/** The virtual machines, where they are and which NAS they are given; and the attributes of hosts. */
export const machinesProbe: Probe<Machines> = {
  id: 'imgstorage.machines',
  title: 'virtual machines and their NAS',
  every: 60_000,
  scope: 'host',
  read: (host) => whereRole(host, ['frontend'], readMachines(host)),
};

async function readMachines(host: Reader): Promise<Answer<Machines>> {
  const [nas, places, attributes] = await Promise.all([
    ask(host, rocks(vmNasCommand, parseVmNas)),
    ask(host, rocks(vmPlacesCommand, parseVmPlaces)),
    // grep ends with 1 where no host has any of them.
    ask(host, { ...rocks(attributesCommand, parseAttributes), readableAt: [1] }),
  ]);
  if (nas.kind !== 'value') return nas;
  const failure = [places, attributes].find((one) => one.kind === 'failed');
  return {
    kind: 'value',
    value: {
      nas: nas.value,
      places: places.kind === 'value' ? places.value : [],
      attributes: attributes.kind === 'value' ? attributes.value : [],
    },
    unread: [nas, places, attributes].flatMap((one) => ('unread' in one ? one.unread : [])),
    ...(failure?.kind === 'failed' && { partial: failure.failure }),
  };
}

const LIST = ['rabbitmqctl', '-q'];
/** The roll's messages have a virtual host of their own, named as their user (CommandLauncher). */
const VHOST = ['-p', 'img-storage'];

/** The queues, those of callers among them: a caller who is gone has none. */
export function queuesCommand(): Command<'reads'> {
  return reads([...LIST, 'list_queues', ...VHOST, 'name', 'messages', 'consumers'], SLOW);
}

/** Which daemons are connected. */
export function listenersCommand(): Command<'reads'> {
  const fields = ['source_name', 'destination_name', 'routing_key'];
  return reads([...LIST, 'list_bindings', ...VHOST, ...fields], SLOW);
}

/** RabbitMQ on the frontend: an Erlang of its own for each question, so seldom. */
export const messagesProbe: Probe<Messages> = {
  id: 'imgstorage.messages',
  title: 'message queue',
  every: 30_000,
  scope: 'host',
  read: (host) => whereRole(host, ['frontend'], readMessages(host)),
};

async function readMessages(host: Reader): Promise<Answer<Messages>> {
  const [queues, listeners] = await Promise.all([
    ask<[], readonly Queue[]>(host, { command: queuesCommand, parse: parseQueues }),
    ask(host, { command: listenersCommand, parse: parseListeners }),
  ]);
  if (queues.kind !== 'value') return queues;
  if (listeners.kind !== 'value') return listeners;
  return {
    kind: 'value',
    value: { queues: queues.value, listeners: listeners.value },
    unread: [...queues.unread, ...listeners.unread],
  };
}

/** The storage maps as the daemons themselves tell them, by the NAS; those that gave none are missing. */
export type StorageMaps = ReadonlyMap<string, readonly MapEntry[]>;

/**
 * The storage map of every NAS that the frontend knows of: for one that is not in the fleet, and to see
 * that its daemon answers.
 */
export const mapsProbe: Probe<StorageMaps> = {
  id: 'imgstorage.maps',
  title: 'storage maps as the daemons tell them',
  every: 60_000,
  scope: 'host',
  read: (host) => whereRole(host, ['frontend'], readMaps(host)),
};

async function readMaps(host: Reader): Promise<Answer<StorageMaps>> {
  const machines = await readMachines(host);
  if (machines.kind !== 'value') return machines;
  const asked = await Promise.all(
    nasNames(machines.value).map(async (nas) => ({
      nas,
      answer: await ask(host, { command: () => storageMapCommand(nas), parse: parseStorageMap }),
    })),
  );
  const failure = asked.find(({ answer }) => answer.kind === 'failed')?.answer;
  return {
    kind: 'value',
    value: new Map(
      asked.flatMap(({ nas, answer }): [string, readonly MapEntry[]][] =>
        answer.kind === 'value' ? [[nas, answer.value]] : [],
      ),
    ),
    unread: asked.flatMap(({ answer }) => ('unread' in answer ? answer.unread : [])),
    ...(failure?.kind === 'failed' && { partial: failure.failure }),
  };
}

/** The NAS that the frontend knows of: by the virtual machines on them, or by their attributes. */
export function nasNames({ nas, attributes }: Machines): readonly string[] {
  const told = attributes.flatMap(({ host, name, value }) => {
    const is =
      (name === 'img_storage_nas' && /^(?:true|yes|1)$/i.test(value)) || name === 'img_zpools';
    return is ? [host] : [];
  });
  return [...new Set([...nas.flatMap((one) => one.nas ?? []), ...told])].sort();
}
