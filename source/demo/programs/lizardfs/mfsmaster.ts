import { metadataServerOn, setRunning, versionOf } from '../../fleet/metadata-servers.js';
import type { MetadataServer } from '../../fleet/metadata-state.js';
import { softwareOf } from '../../fleet/software.js';
import type { Fleet } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { addressOf, setting } from './config.js';

/** A program of which only the version is asked for. */
export function versionOnly({ fleet }: Call): Ran {
  return printed(`version: ${fleet.lizardfs.version}\n`);
}

/** `mfsmaster start|stop|restart|reload` and `-v`: what it is to be, its config says. */
export async function mfsmaster(call: Call): Promise<Ran> {
  const { args, fleet, machine } = call;
  const action = args.find((arg) => !arg.startsWith('-') && !arg.startsWith('/')) ?? 'start';
  if (args.includes('-v')) return versionOnly(call);
  const server = metadataServerOn(fleet, machine.name) ?? fresh(machine.name);
  switch (action) {
    case 'stop':
      if (server.running) await stop(call, server);
      return printed('');
    case 'reload':
      if (!server.running) return failed(1, "can't find process to send reload signal\n");
      await readAgain(call, server);
      return printed('reload signal has been sent\n');
    case 'restart':
      if (server.running) await stop(call, server);
      return start(call, server);
    case 'start':
      return server.running ? printed('') : start(call, server);
    default:
      return failed(1, `mfsmaster: unknown action ${action}\n`);
  }
}

/** A server whose package was installed, before its first start. */
function fresh(machine: string): MetadataServer {
  const state = { running: false, behind: 0, empty: false, locked: false, follows: '' };
  return { machine, personality: 'master', ...state };
}

/** It saves its metadata as it stops. */
async function stop({ fleet, machine, files }: Call, server: MetadataServer): Promise<void> {
  setRunning(fleet, server, false);
  await files?.write(`${softwareOf(machine).data}/metadata.mfs`, 'LIZM 2.9');
}

async function personality(call: Call): Promise<string> {
  return ((await setting(call, 'mfsmaster.cfg', 'PERSONALITY')) ?? 'master').toLowerCase();
}

async function start(call: Call, server: MetadataServer): Promise<Ran> {
  const { fleet, machine, files } = call;
  const is = await personality(call);
  if (is !== 'master' && is !== 'shadow') return failed(1, 'bad personality\n');
  if (is === 'master' && server.locked) {
    return failed(2, '/var/lib/mfs/metadata.mfs.lock: stale lockfile exists\n');
  }
  const { data } = softwareOf(machine);
  if (is === 'master' && (await files?.read(`${data}/metadata.mfs`)) === undefined) {
    return failed(
      2,
      `${stamp(fleet)} [error] : no metadata files found in ${data} directory: if this is a new installation rename metadata.mfs.empty as metadata.mfs\n`,
    );
  }
  server.personality = is;
  if (is === 'shadow') Object.assign(server, { empty: true, locked: false });
  await follow(call, server);
  const { metadataServers } = fleet.lizardfs;
  if (!metadataServers.includes(server)) metadataServers.push(server);
  if (!machine.processes.some((line) => line.includes('mfsmaster'))) {
    machine.processes.push('/usr/sbin/mfsmaster start');
  }
  setRunning(fleet, server, true);
  return printed('mfsmaster daemon initialized properly\n');
}

/**
 * The config is read again. A shadow becomes master if it has metadata in its memory, and dies
 * otherwise; a master that should become a shadow goes on as it was and says so in its log alone.
 */
export async function readAgain(call: Call, server: MetadataServer): Promise<void> {
  if (server.personality === 'shadow' && (await personality(call)) === 'master') {
    promote(call, server);
    return;
  }
  await follow(call, server);
}

/** The process ends where there is no metadata in its memory. */
export function promote({ fleet }: Call, server: MetadataServer): void {
  if (versionOf(fleet, server) === 0) setRunning(fleet, server, false);
  else server.personality = 'master';
}

async function follow(call: Call, server: MetadataServer): Promise<void> {
  const name = (await setting(call, 'mfsmaster.cfg', 'MASTER_HOST')) ?? 'mfsmaster';
  server.follows = (await addressOf(call, name)) ?? '';
}

function stamp(fleet: Fleet): string {
  return new Date(fleet.clock.now).toISOString().slice(0, 19).replace('T', ' ');
}
