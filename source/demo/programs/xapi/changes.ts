import { madeUp } from '../../fleet/state.js';
import type { XapiPbd, XapiPool } from '../../fleet/xapi-state.js';
import { mountBeneath, setAttached } from '../../fleet/xapi.js';
import { printed, type Call, type Ran } from '../program.js';
import { named, requiredParameter, xeError } from './errors.js';

/** What a command that changes something is given. */
export interface Change extends Call {
  readonly pool: XapiPool;
  /** Its `key=value` words; a map is given as `device-config:key=value`. */
  readonly given: ReadonlyMap<string, string>;
}

/** The commands of xe that change something, by name. Silent where they print nothing. */
export const CHANGES: Readonly<Record<string, (change: Change) => Ran | Promise<Ran>>> = {
  'sr-introduce': srIntroduce,
  'sr-forget': srForget,
  'pbd-create': pbdCreate,
  'pbd-destroy': (change) => withPbd(change, 'pbd-destroy', pbdDestroy),
  'pbd-plug': (change) => withPbd(change, 'pbd-plug', plugPbd),
  'pbd-unplug': (change) => withPbd(change, 'pbd-unplug', pbdUnplug),
  'host-enable': (change) => setEnabled(change, true),
  'host-disable': (change) => setEnabled(change, false),
};

function srIntroduce({ pool, given }: Change): Ran {
  for (const name of ['uuid', 'name-label', 'type']) {
    if (!given.has(name)) return requiredParameter('sr-introduce', name);
  }
  const value = (key: string): string => given.get(key) ?? '';
  const uuid = value('uuid');
  if (pool.srs.some((sr) => sr.uuid === uuid)) return xeError('SR_UUID_EXISTS', uuid);
  pool.srs.push({
    uuid,
    name: value('name-label'),
    type: value('type'),
    contentType: value('content-type'),
    shared: value('shared') === 'true',
  });
  return printed(`${uuid}\n`);
}

function srForget({ pool, given }: Change): Ran {
  const uuid = given.get('uuid');
  if (uuid === undefined) return requiredParameter('sr-forget', 'uuid');
  const at = pool.srs.findIndex((sr) => sr.uuid === uuid);
  if (at < 0) return xeError('UUID_INVALID', 'SR', uuid);
  const own = pool.pbds.filter(({ sr }) => sr === uuid);
  if (own.some(({ attached }) => attached)) {
    return xeError('SR_HAS_PBD', named(uuid, pool.srs[at]?.name));
  }
  for (const pbd of own) pool.pbds.splice(pool.pbds.indexOf(pbd), 1);
  pool.srs.splice(at, 1);
  if (pool.defaultSr === uuid) pool.defaultSr = '';
  return printed('');
}

function pbdCreate({ pool, given, fleet }: Change): Ran {
  const [host, sr] = [given.get('host-uuid'), given.get('sr-uuid')];
  if (host === undefined) return requiredParameter('pbd-create', 'host-uuid');
  if (sr === undefined) return requiredParameter('pbd-create', 'sr-uuid');
  const member = pool.hosts.find((one) => one.uuid === host);
  if (!member) return xeError('UUID_INVALID', 'host', host);
  const repository = pool.srs.find((one) => one.uuid === sr);
  if (!repository) return xeError('UUID_INVALID', 'SR', sr);
  const there = pool.pbds.find((pbd) => pbd.sr === sr && pbd.host === host);
  if (there) {
    const ends = [named(sr, repository.name), named(host, member.machine)];
    return xeError('PBD_EXISTS', ...ends, there.uuid);
  }
  const config = [...given].flatMap(([key, value]): [string, string][] => {
    return key.startsWith('device-config:') ? [[key.slice('device-config:'.length), value]] : [];
  });
  const id = madeUp(fleet).toLowerCase();
  const uuid = `4c7be019-${id.slice(0, 4)}-4f0e-8d3c-${id.slice(4)}`;
  pool.pbds.push({ uuid, host, sr, config: new Map(config), attached: false });
  return printed(`${uuid}\n`);
}

function withPbd(
  change: Change,
  command: string,
  run: (change: Change, pbd: XapiPbd) => Ran | Promise<Ran>,
): Ran | Promise<Ran> {
  const uuid = change.given.get('uuid');
  if (uuid === undefined) return requiredParameter(command, 'uuid');
  const pbd = change.pool.pbds.find((one) => one.uuid === uuid);
  return pbd ? run(change, pbd) : xeError('UUID_INVALID', 'PBD', uuid);
}

function pbdDestroy({ pool }: Change, pbd: XapiPbd): Ran {
  if (pbd.attached) return xeError('OPERATION_NOT_ALLOWED', 'PBD is currently attached');
  pool.pbds.splice(pool.pbds.indexOf(pbd), 1);
  return printed('');
}

/** `type=file` binds the folder, whether anything is mounted there or not: only its absence is an error. */
export async function plugPbd(
  { pool, fleet, machine, files }: Call & Pick<Change, 'pool'>,
  pbd: XapiPbd,
): Promise<Ran> {
  if (pbd.attached) return printed('');
  const location = pbd.config.get('location');
  if (location === undefined) {
    return xeError(
      'SR_BACKEND_FAILURE_94',
      '',
      'The request is missing the location parameter',
      '',
    );
  }
  const here = pool.hosts.find(({ uuid }) => uuid === pbd.host)?.machine === machine.name;
  const onRoot = mountBeneath(machine, location)?.target === '/';
  if (here && onRoot && (await files?.isFolder(location)) !== true) {
    const says = 'File SR creation error [opterr=fail to create mount point. Errno is 2]';
    return xeError('SR_BACKEND_FAILURE_61', '', says, '');
  }
  setAttached(fleet, pool, pbd, true);
  return printed('');
}

function pbdUnplug({ pool, fleet }: Change, pbd: XapiPbd): Ran {
  if (!pbd.attached) return printed('');
  const users = pool.vms.filter(({ sr, host }) => sr === pbd.sr && host === pbd.host);
  // All disks in use are its values, whatever the second one is meant to be (xen-api, Xapi_pbd.unplug).
  const disks = users.map(({ vdi, name }) => named(vdi, `${name} 0`));
  if (disks.length > 0) return xeError('VDI_IN_USE', ...disks);
  setAttached(fleet, pool, pbd, false);
  return printed('');
}

function setEnabled({ pool, given }: Change, enabled: boolean): Ran {
  const uuid = given.get('uuid') ?? '';
  const host = pool.hosts.find((one) => one.uuid === uuid);
  if (!host) return xeError('UUID_INVALID', 'host', uuid);
  host.enabled = enabled;
  return printed('');
}
