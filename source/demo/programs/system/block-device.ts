import type { Signature } from '../../fleet/state.js';

/** A block device in the kernel's tree. */
export interface BlockDevice {
  readonly name: string;
  readonly kname: string;
  readonly path: string;
  /** Other names of it under /dev. */
  readonly links?: readonly string[];
  readonly parent: string | undefined;
  readonly majMin: string;
  readonly size: number;
  readonly type: string;
  readonly rotates: boolean;
  readonly vendor?: string;
  readonly model?: string;
  readonly serial?: string;
  readonly wwn?: string;
  readonly tran?: string;
  readonly hctl?: string;
  readonly signature?: Signature;
  readonly mountpoint?: string;
  readonly children: readonly BlockDevice[];
}
