import { z } from 'zod';
import type { Reader } from '../core/host.js';
import { defineStep, type Verdict } from '../core/step.js';
import { bytes } from '../core/units.js';
import { lookAtDevice } from '../tools/device.js';
import { inUse } from '../tools/disk-gate.js';

const paramsSchema = z.strictObject({
  /** A device that another host is about to write on. */
  device: z.string().regex(/^\/dev\/[\w./:@+=,#-]+$/, 'no path of a device'),
  sizeBytes: z.number().positive(),
});

/** The parameters of `disk.see-unused`. */
export type SeeUnused = z.infer<typeof paramsSchema>;

/**
 * Sees that a host does not use a device which another host shares and is about to overwrite, and that
 * it is of the size that was reviewed. It stops the run where somebody does, and says who.
 */
export const seeUnused = defineStep<SeeUnused>({
  id: 'disk.see-unused',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ device }) => ({ title: 'see that it is not in use here', on: device }),
  preview: ({ device, sizeBytes }) => ({
    kind: 'looks',
    lines: [`${device}: no mount, no holder, no process; ${bytes(sizeBytes)}`],
  }),
  check,
  commands: () => [],
  undo: () => ({ kind: 'nothing' }),
});

async function check(host: Reader, { device: path, sizeBytes }: SeeUnused): Promise<Verdict> {
  const look = await lookAtDevice(host, path);
  if (!look.ok) return { kind: 'refused', because: look.because };
  const used = inUse(look.tree, look.device);
  if (used !== undefined) return { kind: 'refused', because: `${path} of ${host.name}: ${used}` };
  return look.device.sizeBytes === sizeBytes
    ? { kind: 'done' }
    : {
        kind: 'refused',
        because: `${path} of ${host.name} has ${bytes(look.device.sizeBytes)}, not ${bytes(sizeBytes)}`,
      };
}
