import { z } from 'zod';
import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { look, type Found } from '../found.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,100}$/, 'a name of letters and digits');

/** What the wizard is told. */
export const answersSchema = z.strictObject({
  nas: name,
  pools: z.array(name).min(1),
  containers: z.array(name).default([]),
  copies: z.boolean().default(true),
  containerPool: z.union([name, z.literal('')]).default(''),
  network: z
    .union([name, z.literal('')])
    .default('')
    .describe('A network of Rocks for iSCSI and copies; empty: left as it is'),
});

/** The answers, whole. */
export type PrepareAnswers = z.infer<typeof answersSchema>;

/** A NAS and its containers are made ready for images. */
export const prepareNasSpec: WizardSpec<Found, PrepareAnswers> = {
  id: 'imgstorage.prepare-nas',
  title: 'NAS for virtual disks',
  says: 'Makes a NAS and its VM containers of a Rocks cluster ready for images: permissions, services, attributes.',
  next: 'a virtual machine with its disk on this NAS (imgstorage.assign-nas).',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const prepareNas = defineWizard(prepareNasSpec);
