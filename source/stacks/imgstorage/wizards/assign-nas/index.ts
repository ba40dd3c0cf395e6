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
  vm: name,
  nas: name,
  zpool: name,
  start: z.boolean().default(true),
});

/** The answers, whole. */
export type AssignAnswers = z.infer<typeof answersSchema>;

/** A virtual machine gets its disk on a NAS, and is followed through its first start. */
export const assignNasSpec: WizardSpec<Found, AssignAnswers> = {
  id: 'imgstorage.assign-nas',
  title: 'Disk of a virtual machine on a NAS',
  says: 'Gives a virtual machine of a Rocks cluster a NAS and a pool, starts it, and follows the nine stages of its boot workflow.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const assignNas = defineWizard(assignNasSpec);
