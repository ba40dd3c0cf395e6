import type { HostName, Millis } from '../../core/host.js';
import type { Judged } from '../../core/mute.js';
import type { Drawing, Running, Summary, Tone } from '../../core/pane.js';
import type { HostState, Reading } from '../../core/probe.js';
import type { History } from './history.js';

/** A finding as the problem list keeps it from round to round. */
export interface Problem extends Judged {
  /** The id of the stack that found it, or `hosts`. */
  readonly stack: string;
  /** When it was first seen. */
  readonly since: Millis;
  readonly acknowledged?: Acknowledgement;
  /** The virtual machines that stand on what it is about; left out: none is known. */
  readonly guests?: readonly string[];
}

/** Somebody saw it: it is quiet until `until`, or until it worsens. */
export interface Acknowledgement {
  readonly at: Millis;
  readonly until: Millis;
}

/** Something that happened. */
export interface Event {
  readonly id: number;
  readonly at: Millis;
  readonly tone: Tone;
  readonly subject: string;
  readonly says: string;
  /** The problem it belongs to, if it belongs to one. */
  readonly problem?: string;
}

/** A thing that was done on a host: the intention in words, and under it the exact commands. */
export interface LogEntry {
  readonly id: number;
  readonly at: Millis;
  readonly host: HostName;
  /** In words: `read DRBD devices`. */
  readonly says: string;
  readonly commands: readonly {
    readonly line: string;
    /** `exit 0`, `no answer in 8 s`. */
    readonly ended: string;
    readonly tone: Tone;
    readonly took: Millis;
  }[];
}

/** A stack as it is drawn now. */
export interface StackView {
  readonly id: string;
  readonly title: string;
  readonly summary: Summary;
  readonly drawing: Drawing;
  /** It is on any host: seeing it does not mean that what the hosts are there for was found. */
  readonly everywhere?: boolean;
}

/** Everything that the console draws, at one moment. Parts that did not change keep their identity. */
export interface World {
  readonly cluster: string;
  /** Nothing that changes a host is offered. */
  readonly readOnly: boolean;
  readonly at: Millis;
  readonly hosts: readonly HostState[];
  /** What every probe read on every host, for those who want the values and not the drawing. */
  readonly readings: readonly Reading<unknown>[];
  /** The hosts as a pane of their own, drawn like any stack's. */
  readonly hostsView: StackView;
  /** The stacks that are on any of the hosts, in the order of the list of stacks. */
  readonly stacks: readonly StackView[];
  /** All findings, worst first; consequences name their cause. */
  readonly problems: readonly Problem[];
  readonly running: readonly Running[];
  /** Oldest first. */
  readonly events: readonly Event[];
  /** Oldest first. */
  readonly log: readonly LogEntry[];
  readonly history: History;
  readonly paused: boolean;
  /** Every host has been tried and every probe that is due has been asked once. */
  readonly complete: boolean;
}

/** What is counted on the header: problems that are neither muted nor acknowledged. */
export function openProblems(world: World): readonly Problem[] {
  return world.problems.filter((p) => p.causedBy === undefined && p.acknowledged === undefined);
}
