/** What stands at the beginning of a block device. */
export interface Signature {
  readonly type: string;
  readonly uuid: string;
  readonly label?: string;
  /** How much of the device its superblock takes, where that is not all of it. */
  bytes?: number;
}
