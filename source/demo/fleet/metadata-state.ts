/** A master or shadow of LizardFS. */
export interface MetadataServer {
  readonly machine: string;
  personality: 'master' | 'shadow';
  running: boolean;
  /** How many of the newest changes it has not seen. */
  behind: number;
  /** A shadow that was started and has found no master has nothing in its memory. */
  empty: boolean;
  /** It was killed: the lock file beside its metadata stays. */
  locked: boolean;
  /** Where a shadow looks for its master: an address, as it was when the config was read. */
  follows: string;
}
