import { z } from 'zod';
import type { Network } from '../read/state.js';
import { escapeXml } from '../read/xml.js';
import { nameSchema } from './things.js';

const ipv4 = z.ipv4();

/** A network as data: its definition is made from it, and what is there is held against it. */
export const networkSchema = z.strictObject({
  name: nameSchema,
  /** A name of an interface: 15 characters at most (IFNAMSIZ). */
  bridge: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,14}$/, 'it must be a name of 15 characters at most'),
  address: ipv4,
  prefix: z.int().min(8).max(30),
  /** `isolated`: to its guests and the host alone. */
  forward: z.enum(['isolated', 'nat']),
  dhcp: z.strictObject({ from: ipv4, to: ipv4 }).nullable(),
});

/** A network as data. */
export type NetworkDefinition = z.infer<typeof networkSchema>;

/**
 * The definition. A network that gives no addresses away gets no name server either, so that nothing
 * has to listen on it (dnsmasq need not be there). libvirt makes up UUID and MAC.
 */
export function networkXml(network: NetworkDefinition): string {
  const { name, bridge, address, prefix, forward, dhcp } = network;
  const ip = `<ip address='${escapeXml(address)}' prefix='${prefix}'`;
  return [
    '<network>',
    `  <name>${escapeXml(name)}</name>`,
    ...(forward === 'nat' ? ["  <forward mode='nat'/>"] : []),
    `  <bridge name='${escapeXml(bridge)}' stp='on' delay='0'/>`,
    ...(dhcp ? [] : ["  <dns enable='no'/>"]),
    ...(dhcp
      ? [
          `  ${ip}>`,
          '    <dhcp>',
          `      <range start='${escapeXml(dhcp.from)}' end='${escapeXml(dhcp.to)}'/>`,
          '    </dhcp>',
          '  </ip>',
        ]
      : [`  ${ip}/>`]),
    '</network>',
    '',
  ].join('\n');
}

/** In what a network that is there differs from what it is to be; undefined: in nothing. */
export function difference(
  there: Pick<Network, 'bridge' | 'forward' | 'addresses'>,
  wanted: NetworkDefinition,
): string | undefined {
  const [first, ...more] = there.addresses;
  const pairs = [
    ['bridge', there.bridge, wanted.bridge],
    ['leading', there.forward, wanted.forward],
    [
      'address',
      first ? `${first.address}/${first.prefix}` : 'none',
      `${wanted.address}/${wanted.prefix}`,
    ],
    ['DHCP', rangeText(first?.dhcp), rangeText(wanted.dhcp ?? undefined)],
    ['further addresses', String(more.length), '0'],
  ] as const;
  const found = pairs.find(([, is, should]) => is !== should);
  return found && `${found[0]} ${found[1]} instead of ${found[2]}`;
}

function rangeText(dhcp: { readonly from: string; readonly to: string } | undefined): string {
  return dhcp ? `${dhcp.from} to ${dhcp.to}` : 'none';
}
