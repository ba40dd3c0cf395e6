import {
  metadataServerOn,
  setRunning,
  versionOf,
  type MetadataServer,
} from '../../fleet/metadata-servers.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { addressOf, setting } from './config.js';

/** `mfsmaster start|stop|restart|reload`: what it is to be, its config says. */
export async function mfsmaster(call: Call): Promise<Ran> {
  const { args, fleet, machine } = call;
  const action = args.find((arg) => !arg.startsWith('-') && !arg.startsWith('/')) ?? 'start';
  const server = metadataServerOn(fleet, machine.name);
  if (!server) return failed(1, 'mfsmaster: there is none on this machine\n');
  switch (action) {
    case 'stop':
      setRunning(fleet, server, false);
      return printed('');
    case 'reload':
      if (!server.running) return failed(1, "can't find process to send reload signal\n");
      await readAgain(call, server);
      return printed('reload signal has been sent\n');
    case 'restart':
      setRunning(fleet, server, false);
      return start(call, server);
    case 'start':
      return server.running
        ? failed(1, "can't start: lockfile is already locked by another process\n")
        : start(call, server);
    default:
      return failed(1, `mfsmaster: unknown action ${action}\n`);
  }
}

async function personality(call: Call): Promise<string> {
  return ((await setting(call, 'mfsmaster.cfg', 'PERSONALITY')) ?? 'master').toLowerCase();
}

async function start(call: Call, server: MetadataServer): Promise<Ran> {
  const is = await personality(call);
  if (is !== 'master' && is !== 'shadow') return failed(1, 'bad personality\n');
  if (is === 'master' && server.locked) {
    return failed(2, '/var/lib/mfs/metadata.mfs.lock: stale lockfile exists\n');
  }
  server.personality = is;
  if (is === 'shadow') Object.assign(server, { empty: true, locked: false });
  await follow(call, server);
  setRunning(call.fleet, server, true);
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
