import { z } from 'zod';
import { cidrOf, type Cidr } from '../../../../tools/ipv4.js';

const rowSchema = z.strictObject({
  host: z.string().min(1),
  /** `192.168.3.6/24` */
  address: z.string().refine((text) => interfaceAddress(text) !== undefined, {
    message: 'it must be an IPv4 address with its prefix, such as 192.168.3.6/24',
  }),
});

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  nics: z
    .array(z.string().min(1))
    .min(1, 'choose one of each host')
    .describe('HOST:INTERFACE, one of each host'),
  addresses: z.array(rowSchema).min(1, 'each host needs an address'),
  name: z
    .string()
    .default('')
    .describe('What the interfaces are called from now on; empty: as they are'),
  suffix: z
    .string()
    .regex(/^(?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, 'it must end a host name')
    .default('-cluster')
    .describe('Behind the name of a host: its name on this network; empty: no entry is made'),
});

/** The answers, whole. */
export type NetworkAnswers = z.infer<typeof answersSchema>;

/** Reads `192.168.3.6/24`; undefined: it is none that an interface can have. */
export function interfaceAddress(text: string): Cidr | undefined {
  const cidr = cidrOf(text);
  if (!cidr || cidr.bits < 8 || cidr.bits > 31) return undefined;
  const { bits, value, network } = cidr;
  // A network of two has no address of its own and none for all (RFC 3021).
  if (bits < 31 && (value === network.first || value === network.last)) return undefined;
  const first = Math.floor(value / 2 ** 24);
  return first === 0 || first === 127 || first >= 224 ? undefined : cidr;
}
