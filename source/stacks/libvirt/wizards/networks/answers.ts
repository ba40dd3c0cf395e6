import { z } from 'zod';
import { networkSchema } from '../../steps/network-definition.js';

const { name, bridge, address, prefix, forward } = networkSchema.shape;

/** The answers of `libvirt.networks`. */
export const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1, 'choose at least one host'),
  name,
  address,
  prefix,
  forward,
  bridge,
  dhcp: z.boolean().default(false),
  from: z.ipv4().optional(),
  to: z.ipv4().optional(),
  autostart: z.boolean().default(true),
  dropDefault: z.boolean().default(false),
});

export type NetworkAnswers = z.infer<typeof answersSchema>;
