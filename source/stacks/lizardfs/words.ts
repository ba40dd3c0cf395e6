import { FAMILIES, type Family } from './flavour/families.js';

/** How things are called, and what is typed, where one administration tool is at home. */
export interface Words {
  /** As its users write it. */
  readonly title: 'LizardFS' | 'SaunaFS' | 'MooseFS';
  /** The unit of the master: `lizardfs-master`. */
  readonly masterUnit: string;
  /** Lists the files whose chunks are missing. */
  readonly defectiveFiles: string;
  /** Tells how a metadata server stands. */
  readonly standing: string;
  /** Gives a folder and all in it two copies. */
  readonly setGoal: string;
  /** What keeps up with the master's changes: only MooseFS PRO has masters that stand by. */
  readonly standby: 'shadow' | 'metalogger';
}

/** The words that belong to an administration tool; LizardFS's where none is known. */
export function wordsOf(admin: string | undefined): Words {
  switch (admin) {
    case 'mfscli':
      return {
        title: 'MooseFS',
        masterUnit: masterUnit(FAMILIES.moosefs),
        defectiveFiles: 'mfscli -H mfsmaster -SMF',
        standing: 'mfscli -H HOST -SIM',
        setGoal: 'mfssetgoal -r 2 FOLDER',
        standby: 'metalogger',
      };
    case 'saunafs-admin':
      return {
        title: 'SaunaFS',
        masterUnit: masterUnit(FAMILIES.saunafs),
        defectiveFiles: 'saunafs-admin list-defective-files',
        standing: 'saunafs-admin metadataserver-status HOST 9421',
        setGoal: 'saunafs setgoal -r 2 FOLDER',
        standby: 'shadow',
      };
    default:
      return {
        title: 'LizardFS',
        masterUnit: masterUnit(FAMILIES.lizardfs),
        defectiveFiles: 'lizardfs-admin list-defective-files',
        standing: 'lizardfs-admin metadataserver-status HOST 9421',
        setGoal: 'lizardfs setgoal -r 2 FOLDER',
        standby: 'shadow',
      };
  }
}

function masterUnit({ units }: Family): string {
  return units.master ?? '';
}
