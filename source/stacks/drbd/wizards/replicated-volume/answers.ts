import { z } from 'zod';
import { lvmName } from '../../../../steps/logical-volume/volume.js';
import { resourceName } from '../../steps/side.js';

/** What both DRBD and LVM take for a name. */
const name = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,59}$/, 'letters, digits, _ . and - only')
  .pipe(resourceName)
  .pipe(lvmName);

const address = z.ipv4('it must be an IPv4 address');
const disk = z
  .string()
  .regex(/^(?:new:[^/]+|lv:[^/]+\/.+)$/, 'it must be `new:GROUP` or `lv:GROUP/VOLUME`');

const zeroPolicies = [
  'disconnect',
  'discard-zero-changes',
  'discard-younger-primary',
  'discard-older-primary',
  'discard-least-changes',
] as const;
const onePolicies = [
  'disconnect',
  'consensus',
  'discard-secondary',
  'call-pri-lost-after-sb',
] as const;
const twoPolicies = ['disconnect', 'call-pri-lost-after-sb'] as const;

/** How the sides of a resource speak to each other and what they do on their own. */
const settings = z.strictObject({
  protocol: z.enum(['A', 'B', 'C']).default('C'),
  dualPrimary: z.boolean().default(false),
  afterSplitBrain0: z.enum(zeroPolicies).default('discard-zero-changes'),
  afterSplitBrain1: z.enum(onePolicies).default('consensus'),
  afterSplitBrain2: z.enum(twoPolicies).default('disconnect'),
  fencing: z.enum(['none', 'resource-only', 'resource-and-stonith']).default('none'),
  fenceHandler: z
    .string()
    .regex(/^(?:\/[^\s"\\;{}#]+)?$/, 'it must be the path of a program')
    .default(''),
  notify: z
    .string()
    .regex(/^[A-Za-z0-9_.@+-]*$/, 'it must be a mail address or a user')
    .default('root'),
  secret: z.enum(['none', 'make', 'ask']).default('make'),
});

/** How the sides of a resource speak to each other and what they do on their own. */
export type Settings = z.infer<typeof settings>;

const host = z.string().min(1);
const size = z.number().positive();
const metadata = z.enum(['internal', 'external']).default('internal');

/** What the wizard is told, by the way that is chosen. */
export const answersSchema = z.discriminatedUnion('way', [
  settings.extend({
    way: z.literal('both'),
    ...{ name, first: host, second: host, firstDisk: disk, secondDisk: disk },
    ...{ size: size.optional(), metadata, firstAddress: address, secondAddress: address },
  }),
  settings.extend({
    way: z.literal('first'),
    ...{ name, first: host, firstDisk: disk, size: size.optional(), metadata },
    firstAddress: address,
    peerName: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, 'it must be what `uname -n` says there'),
    peerAddress: address,
    peerDisk: z.string().regex(/^\/dev\/[\w./+-]+$/, 'it must be the path of a device'),
  }),
  z.strictObject({ way: z.literal('joins'), first: host, second: host, resource: resourceName }),
  settings.extend({
    way: z.literal('existing'),
    ...{ name, first: host, second: host, firstDisk: disk, secondDisk: disk },
    ...{ metadata, firstAddress: address, secondAddress: address },
  }),
]);

/** The answers, whole. */
export type ReplicatedAnswers = z.infer<typeof answersSchema>;
/** The answers of the ways in which a new resource is made. */
export type NewResource = Exclude<ReplicatedAnswers, { readonly way: 'joins' }>;
export type Joining = Extract<ReplicatedAnswers, { readonly way: 'joins' }>;

/** The choices of the policies, for the questions. */
export const policies = { zero: zeroPolicies, one: onePolicies, two: twoPolicies };
