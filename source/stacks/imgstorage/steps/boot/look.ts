import { reads, type Reader } from '../../../../core/host.js';
import type { Answer, Probe } from '../../../../core/probe.js';
import type { Progress, Verdict } from '../../../../core/step.js';
import { clean, listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { MapperDevice } from '../../../../tools/mapper.js';
import { writtenBeside } from '../../newest.js';
import { databaseProbe } from '../../probes/database.js';
import { devicesProbe, sessionsProbe } from '../../probes/devices.js';
import { targetsProbe } from '../../probes/targets.js';
import { volumesProbe } from '../../probes/volumes.js';
import { receivedOf } from '../../progress.js';
import { shortName, SNAP, targetOf, TEMP_WRITE } from '../../roll.js';
import type { StageParams } from './stages.js';

const done = (says: string): Verdict => ({ kind: 'done', says: clean(says) });
const notYet = (says: string): Verdict => ({ kind: 'notYet', says: clean(says) });

/** Whether a stage is reached or passed, as its host shows it. Never rejects. */
export function lookAtStage(host: Reader, params: StageParams): Promise<Verdict> {
  switch (params.stage) {
    case 'image':
      return image(host, params);
    case 'target':
      return target(host, params);
    case 'memory':
      return memory(host, params);
    case 'session':
      return session(host, params);
    case 'device':
      return device(host, params);
    case 'booted':
      return booted(host, params);
    case 'copied':
      return copied(host, params);
    case 'merged':
      return merged(host, params);
    case 'switched':
      return switched(host, params);
  }
}

/** What a probe brings; or the verdict that it brings nothing. */
async function asked<T>(host: Reader, probe: Probe<T>): Promise<T | Verdict> {
  const answer: Answer<T> = await probe.read(host);
  if (answer.kind === 'value') return answer.value;
  const because = answer.kind === 'absent' ? answer.because : answer.failure.what;
  return { kind: 'cannotTell', because };
}

function isVerdict(value: object): value is Verdict {
  return 'kind' in value;
}

async function image(host: Reader, { zpool, zvol }: StageParams): Promise<Verdict> {
  const volumes = await asked(host, volumesProbe);
  if (isVerdict(volumes)) return volumes;
  const found = volumes.datasets.find(({ name }) => name === `${zpool}/${zvol}`);
  if (!found) return notYet(`there is no ${zpool}/${zvol}`);
  return done(`${found.name}, ${found.size === null ? 'its size not told' : bytes(found.size)}`);
}

/** Once the container has its own copy the target is gone again, and the row says so. */
async function target(host: Reader, params: StageParams): Promise<Verdict> {
  const { nas, zvol, container } = params;
  const targets = await asked(host, targetsProbe);
  if (isVerdict(targets)) return targets;
  const found = targets.find(({ name }) => name === targetOf(nas, zvol));
  if (found) {
    const { allowed } = found;
    if (allowed.length === 1 && allowed[0] !== 'ALL')
      return done(`${found.name}, for ${allowed[0] ?? ''}`);
    return {
      kind: 'refused',
      because: clean(`${found.name} is open to ${listed(allowed) || 'nobody'}`),
    };
  }
  const database = await asked(host, databaseProbe);
  if (isVerdict(database)) return database;
  const row = database.nas?.rows.find((one) => one.zvol === zvol);
  const passed = row?.target === null && shortName(row.remoteHost ?? '') === shortName(container);
  return passed && row.sync ? done('it is not needed any more') : notYet('there is no target');
}

/** The container's device of the image; undefined: none. */
async function deviceOn(host: Reader, { zvol }: StageParams) {
  const devices = await asked(host, devicesProbe);
  if (isVerdict(devices)) return devices;
  return { device: devices.mapped.find(({ name }) => name === `${zvol}${SNAP}`) };
}

/** It works on its own volume: all that came before is passed. */
const isOwn = (found: MapperDevice | undefined): boolean => found?.target === 'linear';

async function memory(host: Reader, params: StageParams): Promise<Verdict> {
  const [volumes, found] = await Promise.all([asked(host, volumesProbe), deviceOn(host, params)]);
  if (isVerdict(volumes)) return volumes;
  if (isVerdict(found)) return found;
  if (isOwn(found.device)) return done('it is not needed any more');
  const name = `${params.zvol}${TEMP_WRITE}`;
  const set = volumes.datasets.find((one) => one.name.endsWith(`/${name}`));
  return set ? done(set.name) : notYet(`there is no ${name}`);
}

async function session(host: Reader, params: StageParams): Promise<Verdict> {
  const [sessions, found] = await Promise.all([asked(host, sessionsProbe), deviceOn(host, params)]);
  if (isVerdict(sessions)) return sessions;
  if (isVerdict(found)) return found;
  if (isOwn(found.device)) return done('it is not needed any more');
  const own = sessions.find((one) => one.target === targetOf(params.nas, params.zvol));
  const disk = own?.disks[0]?.device;
  if (disk !== undefined) return done(`${disk} at ${own?.portal ?? ''}`);
  return notYet(own ? 'its disk is not there yet' : 'it is not logged in');
}

async function device(host: Reader, params: StageParams): Promise<Verdict> {
  const found = await deviceOn(host, params);
  if (isVerdict(found)) return found;
  if (!found.device) return notYet(`there is no ${params.zvol}${SNAP}`);
  return broken(found.device) ?? done(`${found.device.name}, ${found.device.target}`);
}

/** What can never come to an end: nobody should wait for it. */
function broken({ name, filling }: MapperDevice): Verdict | undefined {
  if (filling?.kind !== 'broken') return undefined;
  return {
    kind: 'refused',
    because: clean(
      `the snapshot of ${name} is ${filling.word}: it is never merged; see the recovery`,
    ),
  };
}

async function booted(host: Reader, { vm }: StageParams): Promise<Verdict> {
  if (vm === null) return done('no virtual machine');
  const argv = ['virsh', '-r', '-c', 'qemu:///system', 'domstate', vm];
  const outcome = await host.run(reads(argv, 30_000));
  if (outcome.kind !== 'exited') return { kind: 'cannotTell', because: outcome.reason };
  const state = outcome.stdout.trim();
  if (outcome.code !== 0) return notYet(`libvirt does not know ${vm}`);
  return state === 'running' ? done(`${vm} is running`) : notYet(`${vm} is ${state}`);
}

async function copied(host: Reader, params: StageParams): Promise<Verdict> {
  const found = await deviceOn(host, params);
  if (isVerdict(found)) return found;
  if (!found.device)
    return { kind: 'refused', because: 'the device is gone: it was unmapped meanwhile' };
  const fault = broken(found.device);
  if (fault) return fault;
  if (found.device.target !== 'snapshot') return done(`it is ${found.device.target}`);
  const database = await asked(host, databaseProbe);
  if (isVerdict(database)) return database;
  const waits = database.container?.merges.some((one) => one.zvol === params.zvol) === true;
  return waits ? done('its merge waits for its turn') : notYet('it is still sent');
}

async function merged(host: Reader, params: StageParams): Promise<Verdict> {
  const found = await deviceOn(host, params);
  if (isVerdict(found)) return found;
  if (!found.device)
    return { kind: 'refused', because: 'the device is gone: it was unmapped meanwhile' };
  if (isOwn(found.device)) return done('it works on its own volume');
  return broken(found.device) ?? notYet(`it is ${found.device.target}`);
}

async function switched(host: Reader, { zvol, container }: StageParams): Promise<Verdict> {
  const database = await asked(host, databaseProbe);
  if (isVerdict(database)) return database;
  const row = database.nas?.rows.find((one) => one.zvol === zvol);
  if (row?.remoteHost == null || shortName(row.remoteHost) !== shortName(container)) {
    return { kind: 'refused', because: `${zvol} is not mapped to ${container} any more` };
  }
  const locked = database.nas?.locks.some((one) => one.zvol === zvol) === true;
  if (row.target !== null) return notYet('its target is still served');
  return locked ? notYet('it is still locked') : done('no target and no lock any more');
}

/** How far a stage is that takes a while. */
export async function progressOfStage(
  host: Reader,
  params: StageParams,
): Promise<Progress | undefined> {
  if (params.stage === 'copied') return copying(host, params);
  if (params.stage === 'merged') return merging(host, params);
  return undefined;
}

async function copying(host: Reader, { zvol, bytes: total }: StageParams) {
  const volumes = await asked(host, volumesProbe);
  if (isVerdict(volumes)) return undefined;
  const own = volumes.datasets.find(
    ({ type, name }) => type === 'volume' && name.endsWith(`/${zvol}`),
  );
  const received = receivedOf(own);
  if (received === undefined) return undefined;
  if (total === null || total === 0) return { says: `${bytes(received)} received` };
  return {
    says: `${bytes(received)} of ${bytes(total)} received`,
    share: Math.min(1, received / total),
  };
}

async function merging(host: Reader, params: StageParams): Promise<Progress | undefined> {
  const found = await deviceOn(host, params);
  if (isVerdict(found) || !found.device) return undefined;
  if (found.device.target === 'snapshot') return { says: 'it waits for the merges before it' };
  const left = writtenBeside(found.device);
  return left === undefined ? undefined : { says: `${bytes(left)} left to merge` };
}
