import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type ExportsAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** The table of what hosts export becomes what they export. */
export const exportsSpec: WizardSpec<Found, ExportsAnswers> = {
  id: 'nfs.exports',
  title: 'NFS exports',
  says: 'Shows what hosts export as a table, and makes them export what the table then says.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const exportsWizard = defineWizard(exportsSpec);
