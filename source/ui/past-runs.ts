import type { RunLook } from '../engine/run/run-look.js';
import type { Changes } from './changes.js';
import type { Stage } from './changing.js';
import { pastRun } from './state/past-run.js';
import { changeWork, openUp } from './state/reducers.js';

/** What was carried out from this machine, as the console knows it. */
export class PastRuns {
  constructor(
    private readonly desk: Pick<Stage, 'change'>,
    private readonly changes: Changes | undefined,
  ) {}

  /** Reads the journals again. */
  load(): void {
    void this.changes?.pastRuns().then((runs) => {
      this.desk.change((ui) => changeWork(ui, { runs }));
    });
  }

  /** Lays a run of before open, to be gone on with or taken back. */
  open(look: RunLook): void {
    this.desk.change((ui) => openUp(changeWork(ui, { run: pastRun(look) }), { kind: 'run' }));
  }
}
