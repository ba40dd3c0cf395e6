import { hasMetadata } from '../../fleet/drbd/disk.js';
import { bringUp as up } from '../../fleet/drbd/up.js';
import { hasAddress } from '../../fleet/nics.js';
import { failed, joined, printed, type Ran } from '../program.js';
import { settingsFor } from './conf/resource.js';
import type { Asked } from './asked.js';
import { CHANGES, unallocated } from './kernel.js';
import { besidesDefaults } from './resource-config.js';

/** The kernel is told a command, as drbdsetup would; how it ended in drbdadm's words. */
export function told(
  asked: Asked,
  command: string,
  change: (typeof CHANGES)[string] | undefined,
): Ran {
  const { call, local, options, dryRun } = asked;
  const line = setupLine(asked, command);
  if (dryRun) return printed(`${line}\n`);
  if (command === 'attach' && !hasMetadata(call.fleet, local.self)) {
    return failed(1, 'No valid meta data found\n');
  }
  const bare = failed(10, withoutDevice(asked, command));
  if (command === 'connect' && local.self.up) takeOptions(asked);
  const ran = local.self.up && change ? change(call, local, options) : bare;
  if (ran.exit === 0) return ran;
  return failed(ran.exit, `${ran.stderr}Command '${line}' terminated with exit code ${ran.exit}\n`);
}

/** What the kernel says of what is not up: of a connection otherwise than of a device. */
function withoutDevice({ local: { resource } }: Asked, command: string): string {
  const more = 'additional info from kernel:\n';
  if (command === 'disconnect') {
    return `??: Failure: (162) Invalid configuration request\n${more}unknown connection\n`;
  }
  return command === 'connect'
    ? `${resource.name}: Failure: (158) Unknown resource\n${more}unknown resource\n`
    : unallocated(resource.minor);
}

/** `drbdadm up`: over what is up already it ends with 1, as without metadata. */
export function bringUp(asked: Asked): Ran {
  const { call, local, own, dryRun } = asked;
  const { resource, self } = local;
  const { fleet, machine } = call;
  const { backing, metadata, address } = self.settings;
  const line = `drbdmeta ${resource.minor} v08 ${backing} ${metadata} apply-al`;
  if (dryRun) {
    return joined(
      ['new-resource', 'new-minor', 'attach', 'connect'].map((command) => {
        return printed(`${setupLine(asked, command)}\n`);
      }),
    );
  }
  if (self.up) {
    const says = `Device '${resource.minor}' is configured!\n`;
    return failed(1, `${says}Command '${line}' terminated with exit code 20\n`);
  }
  if (!hasAddress(machine, address)) {
    return failed(10, `IP ${own.address} not found on this host.\n`);
  }
  if (!hasMetadata(fleet, self)) return failed(1, 'No valid meta data found\n');
  up(fleet, resource, self);
  return printed('');
}

/** `drbdadm adjust`: whatever lacks for the files to hold; a side that stands alone connects. */
export function adjust(asked: Asked): Ran {
  const { self } = asked.local;
  if (!self.up) return bringUp(asked);
  const steps = [
    ...(self.disk === 'Diskless' ? ['attach'] : []),
    ...(self.connection === 'StandAlone' ? ['connect'] : differing(asked)),
  ];
  const runs = steps.map((command) => {
    const isOptions = command.endsWith('-options');
    if (isOptions && !asked.dryRun) takeOptions(asked);
    return isOptions && !asked.dryRun ? printed('') : told(asked, command, CHANGES[command]);
  });
  return joined(runs);
}

/** What the kernel has otherwise than the file: its peer, or its options. */
function differing({ conf, call, local: { self } }: Asked): readonly string[] {
  const wanted = settingsFor(conf, call.machine.name);
  if (wanted && wanted.peer !== self.settings.peer) return ['disconnect', 'connect'];
  const same = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
    JSON.stringify([...besidesDefaults(a)].toSorted()) ===
    JSON.stringify([...besidesDefaults(b)].toSorted());
  if (!wanted) return [];
  return [
    ...(same(wanted.net, self.settings.net) ? [] : ['net-options']),
    ...(same(wanted.disk, self.settings.disk) ? [] : ['disk-options']),
  ];
}

/** The kernel is told the peer and the options of the file as it is now. */
function takeOptions({ conf, call, local: { self } }: Asked): void {
  const wanted = settingsFor(conf, call.machine.name);
  if (!wanted) return;
  const { net, disk, peer, address, port } = wanted;
  self.settings = { ...self.settings, net, disk, peer, address, port };
}

/** The call of drbdsetup that a command of drbdadm comes down to. */
function setupLine({ conf, call, local, options }: Asked, command: string): string {
  const { resource, self } = local;
  const wanted = settingsFor(conf, call.machine.name) ?? self.settings;
  const { backing, metadata } = wanted;
  // The kernel lets go of the peer that it has.
  const { address, peer, port } = command === 'disconnect' && self.up ? self.settings : wanted;
  const net = settingsFor(conf, call.machine.name)?.net ?? self.settings.net;
  const ends = `ipv4:${address}:${port} ipv4:${peer}:${port}`;
  const more = options.map((option) => ` ${option}`).join('');
  switch (command) {
    case 'connect': {
      const set = [...net].map(([key, value]) => ` --${key}=${value}`).join('');
      return `drbdsetup-84 connect ${resource.name} ${ends}${set}${more}`;
    }
    case 'disconnect':
      return `drbdsetup-84 disconnect ${ends}${more}`;
    case 'net-options':
      return `drbdsetup-84 net-options ${ends}${more}`;
    case 'down':
    case 'new-resource':
      return `drbdsetup-84 ${command} ${resource.name}`;
    case 'new-minor':
      return `drbdsetup-84 new-minor ${resource.name} ${resource.minor} 0`;
    case 'attach':
      return `drbdsetup-84 attach ${resource.minor} ${backing} ${metadata === 'internal' ? backing : metadata} ${metadata}`;
    default:
      return `drbdsetup-84 ${command} ${resource.minor}${more}`;
  }
}
