import { softwareOf } from '../../fleet/software.js';
import { isAlive, type Fleet, type Machine } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

/** A program of which only the version is asked for. */
export function versionOnly({ fleet }: Call): Ran {
  return printed(`version: ${fleet.lizardfs.version}\n`);
}

/** `mfsmaster start|stop|restart|reload` and `-v`: it is what its configuration says. */
export async function mfsmaster(call: Call): Promise<Ran> {
  const { args, fleet, machine } = call;
  const action = args.find((arg) => !arg.startsWith('-') && !arg.startsWith('/')) ?? 'start';
  if (args.includes('-v')) return versionOnly(call);
  const running = fleet.lizardfs.metadataServers.some(
    (one) => one.machine === machine.name && one.running,
  );
  switch (action) {
    case 'stop':
      if (running) await stop(call);
      return printed('');
    case 'reload':
      return running ? printed('') : failed(1, "can't find process to send reload signal\n");
    case 'restart':
      if (running) await stop(call);
      return start(call);
    case 'start':
      return running ? printed('') : start(call);
    default:
      return failed(1, `mfsmaster: unknown action ${action}\n`);
  }
}

async function start(call: Call): Promise<Ran> {
  const { fleet, machine, files } = call;
  const { config, data } = softwareOf(machine);
  const text = (await files?.read(`${config}/mfsmaster.cfg`)) ?? '';
  const set = (key: string): string | undefined =>
    [...text.matchAll(new RegExp(`^\\s*${key}\\s*=\\s*(.*?)\\s*$`, 'gm'))].at(-1)?.[1];
  const personality = set('PERSONALITY') === 'shadow' ? 'shadow' : 'master';
  const metadata = await files?.read(`${data}/metadata.mfs`);
  if (personality === 'master' && metadata === undefined) {
    return failed(
      2,
      `${stamp(fleet)} [error] : no metadata files found in ${data} directory: if this is a new installation rename metadata.mfs.empty as metadata.mfs\n`,
    );
  }
  const { metadataServers } = fleet.lizardfs;
  const at = metadataServers.findIndex((one) => one.machine === machine.name);
  if (at >= 0) metadataServers.splice(at, 1);
  const master = personality === 'shadow' ? set('MASTER_HOST') : undefined;
  metadataServers.push({
    machine: machine.name,
    personality,
    running: true,
    ...(master !== undefined && { master }),
  });
  if (!machine.processes.some((line) => line.includes('mfsmaster'))) {
    machine.processes.push('/usr/sbin/mfsmaster start');
  }
  machine.services.set('lizardfs-master', true);
  await files?.write(`${data}/changelog.mfs`, '');
  return printed('');
}

/** It saves its metadata as it stops. */
async function stop({ fleet, machine, files }: Call): Promise<void> {
  const server = fleet.lizardfs.metadataServers.find((one) => one.machine === machine.name);
  if (!server) return;
  server.running = false;
  machine.services.set('lizardfs-master', false);
  await files?.write(`${softwareOf(machine).data}/metadata.mfs`, 'LIZM 2.9');
}

function stamp(fleet: Fleet): string {
  return new Date(fleet.clock.now).toISOString().slice(0, 19).replace('T', ' ');
}

/** Whether a shadow finds a master where its configuration says. */
export function isConnected(fleet: Fleet, found: Machine | undefined): boolean {
  return fleet.lizardfs.metadataServers.some(
    ({ machine, personality, running }) =>
      personality === 'master' && running && machine === found?.name && isAlive(fleet, machine),
  );
}
