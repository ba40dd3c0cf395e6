import type { HostName, Reader } from './host.js';
import type { Block } from './pane.js';
import type { Drafted, WizardSession } from './wizard.js';

/** One way out, to be chosen by a person: it says who loses what. */
export interface WayOut {
  /** What is typed to choose it: the victim's name. */
  readonly value: string;
  readonly says: string;
  /** What is lost by it, from evidence; empty: nothing. */
  readonly loses: readonly string[];
  readonly plan: (options: WayOptions) => Drafted;
  /** It asks more before it plans; `plan` then stands on the answers to begin with. */
  readonly asks?: (options: WayOptions) => WizardSession;
}

/** What is chosen beside the way itself. */
export interface WayOptions {
  readonly keepCopy: boolean;
}

/** What was found out about one trouble, from all sides. */
export interface Case {
  /** Short: `split brain`, `peer down`, `secrets differ`. */
  readonly verdict: string;
  /** Whether it is what this recovery mends; a near miss is told and left alone. */
  readonly mendable: boolean;
  /** What happened, in words. */
  readonly happened: string;
  /** What to do when it is not mendable here; or why it cannot recommend. */
  readonly todo: string;
  /** The sides next to each other, and the evidence. */
  readonly blocks: readonly Block[];
  readonly ways: readonly WayOut[];
  /** What the names of the ways are, as their heading: `who gives way`; left out: it is plain. */
  readonly choosing?: string;
  /** What is given up can be copied first, so that is asked. */
  readonly copies?: boolean;
  /** The safest of the ways, with the reasons; undefined: it cannot be told which, see `todo`. */
  readonly recommended?: { readonly value: string; readonly reasons: readonly string[] };
}

/** A guide out of one kind of trouble. */
export interface Recovery {
  /** `drbd.split-brain`; findings name it among their remedies. */
  readonly id: string;
  readonly title: string;
  readonly says: string;
  /** Gathers the evidence of one trouble from all hosts. Never rejects. */
  readonly gather: (subject: string, hosts: ReadonlyMap<HostName, Reader>) => Promise<Case>;
}
