import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type InstallAnswers } from './answers.js';
import { look, type FoundHost } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** Packages get onto hosts, each with its roles. */
export const installSpec: WizardSpec<readonly FoundHost[], InstallAnswers> = {
  id: 'lizardfs.install',
  title: 'Install LizardFS',
  says: 'Installs clients, chunkservers, masters and tools of LizardFS, SaunaFS or MooseFS.',
  next: 'the master and its shadows, the name by which all find them, and disks for the chunkservers.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const install = defineWizard(installSpec);
