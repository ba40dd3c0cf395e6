import type { Finding } from './finding.js';
import type { Fragment } from './graph.js';
import type { Inspector } from './inspector.js';
import type { Now, Probe } from './probe.js';
import type { Pane } from './pane.js';
import type { Recovery } from './recovery.js';
import type { AnyStepKind } from './step.js';
import type { Wizard } from './wizard.js';

/** What shows that a stack is on a host: any of the programs on the PATH, or any of the paths. */
export interface Presence {
  readonly programs: readonly string[];
  readonly paths: readonly string[];
}

/** A storage system: everything that Holdfast knows about it. */
export interface Stack {
  /** Short and stable: `drbd`. */
  readonly id: string;
  /** As its users write it: `DRBD`. */
  readonly title: string;
  readonly presence: Presence;
  /**
   * It is on any Linux host, as disks are, so finding it says nothing of what a host is there for. A
   * host on which nothing else was found is told, unless it was named for that host.
   */
  readonly everywhere?: boolean;
  readonly probes: readonly Probe<unknown>[];
  readonly inspectors: readonly Inspector[];
  /** What is wrong, over all hosts together. Pure. */
  readonly diagnose: (now: Now) => readonly Finding[];
  /** What stands on what. Pure. */
  readonly graph: (now: Now) => Fragment;
  readonly pane: Pane;
  /** What its wizards and recoveries are made of, beyond the general steps. */
  readonly steps?: readonly AnyStepKind[];
  readonly wizards?: readonly Wizard[];
  readonly recoveries?: readonly Recovery[];
}
