import { isAlive, machineNamed, type Fleet } from '../../fleet/state.js';
import type { XapiPool } from '../../fleet/xapi-state.js';
import { mountBeneath } from '../../fleet/xapi.js';
import type { Field } from './records.js';

/** A kind of object: its records, and the fields that are shown unless others are asked for. */
export interface Table {
  readonly records: (fleet: Fleet, pool: XapiPool) => readonly (readonly Field[])[];
  readonly shown: readonly string[];
}

const ro = (name: string, value: string): Field => ({ name, access: 'RO', value });
const rw = (name: string, value: string): Field => ({ name, access: 'RW', value });
const map = (name: string, value: ReadonlyMap<string, string>): Field => ({
  name,
  access: 'MRO',
  value,
});

const MISSING = '<not in database>';

/** The lists of xe, by command. */
export const TABLES: Readonly<Record<string, Table>> = {
  'pool-list': {
    shown: ['uuid', 'name-label', 'name-description', 'master', 'default-SR'],
    records: (_, { uuid, name, master, defaultSr }) => [
      [
        ro('uuid', uuid),
        rw('name-label', name),
        rw('name-description', ''),
        ro('master', master),
        rw('default-SR', defaultSr === '' ? MISSING : defaultSr),
      ],
    ],
  },
  'host-list': {
    shown: ['uuid', 'name-label', 'name-description'],
    records: (fleet, { hosts }) =>
      hosts.map(({ uuid, machine, enabled }) => {
        const [brand = '', version = ''] = machineNamed(fleet, machine)?.os.split(' ') ?? [];
        return [
          ro('uuid', uuid),
          rw('name-label', machine),
          rw('name-description', 'Simulated host'),
          ro('hostname', machine),
          ro('address', machineNamed(fleet, machine)?.address ?? ''),
          ro('enabled', String(enabled)),
          ro('host-metrics-live', String(isAlive(fleet, machine))),
          map(
            'software-version',
            new Map([
              ['product_version', version],
              ['product_brand', brand],
              ['hostname', 'localhost'],
            ]),
          ),
        ];
      }),
  },
  'sr-list': {
    shown: ['uuid', 'name-label', 'name-description', 'host', 'type', 'content-type'],
    records: (fleet, pool) =>
      pool.srs.map((sr) => {
        const own = pool.pbds.filter((pbd) => pbd.sr === sr.uuid);
        const [size, used] = spaceOf(fleet, pool, sr.uuid);
        return [
          ro('uuid', sr.uuid),
          rw('name-label', sr.name),
          rw('name-description', ''),
          ro('host', sr.shared ? '<shared>' : nameOf(pool, own[0]?.host ?? '')),
          { name: 'PBDs', access: 'SRO', value: own.map(({ uuid }) => uuid).join('; ') },
          ro('type', sr.type),
          ro('content-type', sr.contentType),
          rw('shared', String(sr.shared)),
          ro('physical-size', size),
          ro('physical-utilisation', used),
        ];
      }),
  },
  'pbd-list': {
    shown: ['uuid', 'host-uuid', 'sr-uuid', 'device-config', 'currently-attached'],
    records: (_, pool) =>
      pool.pbds.map(({ uuid, host, sr, config, attached }) => [
        ro('uuid', uuid),
        ro('host-uuid', host),
        ro('host-name-label', nameOf(pool, host)),
        ro('sr-uuid', sr),
        ro('sr-name-label', pool.srs.find((one) => one.uuid === sr)?.name ?? ''),
        map('device-config', config),
        ro('currently-attached', String(attached)),
      ]),
  },
  'vdi-list': {
    shown: ['uuid', 'name-label', 'name-description', 'sr-uuid', 'virtual-size'],
    records: (_, { vms }) =>
      vms.map(({ vdi, name, sr }) => [
        ro('uuid', vdi),
        rw('name-label', `${name} 0`),
        rw('name-description', ''),
        ro('sr-uuid', sr),
        ro('is-a-snapshot', 'false'),
        ro('virtual-size', '21474836480'),
      ]),
  },
  'vbd-list': {
    shown: ['uuid', 'vm-uuid', 'vm-name-label', 'vdi-uuid', 'empty', 'device'],
    records: (_, { vms }) =>
      vms.map(({ uuid, name, vdi, host }) => [
        ro('uuid', uuid.replace(/^\w+/, 'aa51c07e')),
        ro('vm-uuid', uuid),
        ro('vm-name-label', name),
        ro('vdi-uuid', vdi),
        ro('empty', 'false'),
        ro('device', 'xvda'),
        ro('currently-attached', String(host !== undefined)),
      ]),
  },
  'vm-list': {
    shown: ['uuid', 'name-label', 'power-state'],
    records: (_, { vms, hosts }) => [
      ...hosts.map(({ uuid, machine }) => [
        ro('uuid', uuid.replace(/^\w+/, 'd0d0d0d0')),
        rw('name-label', `Control domain on host: ${machine}`),
        ro('is-control-domain', 'true'),
        ro('power-state', 'running'),
        ro('resident-on', uuid),
      ]),
      ...vms.map(({ uuid, name, host }) => [
        ro('uuid', uuid),
        rw('name-label', name),
        ro('is-control-domain', 'false'),
        ro('power-state', host === undefined ? 'halted' : 'running'),
        ro('resident-on', host ?? MISSING),
      ]),
    ],
  },
};

function nameOf({ hosts }: XapiPool, uuid: string): string {
  return hosts.find((host) => host.uuid === uuid)?.machine ?? MISSING;
}

/** What the driver saw of the file system beneath when it looked last; nothing is attached: nothing. */
function spaceOf(fleet: Fleet, pool: XapiPool, sr: string): readonly [string, string] {
  const pbd = pool.pbds.find((one) => one.sr === sr && one.attached);
  const machine = pbd && machineNamed(fleet, nameOf(pool, pbd.host));
  const location = pbd?.config.get('location');
  const mount = machine && location !== undefined ? mountBeneath(machine, location) : undefined;
  return mount ? [String(mount.size), String(mount.used)] : ['-1', '-1'];
}
