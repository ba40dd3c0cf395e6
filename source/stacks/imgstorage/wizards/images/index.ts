import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { look, type Found } from '../found.js';
import { answersSchema, type ImageAnswers } from './answers.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** An image is mapped to a container by hand, unmapped, or removed for good. */
export const imagesSpec: WizardSpec<Found, ImageAnswers> = {
  id: 'imgstorage.images',
  title: 'Map, unmap or remove an image',
  says: 'Maps an image of a NAS to a VM container, unmaps it and waits until it is back, or removes it for good.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const images = defineWizard(imagesSpec);
