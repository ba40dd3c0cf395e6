import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type MasterAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** One master, and shadows that follow it. */
export const mastersSpec: WizardSpec<Found, MasterAnswers> = {
  id: 'lizardfs.masters',
  title: 'Master and shadows of LizardFS',
  says: 'Configures and starts one master and its shadows, and sees that they agree.',
  next: 'the name by which all hosts find the master, and the ports in their firewalls.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const masters = defineWizard(mastersSpec);
