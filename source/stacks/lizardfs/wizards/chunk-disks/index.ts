import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { answersSchema, type ChunkDiskAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';
import { questions } from './questions.js';

/** Blank disks become disks of a chunkserver. */
export const chunkDisksSpec: WizardSpec<Found, ChunkDiskAnswers> = {
  id: 'lizardfs.chunk-disks',
  title: 'Chunk disks for LizardFS',
  says: 'Makes file systems on disks, mounts them for good and gives them to the chunkservers.',
  next: 'the mounts, once the chunkservers show their space.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const chunkDisks = defineWizard(chunkDisksSpec);
