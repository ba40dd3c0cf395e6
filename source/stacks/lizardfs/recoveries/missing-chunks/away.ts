import type { HostName } from '../../../../core/host.js';

/** A chunkserver that the master knows and does not have. */
export interface Away {
  readonly address: string;
  readonly host?: HostName;
  /** Why, as far as its own host tells. */
  readonly because: string;
}
