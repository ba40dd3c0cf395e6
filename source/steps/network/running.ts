import type { Nic } from './look.js';
import type { Making } from './part.js';

/**
 * Gives a card another name now. Only an interface that is down can be renamed (ip-link(8)), so whoever
 * uses it loses it for a moment: it is done only to one that has no address.
 */
export function renameNow(nic: Nic, name: string): Making {
  const back =
    'if [ -e "/sys/class/net/$2" ] && [ ! -e "/sys/class/net/$1" ]; then ip link set dev "$2" down && ip link set dev "$2" name "$1" && ip link set dev "$1" "$3"; fi';
  return {
    kind: 'host.guarded-change',
    params: {
      title: `call it ${name}`,
      on: `${nic.name} (${nic.mac})`,
      commands: [
        { argv: ['ip', 'link', 'set', 'dev', nic.name, 'down'] },
        { argv: ['ip', 'link', 'set', 'dev', nic.name, 'name', name] },
        { argv: ['ip', 'link', 'set', 'dev', name, 'up'] },
      ],
      shows: { argv: ['cat', `/sys/class/net/${name}/address`], expect: nic.mac },
      undo: {
        says: `call it ${nic.name} again`,
        argv: ['sh', '-c', back, 'sh', nic.name, name, nic.up ? 'up' : 'down'],
      },
    },
  };
}

/** Gives an interface an address now, beside those that it has. */
export function addAddressNow(nic: Nic, name: string, cidr: string): Making {
  const look = 'ip -o -4 addr show dev "$1" up | grep -q "inet $2 " && echo there';
  const back =
    'ip addr del "$2" dev "$1" 2>/dev/null; if [ "$3" = down ]; then ip link set dev "$1" down; fi; true';
  return {
    kind: 'host.guarded-change',
    params: {
      title: `give it ${cidr}`,
      on: name,
      commands: [
        { argv: ['ip', 'link', 'set', 'dev', name, 'up'] },
        { argv: ['ip', 'addr', 'replace', cidr, 'dev', name] },
      ],
      shows: { argv: ['sh', '-c', look, 'sh', name, cidr], expect: 'there' },
      undo: {
        says: `take ${cidr} off it again`,
        argv: ['sh', '-c', back, 'sh', name, cidr, nic.up || name !== nic.name ? 'up' : 'down'],
      },
    },
  };
}

/** Sees that other hosts answer at their addresses, through this interface. */
export function seePeers(name: string, peers: readonly string[]): Making {
  const look =
    'n=$1; shift; for p in "$@"; do ping -n -c 3 -W 2 -I "$n" "$p" >/dev/null || { echo "$p is silent"; exit; }; done; echo answered';
  return {
    kind: 'look.confirm',
    params: {
      title: 'see that the others answer',
      on: name,
      shows: { argv: ['sh', '-c', look, 'sh', name, ...peers], expect: 'answered' },
    },
  };
}
