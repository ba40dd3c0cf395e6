import { iniValue, parseIni } from '../../files/ini.js';
import { interfaceAddresses, parseInterfaces, withStaticAddress } from '../../files/interfaces.js';
import type { Keeper, Network } from './look.js';
import { fileEdit, NOTHING, type Part } from './part.js';

const INTERFACES = '/etc/network/interfaces';

/** The steps after which an interface has its address at every boot, by whoever keeps the host's. */
export function keptAddress(network: Network, name: string, cidr: string): Part {
  const { keeper } = network;
  if (keeper === undefined) {
    const refused =
      'nobody is known here who gives the interfaces their addresses at boot (netplan, NetworkManager, systemd-networkd or ifupdown)';
    return { refused };
  }
  const keep: Record<Keeper, typeof byIfupdown> = {
    ifupdown: byIfupdown,
    netplan: byNetplan,
    networkd: byNetworkd,
    NetworkManager: byNetworkManager,
  };
  return keep[keeper](network, name, cidr);
}

function byIfupdown({ texts }: Network, name: string, cidr: string): Part {
  const mine = [...texts].filter(([path]) => path.startsWith(INTERFACES));
  for (const [path, text] of mine) {
    const file = parseInterfaces(text);
    if (!file.stanzas.some((stanza) => stanza.name === name)) continue;
    const has = interfaceAddresses(file, name);
    if (has.includes(cidr)) return notAtBoot(mine, path, name);
    const says = has.length > 0 ? has.join(' and ') : 'no address of its own';
    return { refused: `${path} says otherwise of ${name}: ${says}` };
  }
  const after = withStaticAddress(texts.get(INTERFACES) ?? '', name, cidr);
  // Of the whole file, not of this interface: what undo puts back is looked at the same way.
  return {
    steps: fileEdit(texts, INTERFACES, after, { checker: ['ifquery', '-i', '{}', '--list'] }),
    warnings: [],
  };
}

/** An address that stands there already, but is not taken at boot, is left to a person. */
function notAtBoot(
  files: readonly (readonly [string, string])[],
  path: string,
  name: string,
): Part {
  if (files.some(([, text]) => parseInterfaces(text).auto.includes(name))) return NOTHING;
  return {
    steps: [],
    warnings: [`${path} has ${name}, but no \`auto ${name}\`: it is down after a boot`],
  };
}

/** A file of its own: netplan reads all of the folder, and puts those of one interface together. */
function byNetplan({ texts }: Network, name: string, cidr: string): Part {
  const text = [
    'network:',
    '  version: 2',
    '  ethernets:',
    `    ${name}:`,
    '      dhcp4: false',
    `      addresses: [${JSON.stringify(cidr)}]`,
    '',
  ].join('\n');
  // It reads only whole folders, so that the new file is looked at among copies of the others.
  const look =
    'd=$(mktemp -d) && mkdir -p "$d/etc/netplan" && cp /etc/netplan/*.yaml "$d/etc/netplan" && cp "$1" "$d/etc/netplan/$2" && chmod 600 "$d"/etc/netplan/*; netplan generate --root-dir "$d"; r=$?; rm -rf "$d"; exit $r';
  const file = `90-${name}.yaml`;
  return {
    steps: fileEdit(texts, `/etc/netplan/${file}`, text, {
      mode: '600',
      checker: ['sh', '-c', look, 'sh', '{}', file],
    }),
    warnings: [],
  };
}

function byNetworkd({ texts }: Network, name: string, cidr: string): Part {
  const path = `/etc/systemd/network/20-${name}.network`;
  for (const [other, text] of texts) {
    if (!other.endsWith('.network') || other === path) continue;
    const file = parseIni(text);
    if ((iniValue(file, 'Match', 'Name') ?? '').split(/\s+/).includes(name)) {
      return { refused: `${other} is about ${name} already` };
    }
  }
  const text = [
    ...['[Match]', `Name=${name}`, ''],
    ...['[Link]', 'RequiredForOnline=no', ''],
    ...['[Network]', `Address=${cidr}`, 'LinkLocalAddressing=no', 'IPv6AcceptRA=no', ''],
  ].join('\n');
  return { steps: fileEdit(texts, path, text), warnings: [] };
}

/** A keyfile (nm-settings-keyfile(5)): NetworkManager reads it only if nobody else can. */
function byNetworkManager({ texts }: Network, name: string, cidr: string): Part {
  const path = `/etc/NetworkManager/system-connections/${name}.nmconnection`;
  const text = [
    ...['[connection]', `id=${name}`, 'type=ethernet', `interface-name=${name}`, ''],
    ...['[ipv4]', `address1=${cidr}`, 'method=manual', 'never-default=true', ''],
    ...['[ipv6]', 'method=disabled', ''],
  ].join('\n');
  const edit = fileEdit(texts, path, text, { mode: '600' });
  if (edit.length === 0) return NOTHING;
  const look = 'nmcli -t -f NAME connection show | grep -qx -- "$1" && echo known';
  return {
    steps: [
      ...edit,
      {
        kind: 'command.run',
        params: {
          title: 'tell NetworkManager',
          on: path,
          argv: ['nmcli', 'connection', 'load', path],
          effect: 'changes',
          shows: { argv: ['sh', '-c', look, 'sh', name], expect: 'known' },
          undo: {
            says: `NetworkManager forgets ${name}`,
            argv: ['nmcli', 'connection', 'delete', name],
          },
        },
      },
    ],
    warnings: [],
  };
}
