import { z } from 'zod';

const CIDR = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/;

const rowSchema = z.strictObject({
  host: z.string().min(1),
  /** `192.168.3.6/24` */
  address: z.string().refine((text) => cidrOf(text) !== undefined, {
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

/** An address with the network that it is in, as numbers. */
export interface Cidr {
  readonly address: string;
  readonly bits: number;
  /** The first address of the network. */
  readonly network: number;
  /** The last one. */
  readonly broadcast: number;
  readonly value: number;
}

/** Reads `192.168.3.6/24`; undefined: it is none that an interface can have. */
export function cidrOf(text: string): Cidr | undefined {
  const [, address = '', prefix = ''] = CIDR.exec(text) ?? [];
  const parts = address.split('.').map(Number);
  const bits = Number(prefix);
  if (parts.length !== 4 || parts.some((part) => part > 255) || bits < 8 || bits > 31) {
    return undefined;
  }
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - bits);
  const network = Math.floor(value / size) * size;
  const broadcast = network + size - 1;
  // A network of two has no address of its own and none for all (RFC 3021).
  if (bits < 31 && (value === network || value === broadcast)) return undefined;
  const [first = 0] = parts;
  if (first === 0 || first === 127 || first >= 224) return undefined;
  return { address, bits, network, broadcast, value };
}

/** Whether two networks have an address in common. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return a.network <= b.broadcast && b.network <= a.broadcast;
}
