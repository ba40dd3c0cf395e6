import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type HookAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** What a repository stands on is mounted at boot before the pool attaches it. */
export const bootHookSpec: WizardSpec<Found, HookAnswers> = {
  id: 'xapi.boot-hook',
  title: 'Boot hook of a storage repository',
  says: 'Mounts what a repository stands on before the pool attaches it, on every host at each boot.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const bootHook = defineWizard(bootHookSpec);
