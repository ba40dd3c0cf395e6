import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type SrAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** A folder that all hosts of a pool share becomes a storage repository of it. */
export const storageRepositorySpec: WizardSpec<Found, SrAnswers> = {
  id: 'xapi.storage-repository',
  title: 'Storage repository in a shared folder',
  says: 'Introduces a repository, new or existing, and attaches it on every host of the pool.',
  next: 'the boot hook, so that it comes back after a restart.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const storageRepository = defineWizard(storageRepositorySpec);
