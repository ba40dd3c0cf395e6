import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type LocalVolumeAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** From a volume group with room to a file system that is mounted now and at every start. */
export const localVolumeSpec: WizardSpec<Found, LocalVolumeAnswers> = {
  id: 'disks.local-volume',
  title: 'Local volume',
  says: 'Makes a logical volume with a file system on one host, and mounts it for good.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const localVolume = defineWizard(localVolumeSpec);
