import type { Fault } from '../core/form.js';
import type { Millis } from '../core/host.js';
import type { WayOut } from '../core/recovery.js';
import type { Changes, Offered, RunRequest } from './changes.js';
import type { Watch } from '../engine/watch/watch.js';
import type { World } from '../engine/watch/world.js';
import type { UiState, UiStore } from './state/ui-state.js';
import { changeList, changeWork, notify, openUp } from './state/reducers.js';
import { isUnderWay, reviewOf, toldRun, type CaseWork, type RunWork } from './state/work.js';

/** What of the console the looks and runs are shown by. */
export interface Stage {
  readonly ui: UiStore;
  readonly world: World;
  readonly watch: Watch;
  readonly now: () => Millis;
  readonly change: (next: (ui: UiState) => UiState) => void;
}

/** The looks and the runs that the user set about: what goes on while the screen goes on. */
export class Changing {
  #looks = 0;
  #look = new AbortController();
  #stop = new AbortController();

  constructor(
    private readonly desk: Stage,
    private readonly changes: Changes | undefined,
    /** A run was begun or has ended. */
    private readonly ran: () => void,
  ) {}

  /** Looks into a trouble; what is found comes onto the screen when it is there. */
  lookInto(recovery: Offered, subject: string): void {
    const { changes, desk } = this;
    if (!changes) return;
    this.leaveLook();
    const { signal } = this.#look;
    const id = (this.#looks += 1);
    const before = desk.ui.getState().work.trouble;
    const trouble: CaseWork = {
      id,
      recovery,
      subject,
      since: desk.now(),
      says: '',
      // What was chosen stays chosen when it is looked into again.
      keepCopy: before?.subject === subject ? before.keepCopy : true,
    };
    desk.change((ui) => openUp(changeWork(ui, { trouble }), { kind: 'case' }));
    const about = { cluster: desk.world.cluster, recovery: recovery.id, subject };
    const found = changes.gather(about, (says) => this.#changeCase(id, { says }), signal);
    void found.then((made) => this.#changeCase(id, { found: made }));
  }

  /** A look that nobody waits for any more is ended. */
  leaveLook(): void {
    this.#look.abort();
    this.#look = new AbortController();
  }

  /** Makes the plan of a way out and shows it for review; or says why there is none. */
  choose(trouble: CaseWork, way: WayOut): void {
    const { changes, desk } = this;
    if (!changes) return;
    const { recovery, subject, keepCopy, id } = trouble;
    const drafted = way.plan({ keepCopy });
    if (!drafted.ok) {
      this.#refuse(id, way, drafted.faults);
      return;
    }
    const answers = { resource: subject, victim: way.value, keepCopy };
    const origin = { kind: 'recovery', id: recovery.id, answers } as const;
    const plan = changes.plan(drafted.draft, { origin, cluster: desk.world.cluster });
    if (!plan.ok) {
      this.#refuse(id, way, [{ key: '', says: plan.failure.what }]);
      return;
    }
    const review = reviewOf(plan.made);
    desk.change((ui) => openUp(changeWork(ui, { review }), { kind: 'review' }));
  }

  /** Keeps the plan in a file. */
  save(): void {
    const { changes, desk } = this;
    const plan = desk.ui.getState().work.review?.plan;
    if (!changes || !plan) return;
    void changes.save(plan).then((saved) => {
      const text = saved.ok
        ? `kept in ${saved.made}; carry it out with holdfast apply`
        : `not kept: ${saved.failure.what}`;
      desk.change((ui) => notify(ui, { text, tone: saved.ok ? 'good' : 'warning' }));
    });
  }

  /** Sets about the plan that was reviewed. */
  apply(words: readonly string[]): void {
    const { review } = this.desk.ui.getState().work;
    if (!this.changes || !review) return;
    const { plan, secrets } = review;
    this.#carryOut({ run: this.changes.newRun(), plan, doing: 'apply', words, secrets });
  }

  /** Goes on with the run that stopped, or takes it back. */
  goOn(doing: 'resume' | 'undo'): void {
    const run = this.desk.ui.getState().work.run;
    if (!run || isUnderWay(run)) return;
    // A run of which nothing was written down is begun.
    const how = doing === 'resume' && !run.result?.state ? 'apply' : doing;
    this.#carryOut({ run: run.run, plan: run.plan, doing: how, words: run.words }, run);
  }

  /** Stops the run after the step that is under way. */
  stop(): void {
    this.#stop.abort();
    this.#changeRun((run) => ({ ...run, stopping: true }));
  }

  #carryOut(request: RunRequest, before?: RunWork): void {
    const { changes, desk } = this;
    if (!changes) return;
    this.#stop = new AbortController();
    const { run: name, plan, doing, words } = request;
    const run: RunWork = {
      run: name,
      plan,
      doing,
      words,
      since: desk.now(),
      steps: before?.steps ?? {},
      stopping: false,
    };
    desk.change((ui) => {
      const opened = ui.opened.filter(({ kind }) => kind !== 'run');
      return openUp({ ...changeWork(ui, { run }), opened }, { kind: 'run' });
    });
    const ended = changes.carryOut(
      request,
      (event) => this.#changeRun((now) => toldRun(now, event, desk.now())),
      this.#stop.signal,
    );
    void ended.then((result) => {
      this.#changeRun((now) => ({ ...now, result, endedAt: desk.now() }));
      // What was said of the keys while it went on is no longer so.
      desk.change((ui) => notify(ui, undefined));
      this.ran();
      // What was changed shows at once, not with the next round.
      desk.watch.refresh();
    });
  }

  #changeRun(next: (run: RunWork) => RunWork): void {
    this.desk.change((ui) => (ui.work.run ? changeWork(ui, { run: next(ui.work.run) }) : ui));
  }

  /** Said where the way stands, and at the foot of the screen, where it cannot be out of sight. */
  #refuse(id: number, way: WayOut, faults: readonly Fault[]): void {
    this.#changeCase(id, { refused: { way: way.value, faults } });
    // It stands before everything else that is read.
    this.desk.change((ui) => changeList(ui, { top: 0 }));
    const text = `no plan: ${faults.map(({ says }) => says).join(' ')}`;
    this.desk.change((ui) => notify(ui, { text, tone: 'warning' }));
  }

  #changeCase(id: number, change: Partial<CaseWork>): void {
    this.desk.change((ui) =>
      ui.work.trouble?.id === id
        ? changeWork(ui, { trouble: { ...ui.work.trouble, ...change } })
        : ui,
    );
  }
}
