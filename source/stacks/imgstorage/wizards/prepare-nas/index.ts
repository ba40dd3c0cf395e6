import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { look, type Found } from '../found.js';
import { answersSchema, type PrepareAnswers } from './answers.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

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
