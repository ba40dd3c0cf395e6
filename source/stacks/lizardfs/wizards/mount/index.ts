import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type MountAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** The file system is mounted on hosts, for good, with a folder of a goal in it. */
export const mountSpec: WizardSpec<Found, MountAnswers> = {
  id: 'lizardfs.mount',
  title: 'Mount LizardFS',
  says: 'Mounts the file system on hosts for good, makes a folder with a goal in it, and tries it.',
  next: 'what stands on it: a storage repository, a Proxmox storage, or a mount for each guest.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const mountWizard = defineWizard(mountSpec);
