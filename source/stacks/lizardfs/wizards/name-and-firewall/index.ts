import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type NameAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** Every host finds the master by its name, and gets through to what is served. */
export const nameAndFirewallSpec: WizardSpec<Found, NameAnswers> = {
  id: 'lizardfs.name-and-firewall',
  title: 'Name and firewall for LizardFS',
  says: 'Makes the master known by its name on every host, and opens the ports of what they serve.',
  next: 'disks for the chunkservers; then the mounts.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const nameAndFirewall = defineWizard(nameAndFirewallSpec);
