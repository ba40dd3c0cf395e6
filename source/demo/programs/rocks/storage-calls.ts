import {
  closeQueue,
  isBrokering,
  isListening,
  openQueue,
  publish,
} from '../../fleet/rocks/roll/broker.js';
import type { Request } from '../../fleet/rocks/roll/messages.js';
import { attributeOf, nodeOf, type Reply, type Rocks } from '../../fleet/rocks/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { rocksTable, spanOf, unicode, type Line } from './table.js';

/** A call of a command of Rocks: its words, and its `key=value` words. */
export interface RocksCall extends Call {
  readonly rocks: Rocks;
  readonly words: readonly string[];
  readonly params: ReadonlyMap<string, string>;
}

/** How Rocks ends a command that it gives up. */
export function aborted(says: string, stdout = ''): Ran {
  return failed(255, `error - ${says}\n`, stdout);
}

type Asked = { readonly reply: Reply } | { readonly ran: Ran };

/**
 * Sends a message and waits for its answer: for ever, if none comes. Whoever is ended while it waits
 * leaves its message, and all that came of it, where it is.
 */
async function ask(
  call: RocksCall,
  to: string,
  request: (queue: string) => Request,
  before = '',
): Promise<Asked> {
  const { fleet, signal } = call;
  if (!isBrokering(fleet)) {
    const words = 'Traceback (most recent call last):\npika.exceptions.AMQPConnectionError: 1\n';
    return { ran: failed(1, words, before) };
  }
  const node = nodeOf(fleet, to);
  if (!node || !isListening(fleet, node)) {
    return { ran: aborted('Message could not be delivered', before) };
  }
  const reply = await new Promise<Reply | undefined>((resolve) => {
    const queue = openQueue(fleet, (heard) => {
      closeQueue(fleet, queue);
      resolve(heard);
    });
    signal.addEventListener('abort', () => {
      closeQueue(fleet, queue);
      resolve(undefined);
    });
    publish(fleet, to, request(queue));
  });
  if (!reply) return { ran: failed(130, '', before) };
  if (reply.status === 'success') return { reply };
  const { action, error = 'Error occured' } = reply;
  const parts = [
    ...(action === undefined ? [] : [`u'action': u'${action}'`]),
    "u'status': u'error'",
    `u'error': ${pythonText(error)}`,
  ];
  return { ran: aborted(error, `${before}XXX:  {${parts.join(', ')}}\n`) };
}

function pythonText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return text.includes("'") ? `u"${escaped}"` : `u'${escaped}'`;
}

/** `rocks add host storagemap NAS POOL VOLUME HOST GB [img_sync= remotepool=]`. */
export async function addStorageMap(call: RocksCall): Promise<Ran> {
  const { rocks, words, params } = call;
  const [nas, pool, zvol, host, size] = words;
  if (!nas || !pool || !zvol || !host || !size) {
    return aborted('you must pass 5 arguments nas_name zpool volume remotehost size');
  }
  const asked = params.get('img_sync') ?? attributeOf(rocks, host, 'img_sync');
  const sync = isTrue(asked);
  const remotePool = params.get('remotepool') ?? null;
  // The first release takes the container's own pool, and has no such words.
  const old = rocks.roll === 'first';
  if (sync && remotePool === null && !old) {
    return aborted('img_sync was true but not remotepool was specified');
  }
  const pools = {
    remotePool: old ? (attributeOf(rocks, host, 'vm_container_zpool') ?? null) : remotePool,
  };
  const before = `mapping  ${nas} : ${pool} / ${zvol}  on  ${host}\n`;
  const wish = { pool, zvol, host, size, sync, ...pools };
  const asking = await ask(call, nas, (queue) => ({ action: 'map_zvol', queue, ...wish }), before);
  if ('ran' in asking) return asking.ran;
  return printed(`${before}${asking.reply.bdev ?? ''}\n`);
}

/** `rocks remove host storagemap NAS VOLUME`: it prints Success before the data is back. */
export async function removeStorageMap(call: RocksCall): Promise<Ran> {
  const [nas, zvol] = call.words;
  if (!nas || !zvol) return aborted('2 arguments are required for this command nas volume');
  const before = `unmapping   ${nas} : ${zvol}\n`;
  const asking = await ask(call, nas, (queue) => ({ action: 'unmap_zvol', queue, zvol }), before);
  return 'ran' in asking ? asking.ran : printed(`${before}Success\n`);
}

/** `rocks remove host storageimg NAS POOL VOLUME`. */
export async function removeStorageImage(call: RocksCall): Promise<Ran> {
  const [nas, pool, zvol] = call.words;
  if (!nas || !pool || !zvol) {
    return aborted('3 arguments are required for this command nas zpool volume');
  }
  const before = `removing   ${nas} : ${pool} / ${zvol}\n`;
  const request = (queue: string): Request => ({ action: 'del_zvol', queue, pool, zvol });
  const asking = await ask(call, nas, request, before);
  return 'ran' in asking ? asking.ran : printed(`${before}Success\n`);
}

/** `rocks list host storagemap NAS`, with the columns of its release. */
export async function listStorageMap(call: RocksCall): Promise<Ran> {
  const [nas] = call.words;
  if (!nas) return aborted('you must enter the nas name');
  const asking = await ask(call, nas, (queue) => ({ action: 'list_zvols', queue }));
  if ('ran' in asking) return asking.ran;
  const now = call.fleet.clock.now / 1000;
  const old = call.rocks.roll === 'first';
  const lines = rowsIn(asking.reply).map((row): Line => {
    const state = stateOf(row);
    const time = typeof row.time === 'number' ? spanOf(now - row.time) : null;
    const next =
      typeof row.nextsync === 'number' && state === 'mapped' ? weekday(row.nextsync) : null;
    const [zvol, zpool, host] = [unicode(row.zvol), unicode(row.zpool), unicode(row.remotehost)];
    const target = unicode(row.iscsi_target);
    const cells = old
      ? [zvol, host, zpool, target, state, time]
      : [
          zvol,
          zpool,
          host,
          unicode(row.remotepool),
          target,
          state,
          time,
          next,
          row.locked != null || null,
        ];
    return { owner: nas, cells };
  });
  const headings = old
    ? ['nas', 'zvol', 'host', 'zpool', 'target', 'state', 'time']
    : [
        'nas',
        'zvol',
        'zpool',
        'remotehost',
        'remotepool',
        'target',
        'state',
        'time',
        'nextsync',
        'locked',
      ];
  return printed(rocksTable(headings, lines));
}

/** `rocks list host storagedev HOST`, with the columns of its release. */
export async function listStorageDevices(call: RocksCall): Promise<Ran> {
  const [host] = call.words;
  if (!host) return aborted('you must enter the host name');
  const asking = await ask(call, host, (queue) => ({ action: 'list_dev', queue }));
  if ('ran' in asking) return asking.ran;
  const now = call.fleet.clock.now / 1000;
  const old = call.rocks.roll === 'first';
  const lines = rowsIn(asking.reply).map((row): Line => {
    const number = (value: unknown) => (typeof value === 'number' ? value : null);
    const time = typeof row.time === 'number' ? spanOf(now - row.time) : null;
    const middle = [unicode(row.status), number(row.size), unicode(row.bdev), number(row.started)];
    const tail = [...middle, unicode(row.synced), time];
    const head = old
      ? [unicode(row.volume), unicode(row.device)]
      : [unicode(row.volume), unicode(row.sync), unicode(row.target), unicode(row.device)];
    return { owner: host, cells: [...head, ...tail] };
  });
  const tail = ['status', 'size (GB)', 'block dev', 'is started', 'synced', 'time'];
  const head = old ? ['compute', 'zvol', 'lvm'] : ['host', 'volume', 'sync', 'target', 'device'];
  return printed(rocksTable([...head, ...tail], lines));
}

function rowsIn({ body }: Reply): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(body)
    ? body.filter((row): row is Record<string, unknown> => isRecord(row))
    : [];
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function stateOf(row: Readonly<Record<string, unknown>>): string {
  if (row.remotehost == null) return 'unmapped';
  if (row.is_sending === 1) return 'NAS->VM';
  if (row.is_sending !== 0) return 'mapped';
  return row.is_delete_remote === 0 ? 'NAS<-VM sched' : 'NAS<-VM';
}

/** `Thu 14:02.11`. */
function weekday(seconds: number): string {
  const at = new Date(seconds * 1000).toUTCString();
  return `${at.slice(0, 3)} ${at.slice(17, 22)}.${at.slice(23, 25)}`;
}

/** What Rocks takes for yes. */
export function isTrue(text: string | undefined): boolean {
  return /^(?:true|yes|on|1|y|t)$/i.test(text ?? '');
}

/** Maps the image of a guest that is about to start; a guest without a NAS has its disk in a file. */
export async function mapForStart(
  call: RocksCall,
  guest: Rocks['guests'][number],
): Promise<{ readonly device: string; readonly says: string } | Ran> {
  const { nas, pool, container, name, gigabytes } = guest;
  if (nas === undefined || pool === undefined) return { device: '', says: '' };
  const zvol = `${name}-vol`;
  const sync = isTrue(attributeOf(call.rocks, container, 'img_sync'));
  const remotePool = attributeOf(call.rocks, container, 'vm_container_zpool') ?? null;
  const wish = { pool, zvol, host: container, remotePool, size: String(gigabytes), sync };
  const asking = await ask(call, nas, (queue) => ({ action: 'map_zvol', queue, ...wish }));
  if ('ran' in asking) return asking.ran;
  const device = asking.reply.bdev ?? '';
  return { device, says: `${nas}:${zvol} mapped to ${container}:${device}\n` };
}

/** Lets go of the image of a guest that was stopped. */
export async function unmapAfterStop(
  call: RocksCall,
  { nas, name }: Rocks['guests'][number],
): Promise<Ran> {
  if (nas === undefined) return printed('');
  const zvol = `${name}-vol`;
  const asking = await ask(call, nas, (queue) => ({ action: 'unmap_zvol', queue, zvol }));
  return 'ran' in asking ? asking.ran : printed('');
}
