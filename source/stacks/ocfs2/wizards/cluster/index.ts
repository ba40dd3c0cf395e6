import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type ClusterAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** From hosts that share a device to a file system that all of them have mounted. */
export const clusterSpec: WizardSpec<Found, ClusterAnswers> = {
  id: 'ocfs2.cluster',
  title: 'OCFS2 cluster and file system',
  says: 'Makes hosts the nodes of an OCFS2 cluster, makes a file system on a device that they share, mounts it on all, and tries it.',
  next: 'what uses it: NFS exports, or a libvirt pool in it.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const clusterWizard = defineWizard(clusterSpec);
