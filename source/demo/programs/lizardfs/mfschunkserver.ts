import { stopChunkserver } from '../../fleet/daemons.js';
import { softwareOf } from '../../fleet/software.js';
import type { ChunkDisk } from '../../fleet/lizardfs-state.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { addressOf, setting } from './config.js';

/** How long the master waits to hear of a new disk, and a chunkserver reads through it, in ms. */
const SCAN = 8000;

/** `mfschunkserver start|stop|restart|reload`. */
export async function mfschunkserver(call: Call): Promise<Ran> {
  const { args, fleet, machine } = call;
  const action = args.find((arg) => !arg.startsWith('-') && !arg.startsWith('/')) ?? 'start';
  const server = serverOf(call);
  if (args[0] === '-v') return printed(`version: ${fleet.lizardfs.version}\n`);
  if (!server) return failed(1, 'mfschunkserver: there is none on this machine\n');
  switch (action) {
    case 'stop':
      stopChunkserver(fleet, machine.name, true);
      return printed('');
    case 'reload':
      if (!server.running) return failed(1, "can't find process to send reload signal\n");
      server.disks = await listedDisks(call, server.disks);
      server.master = await masterOf(call);
      return printed('reload signal has been sent\n');
    case 'start':
    case 'restart':
      stopChunkserver(fleet, machine.name, false);
      server.disks = await listedDisks(call, server.disks);
      server.master = await masterOf(call);
      return printed('mfschunkserver daemon initialized properly\n');
    default:
      return failed(1, `mfschunkserver: unknown action ${action}\n`);
  }
}

async function masterOf(call: Call): Promise<string> {
  const name = (await setting(call, 'mfschunkserver.cfg', 'MASTER_HOST')) ?? 'mfsmaster';
  return (await addressOf(call, name)) ?? '';
}

/** A chunkserver whose package was installed is known from its first start. */
function serverOf({ fleet, machine, args }: Call) {
  const { chunkservers } = fleet.lizardfs;
  const known = chunkservers.find((one) => one.machine === machine.name);
  if (known || !machine.packages.has('lizardfs-chunkserver') || !args.includes('start'))
    return known;
  const fresh = {
    machine: machine.name,
    label: '_',
    running: false,
    connected: false,
    master: '',
    disks: [],
  };
  chunkservers.push(fresh);
  machine.processes.push('/usr/sbin/mfschunkserver start');
  return fresh;
}

/** The disks of mfshdd.cfg: those known stay as they are, new ones are read through first. */
async function listedDisks(
  { fleet, machine, files }: Call,
  before: readonly ChunkDisk[],
): Promise<readonly ChunkDisk[]> {
  const { config, user } = softwareOf(machine);
  const text = (await files?.read(`${config}/mfshdd.cfg`)) ?? '';
  const rows = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      path: `${line.replace(/^\*/, '').replace(/\/+$/, '')}/`,
      draining: line.startsWith('*'),
    }));
  return rows.map(({ path, draining }, index) => {
    const known = before.find((disk) => disk.path === path);
    if (known) return Object.assign(known, { draining });
    const folder = path.slice(0, -1);
    const mounted = machine.mounts.find(({ target }) => target === folder);
    const writable = files?.ownerOf(folder) === `${user}:${user}`;
    const damaged = !mounted || !writable;
    return {
      id: `${machine.name}:${index}`,
      path,
      total: mounted?.size ?? 0,
      draining,
      damaged,
      lastError: damaged ? fleet.clock.now : 0,
      scannedAt: fleet.clock.now + SCAN,
    };
  });
}
