import type { Local } from '../../fleet/drbd/side.js';
import type { Call } from '../program.js';
import type { ConfResource, OnHost } from './conf/resource.js';

/** One command for one resource of the configuration. */
export interface Asked {
  readonly call: Call;
  readonly conf: ConfResource;
  readonly own: OnHost;
  readonly local: Local;
  /** `r0/0` was asked for. */
  readonly volume: boolean;
  readonly options: readonly string[];
  readonly dryRun: boolean;
}
