import type { JournalFolder } from './journal-file.js';
import type { RunState } from './run-state.js';

/** A run, and whether a process of this machine carries it out at this moment. */
export interface RunLook {
  readonly state: RunState;
  readonly running: boolean;
}

/** All runs of this machine as they stand now, the newest first. */
export async function lookAtRuns(folder: JournalFolder): Promise<readonly RunLook[]> {
  const states = await folder.all();
  return Promise.all(
    states.map(async (state) => ({ state, running: await folder.isRunning(state.run) })),
  );
}

/** Whether a run is half done: it ended neither way, and nobody carries it out. */
export function isUnfinished({ state, running }: RunLook): boolean {
  return !state.finished && !running;
}

/** How a run stands, in words. */
export function runWords({ state, running }: RunLook): string {
  const back = state.direction === 'back';
  if (running) return back ? 'being taken back' : 'running';
  if (state.finished) return back ? 'taken back' : 'finished';
  if (back) return 'taken back in part';
  const failed = [...state.steps.values()].some(({ kind }) => kind === 'failed');
  if (failed) return 'failed';
  return state.stopped === undefined ? 'broken off' : 'stopped';
}

/** How many steps of a run are done. */
export function doneSteps({ steps }: RunState): number {
  return [...steps.values()].filter(({ kind }) => kind === 'done').length;
}

/** The hosts that a run changes. */
export function hostsOfRun({ plan }: RunState): readonly string[] {
  return [...new Set(plan.steps.map(({ host }) => host))];
}
