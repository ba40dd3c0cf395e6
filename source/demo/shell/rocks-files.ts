import { serviceOf } from '../fleet/rocks/roll/broker.js';
import { nodeOf } from '../fleet/rocks/state.js';
import { BINARY } from '../fleet/software.js';
import type { Fleet, Machine } from '../fleet/state.js';

/** The files of a host of a Rocks cluster that show what it is, and how the roll is set up there. */
export function rocksFiles(fleet: Fleet, machine: Machine): Record<string, string> {
  const node = nodeOf(fleet, machine);
  const files = { '/opt/rocks/bin/rocks': '#!/bin/sh\nrocks "$@"\n' };
  if (!node) return { ...files, '/usr/sbin/rabbitmqctl': BINARY };
  const daemon = node.role === 'nas' ? 'img-storage-nas' : 'img-storage-vm';
  const initiator = `iqn.1994-05.com.redhat:6453f1cc${machine.address.split('.').at(-1) ?? ''}`;
  return {
    ...files,
    [`/etc/init.d/${daemon}`]: '#!/bin/bash\n',
    [`/opt/rocks/bin/${daemon}`]: '#!/opt/rocks/bin/python\n',
    '/opt/rocks/bin/python': '#!/bin/sh\npython "$@"\n',
    '/opt/rocks/var/img_storage.db': 'SQLite format 3',
    ...(node.role === 'container' && {
      '/etc/iscsi/initiatorname.iscsi': `InitiatorName=${initiator}\n`,
    }),
    // The first release asked the frontend's database instead.
    ...(fleet.rocks?.roll === 'current' && { '/etc/imgstorage.conf': config(node.role, machine) }),
  };
}

function config(role: 'nas' | 'container', { name }: Machine): string {
  const pool = role === 'nas' ? 'None' : 'tank';
  return `[ {\n"name" : "${name}",\n"network" : "local",\n"default_pool" : "${pool}",\n"img_sync_workers" : "8"\n} ]\n`;
}

/** What changes: the log of the scripts, and how much a volume has received. */
export function rocksLiveFiles(fleet: Fleet, machine: Machine): [string, string | undefined][] {
  const node = nodeOf(fleet, machine);
  if (!node) return [];
  const lines = node.messages.slice(-200).map(({ at, text }) => {
    const [, day = '', month = '', , time = ''] = new Date(at).toUTCString().split(' ');
    return `${month} ${String(Number(day)).padStart(2)} ${time} ${machine.name} ${text}\n`;
  });
  const taken = fleet.rocks?.transfers.find(({ into }) => into.startsWith(`${machine.name}:`));
  const received = Math.floor(taken?.done ?? 0);
  const service = serviceOf(node);
  const pid = 2400 + node.daemon.run * 31;
  const runs = machine.services.get(service) === true;
  return [
    [`/var/run/${service}.pid`, runs ? `${pid}\n` : undefined],
    [`/proc/${pid}/comm`, runs ? 'python\n' : undefined],
    ...(node.daemon.run === 0 ? [] : [[`/proc/${pid - 31}`, undefined] as [string, undefined]]),
    ['/var/log/messages', lines.join('')],
    ['/proc/4711/io', taken ? `rchar: ${received}\nwchar: ${received}\n` : undefined],
  ];
}
