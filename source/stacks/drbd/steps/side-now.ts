import type { Activity, LinkClass } from '../states.js';

/** One volume as its host sees it now. */
export interface VolumeNow {
  readonly minor: number;
  readonly disk: string;
  readonly peerDisk: string;
  readonly activity: Activity;
  readonly percent: number | null;
  readonly kibPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly outOfSyncKiB: number | null;
  /** Who holds a resync back: `user`, `peer`, `dependency`. */
  readonly pausedBy: readonly string[];
}

/** A resource as its host sees it now. */
export interface SideNow {
  readonly role: string;
  readonly connection: string;
  /** Of several peers the one that is worst off. */
  readonly link: LinkClass;
  /** Any peer is in touch. */
  readonly touches: boolean;
  readonly volumes: readonly VolumeNow[];
}
