import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type NetworkAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** A network card of each host for the cluster alone. */
export const clusterNetworkSpec: WizardSpec<Found, NetworkAnswers> = {
  id: 'drbd.cluster-network',
  title: 'Cluster network',
  says: 'Gives a card of each host to the cluster: a name that stays, an address, and entries in /etc/hosts.',
  next: 'a replicated volume over these addresses.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const clusterNetwork = defineWizard(clusterNetworkSpec);
