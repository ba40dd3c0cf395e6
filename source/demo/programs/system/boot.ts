import type { Call } from '../program.js';
import { fstabRows } from './mounts.js';
import { nameCards } from './udev.js';
import { PLAYED } from './systemctl.js';

/** Where rules are kept for the next boot, and what loads them. */
const FIREWALLS = [
  ['/etc/sysconfig/iptables', ['service', 'iptables', 'start']],
  ['/etc/nftables.conf', ['nft', '-f', '/etc/nftables.conf']],
] as const;

/** What systemd does when a machine comes up, one after the other. */
export async function boot(call: Call): Promise<void> {
  const { machine } = call;
  const { bootId } = machine;
  await nameCards(call);
  for (const argv of await bootCommands(call)) {
    // It may go down again meanwhile.
    if (machine.bootId !== bootId || machine.reach === 'dead') return;
    await call.run?.(argv);
  }
}

async function bootCommands(call: Call): Promise<readonly (readonly string[])[]> {
  const { machine, files } = call;
  const targets = (await fstabRows(call)).filter(({ target, options }) => {
    const words = options.split(',');
    return target !== '/' && !words.includes('noauto') && !isTooEarly(call, words);
  });
  const rules = await Promise.all(
    FIREWALLS.map(async ([path, argv]) => ((await files?.read(path)) === undefined ? [] : [argv])),
  );
  return [
    ['sh', '-c', 'rm -rf /run/*; mkdir -p /run/systemd/system'],
    ...(machine.kind === 'kvm' ? [['ifup', '-a']] : []),
    ...rules.flat(),
    ...targets.map(({ target }) => ['mount', '--', target]),
    ...bootOrder([...machine.enabled]).map((unit) => ['systemctl', 'start', unit]),
  ];
}

/**
 * On XenServer and XCP-ng the network is brought up by xcp-networkd, which systemd does not wait for
 * before it mounts what needs it: such a mount is tried once, too early. On others it is not.
 */
function isTooEarly({ machine }: Call, options: readonly string[]): boolean {
  return machine.services.has('xapi') && options.includes('_netdev');
}

/** The daemons, the units of the administrator's own, and then xapi. */
function bootOrder(units: readonly string[]): readonly string[] {
  const rank = (unit: string): number => (unit === 'xapi' ? 2 : PLAYED.includes(unit) ? 0 : 1);
  return units.toSorted((a, b) => rank(a) - rank(b));
}

/** What systemd does before the power goes: the daemons end by themselves. */
export async function shutDown({ machine, run }: Call): Promise<void> {
  for (const unit of bootOrder(PLAYED).toReversed()) {
    if (machine.services.get(unit) === true) await run?.(['systemctl', 'stop', unit]);
  }
}
