import { stopChunkserver } from '../../fleet/daemons.js';
import { softwareOf } from '../../fleet/software.js';
import type { ChunkDisk } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

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
      return printed('reload signal has been sent\n');
    case 'start':
    case 'restart':
      stopChunkserver(fleet, machine.name, false);
      server.disks = await listedDisks(call, server.disks);
      return printed('mfschunkserver daemon initialized properly\n');
    default:
      return failed(1, `mfschunkserver: unknown action ${action}\n`);
  }
}

/** A chunkserver whose package was installed is known from its first start. */
function serverOf({ fleet, machine, args }: Call) {
  const { chunkservers } = fleet.lizardfs;
  const known = chunkservers.find((one) => one.machine === machine.name);
  if (known || !machine.packages.has('lizardfs-chunkserver') || !args.includes('start'))
    return known;
  const fresh = { machine: machine.name, label: '_', running: false, connected: false, disks: [] };
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
  const paths = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `${line.replace(/^\*/, '').replace(/\/+$/, '')}/`);
  return paths.map((path, index) => {
    const known = before.find((disk) => disk.path === path);
    if (known) return known;
    const folder = path.slice(0, -1);
    const mounted = machine.mounts.find(({ target }) => target === folder);
    const writable = files?.ownerOf(folder) === `${user}:${user}`;
    return {
      id: `${machine.name}:${index}`,
      path,
      total: mounted?.size ?? 0,
      damaged: !mounted || !writable,
      lastError: fleet.clock.now,
      scannedAt: fleet.clock.now + SCAN,
    };
  });
}
