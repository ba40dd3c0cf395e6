import { masterAt, metadataServerOn } from '../fleet/metadata-servers.js';
import { softwareOf } from '../fleet/software.js';
import { machineNamed, type Fleet, type Machine } from '../fleet/state.js';

/** Bytes of an address as /proc/net/tcp writes them: the last first. */
function hex(address: string): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return bytes.reverse().join('').toUpperCase();
}

/** The connections to the master, and the files in which a metadata server keeps its changes. */
export function metadataFiles(fleet: Fleet, machine: Machine): [string, string | undefined][] {
  const server = metadataServerOn(fleet, machine.name);
  const files: [string, string | undefined][] = [['/proc/net/tcp', connections(fleet, machine)]];
  if (server) {
    const { data } = softwareOf(machine);
    files.push(
      [`${data}/changelog.mfs`, changes(fleet, server.behind)],
      [`${data}/metadata.mfs.lock`, server.running || server.locked ? '' : undefined],
    );
  }
  return files;
}

/** The newest change: `VERSION: unix time|WHAT`. */
function changes({ lizardfs, clock }: Fleet, behind: number): string {
  const version = lizardfs.metadataVersion - behind - 1;
  const at = Math.floor(clock.now / 1000) - behind;
  return `${version}: ${at}|ACCESS(1)\n`;
}

/** 24CC is the port 9420, to which chunkservers go; 24CB is 9419, for shadows. */
function connections(fleet: Fleet, machine: Machine): string {
  const head =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const chunks = fleet.lizardfs.chunkservers.filter(
    (server) => server.machine === machine.name && server.running,
  );
  const shadows = fleet.lizardfs.metadataServers.filter(
    (server) =>
      server.machine === machine.name && server.running && server.personality === 'shadow',
  );
  const wanted = [
    ...chunks.map(({ master }) => ({ to: master, port: '24CC' })),
    ...shadows.map(({ follows }) => ({ to: follows, port: '24CB' })),
  ].filter(({ to }) => masterAt(fleet, to));
  const own = hex(machineNamed(fleet, machine.name)?.address ?? '0.0.0.0');
  const rows = wanted.map(
    ({ to, port }, index) =>
      `   ${index}: ${own}:${(41_000 + index).toString(16).toUpperCase()} ${hex(to)}:${port} 01 00000000:00000000 00:00000000 00000000     0        0 ${5000 + index} 1\n`,
  );
  return head + rows.join('');
}
