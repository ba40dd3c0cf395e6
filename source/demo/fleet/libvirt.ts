import type { Machine } from './state.js';

/** A storage pool of a simulated host: a folder. */
export interface SimulatedPool {
  readonly name: string;
  readonly uuid: string;
  readonly path: string;
  active: boolean;
  autostart: boolean;
}

/** A virtual network of a simulated host, with its definition as libvirt prints it. */
export interface SimulatedNetwork {
  readonly name: string;
  readonly uuid: string;
  readonly xml: string;
  active: boolean;
  autostart: boolean;
}

/** What libvirt keeps on a machine beside its guests. */
export interface Libvirt {
  readonly pools: SimulatedPool[];
  readonly networks: SimulatedNetwork[];
}

const kept = new WeakMap<Machine, Libvirt>();

/** The pools and networks of a machine. */
export function libvirtOn(machine: Machine): Libvirt {
  const there = kept.get(machine) ?? first(machine);
  kept.set(machine, there);
  return there;
}

/** A UUID that is the same in each run for the same words. */
export function uuidFor(...words: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of words.join('/')) {
    hash = ((hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  const hex = (hash * 0x9e3779b97f4a7c15n).toString(16).padStart(32, '0').slice(-32);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20)].join('-');
}

/** What the packages bring, and the pool on the replicated file system, started by hand. */
function first(machine: Machine): Libvirt {
  const pool = (name: string, path: string, autostart: boolean): SimulatedPool => {
    return { name, uuid: uuidFor(machine.name, 'pool', name), path, active: true, autostart };
  };
  const uuid = uuidFor(machine.name, 'network', 'default');
  const has = machine.firstMounts.some(({ target }) => target === '/srv/vms');
  const vms = has ? [pool('vms', '/srv/vms', false)] : [];
  return {
    pools: [pool('default', '/var/lib/libvirt/images', true), ...vms],
    networks: [{ name: 'default', uuid, active: true, autostart: true, xml: defaultNetwork(uuid) }],
  };
}

function defaultNetwork(uuid: string): string {
  return `<network>
  <name>default</name>
  <uuid>${uuid}</uuid>
  <forward mode='nat'>
    <nat>
      <port start='1024' end='65535'/>
    </nat>
  </forward>
  <bridge name='virbr0' stp='on' delay='0'/>
  <mac address='52:54:00:ab:3b:0e'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.122.2' end='192.168.122.254'/>
    </dhcp>
  </ip>
</network>
`;
}
