import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { lookAtHost, type KvmHost } from '../hosts.js';
import { answersSchema, type PoolsAnswers } from './answers.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** Folders of mounted file systems become storage pools. */
export const poolsSpec: WizardSpec<readonly KvmHost[], PoolsAnswers> = {
  id: 'libvirt.pools',
  title: 'Storage pools of libvirt',
  says: 'Makes folders of mounted file systems storage pools, the same on every host, and starts at boot only those whose storage is there then.',
  answers: answersSchema,
  look: (hosts) => Promise.all(hosts.map((host) => lookAtHost(host, 'pool-dumpxml'))),
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const pools = defineWizard(poolsSpec);
