import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type ReplicatedAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** From volume groups on two nodes to a DRBD resource that is Primary and in sync. */
export const replicatedVolumeSpec: WizardSpec<Found, ReplicatedAnswers> = {
  id: 'drbd.replicated-volume',
  title: 'Replicated volume',
  says: 'Makes a DRBD resource: volumes of one size on two nodes, its configuration, and its first data.',
  next: 'what stands on it: an OCFS2 cluster where both nodes use it, or a file system on one of them.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const replicatedVolume = defineWizard(replicatedVolumeSpec);
