import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { look, type Found } from '../found.js';
import { answersSchema, type AssignAnswers } from './answers.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

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
