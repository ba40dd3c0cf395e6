import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type NetworkAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** A virtual network, the same on every host. */
export const networksSpec: WizardSpec<Found, NetworkAnswers> = {
  id: 'libvirt.networks',
  title: 'A virtual network of libvirt',
  says: 'Makes a network for guests with the same address on every host, so that each guest reaches the storage of the host it runs on.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const networks = defineWizard(networksSpec);
