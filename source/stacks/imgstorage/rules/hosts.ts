import type { Finding } from '../../../core/finding.js';
import { hostNode } from '../../../core/graph.js';
import type { HostName } from '../../../core/host.js';
import type { Now } from '../../../core/probe.js';
import { quoteLines } from '../../../core/evidence.js';
import { clean, count, listed } from '../../../core/text.js';
import { hostOf, rocksName } from '../hosts.js';
import { nodeIds } from '../nodes.js';
import { machinesProbe, messagesProbe } from '../probes/frontend.js';
import { localProbe } from '../probes/local.js';
import { permissionsProbe, volumesProbe } from '../probes/volumes.js';
import { NEEDED_PERMISSIONS, ROLL_USER } from '../roll.js';
import { shellWord } from './make.js';

/** What is wrong with the hosts themselves: services, messages, pools, permissions, attributes. */
export function hostFindings(now: Now): readonly Finding[] {
  return [
    ...services(now),
    ...listeners(now),
    ...backlog(now),
    ...pools(now),
    ...permissions(now),
    ...attributes(now),
  ];
}

function base(host: HostName, subject = host) {
  return { subject: clean(subject), hosts: [host], remedies: [], about: [hostNode(host)] };
}

const CARRIES: Readonly<Record<string, string>> = {
  'img-storage-nas':
    'No image of this NAS can be mapped, unmapped or removed, and nothing is copied back. What is mapped works on.',
  'img-storage-vm':
    'No image can be mapped or unmapped on this container, and no merge there goes on. What is mapped works on.',
  tgtd: 'Every image that is used over iSCSI, or not copied yet, has lost its disk.',
  iscsid: 'Sessions are not made anew when their connection breaks.',
};

function services(now: Now): readonly Finding[] {
  return now.known(localProbe).flatMap((reading) => {
    const { host, value } = reading;
    return [...value.services].flatMap(([service, state]): Finding[] => {
      if (state === 'running' || state === 'unknown') return [];
      return [
        {
          ...base(host, `${host}/${service}`),
          about: [nodeIds.service(host, service), hostNode(host)],
          code: 'IMGSTORAGE_SERVICE_DOWN',
          severity: service === 'iscsid' ? 'warning' : 'alert',
          title: `${clean(service)} does not run`,
          says: `${clean(service)} on ${host} ${state === 'dead' ? 'died: its pid file is still there' : 'is stopped'}.`,
          means: CARRIES[service] ?? '',
          todo:
            service === 'img-storage-nas'
              ? 'Look into /var/log/rocks/img-storage.log, then: service img-storage-nas start. It forgets copies that were under way.'
              : `service ${shellWord(service)} start, and look into its log.`,
          evidence: quoteLines(reading, (line) => line.startsWith(`service ${service} `)).map(
            (one) => ({
              ...one,
              command: `service ${service} status; echo $?`,
            }),
          ),
        },
      ];
    });
  });
}

/** A daemon that runs and has no queue hears nothing: frontend and NAS say that it is unavailable. */
function listeners(now: Now): readonly Finding[] {
  const messages = now.of(messagesProbe).find((one) => one.kind === 'fresh');
  if (!messages) return [];
  return now.known(localProbe).flatMap((reading): Finding[] => {
    const { host, value } = reading;
    const daemons = ['img-storage-nas', 'img-storage-vm'];
    const running = daemons.filter((daemon) => value.services.get(daemon) === 'running');
    const name = rocksName(now, host);
    if (running.length === 0 || messages.value.listeners.has(name)) return [];
    return [
      {
        ...base(host),
        code: 'IMGSTORAGE_NOT_LISTENING',
        severity: 'alert',
        title: 'daemon without a message queue',
        says: `${listed(running)} on ${host} runs, but RabbitMQ on ${messages.host} has no queue for ${clean(name)}.`,
        means:
          'It lost its connection and hears no call: “Message could not be delivered”, “Compute node is unavailable”.',
        todo: `See that ${messages.host} is reached from there, then: service ${running[0] ?? ''} restart${running.includes('img-storage-nas') ? ', when no copy is under way: it forgets those' : ''}.`,
        evidence: quoteLines(messages, (line) => line.startsWith('rocks.vm-manage\t')),
        onlyAfter: 60_000,
      },
    ];
  });
}

function backlog(now: Now): readonly Finding[] {
  const messages = now.of(messagesProbe).find((one) => one.kind === 'fresh');
  if (!messages) return [];
  return [...messages.value.listeners].flatMap(([name, queue]): Finding[] => {
    const found = messages.value.queues.find((one) => one.name === queue);
    const host = hostOf(now, name);
    if (!found || found.messages === 0 || host === undefined) return [];
    return [
      {
        ...base(host),
        code: 'IMGSTORAGE_CALLS_WAIT',
        severity: 'warning',
        title: 'daemon does not take its calls',
        says: `${count(found.messages, 'call')} for ${clean(name)} ${found.messages === 1 ? 'waits' : 'wait'} in its queue.`,
        means:
          'The daemon there is busy with one thing and answers nothing else; a device that is not closed holds it for ever.',
        todo: `Look into /var/log/rocks/img-storage.log on ${host}: its newest line says what it does.`,
        evidence: quoteLines(messages, (line) => line.startsWith(`${queue}\t`)),
        onlyAfter: 60_000,
      },
    ];
  });
}

function pools(now: Now): readonly Finding[] {
  return now.known(volumesProbe).flatMap((reading) => {
    const { host, value } = reading;
    return value.pools.flatMap(({ name, health }): Finding[] => {
      if (health === 'ONLINE') return [];
      return [
        {
          ...base(host, `${host}/${name}`),
          code: 'IMGSTORAGE_POOL',
          severity: health === 'DEGRADED' ? 'warning' : 'alert',
          title: `pool ${clean(health)}`,
          says: `The pool ${clean(name)} on ${host} is ${clean(health)}.`,
          means:
            health === 'DEGRADED'
              ? 'A device of it is missing; the images in it are there, with less redundancy or none.'
              : 'The images in it cannot be read or written.',
          todo: `zpool status -x ${shellWord(name)} names the device.`,
          about: [nodeIds.pool(host, name)],
          explains: true,
          evidence: quoteLines(reading, (line) => line.startsWith(`${name}\t${health}`)),
        },
      ];
    });
  });
}

/** The pools that hold images; others are none of the roll's. */
function permissions(now: Now): readonly Finding[] {
  return now.known(permissionsProbe).flatMap((reading) => {
    const { host, value } = reading;
    const used = poolsInUse(now, host);
    return value.flatMap(({ pool, users }): Finding[] => {
      const has = users.get(ROLL_USER) ?? new Set();
      const missing = NEEDED_PERMISSIONS.filter((one) => !has.has(one));
      if (missing.length === 0 || !used.has(pool)) return [];
      return [
        {
          ...base(host, `${host}/${pool}`),
          code: 'IMGSTORAGE_NOT_ALLOWED',
          severity: 'warning',
          title: 'the roll’s user may not copy',
          says: `${ROLL_USER} may not ${listed([...missing], 8)} in the pool ${clean(pool)} on ${host}.`,
          means:
            'Copies between NAS and container fail: an image that is mapped is never merged, one that is unmapped does not come back.',
          todo: `zfs allow ${ROLL_USER} ${NEEDED_PERMISSIONS.join(',')} ${shellWord(pool)}`,
          about: [nodeIds.pool(host, pool)],
          remedies: [],
          evidence: quoteLines(
            reading,
            (line) => line.includes('img-storage') || line === `== ${pool}`,
          ),
        },
      ];
    });
  });
}

/** Where images lie or are to lie: by the attributes, the configuration, and what is there. */
export function poolsInUse(now: Now, host: HostName): ReadonlySet<string> {
  const name = rocksName(now, host);
  const local = now.known(localProbe).find((one) => one.host === host)?.value;
  const told = now
    .known(machinesProbe)
    .flatMap(({ value }) =>
      value.attributes.flatMap((one) =>
        one.host === name && (one.name === 'img_zpools' || one.name === 'vm_container_zpool')
          ? one.value.split(',')
          : [],
      ),
    );
  const volumes = now.known(volumesProbe).find((one) => one.host === host)?.value.datasets ?? [];
  const there = volumes.flatMap(({ type, name: volume }) =>
    type === 'volume' ? [volume.split('/')[0] ?? ''] : [],
  );
  return new Set([...told, ...there, local?.config?.pool ?? ''].map((one) => one.trim()));
}

/** To be copied to a container that has no pool for it: `zfs create None/…` fails in the middle of a start. */
function attributes(now: Now): readonly Finding[] {
  return now.known(machinesProbe).flatMap((reading) => {
    const of = (host: string, name: string): string | undefined =>
      reading.value.attributes.find((one) => one.host === host && one.name === name)?.value;
    const hosts = new Set(reading.value.attributes.map(({ host }) => host));
    return [...hosts].flatMap((name): Finding[] => {
      const host = hostOf(now, name);
      const syncs = /^(?:true|yes|1)$/i.test(of(name, 'img_sync') ?? '');
      const pool = of(name, 'vm_container_zpool');
      if (host === undefined || !syncs || (pool !== undefined && pool !== '')) return [];
      return [
        {
          ...base(host),
          code: 'IMGSTORAGE_NO_CONTAINER_POOL',
          severity: 'warning',
          title: 'images are to be copied, and there is no pool',
          says: `${clean(name)} has img_sync, but no vm_container_zpool.`,
          means:
            'A virtual machine that is started there fails while its image is mapped, and leaves it half mapped.',
          todo: `rocks set host attr ${shellWord(name)} vm_container_zpool POOL`,
          evidence: quoteLines(
            reading,
            (line) => line.startsWith(name) && line.includes('img_sync'),
          ),
        },
      ];
    });
  });
}
