import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Millis } from '../core/host.js';
import type { Watch } from '../engine/watch/watch.js';
import type { World } from '../engine/watch/world.js';
import { Changing } from './changing.js';
import { PastRuns } from './past-runs.js';
import { Wizarding } from './wizarding.js';
import type { ConsoleOptions, ShellChoice } from './options.js';
import { LEAST, type Scene, type Size } from './scene.js';
import type { Situation } from './keys/situation.js';
import { createUiStore, freshState, listOf, type UiState, type UiStore } from './state/ui-state.js';
import type { Theme } from './theme/theme.js';
import { layoutFrame, type Layout } from './views/parts/frame.js';
import { help } from './views/help.js';
import { routeFrame } from './views/route-frame.js';
import { sheetLines } from './views/sheet.js';
import type { ShellEnd } from './terminal/session.js';

/** What the console asks of its terminal. */
export interface Terminal {
  readonly copy: (text: string) => boolean;
  readonly lend: (argv: readonly string[]) => Promise<ShellEnd>;
  readonly suspend: () => void;
  readonly repaint: () => void;
}

/** The lines that are not the body: header, tabs, rule; status, keys. */
const AROUND = 5;

/** All that a console holds, away from React: its stores, its watch, its terminal. */
export class Desk {
  readonly ui: UiStore = createUiStore();
  /** The time in ms, whole seconds, by which ages are drawn. */
  readonly clock: StoreApi<{ readonly now: Millis }>;
  readonly size: StoreApi<Size>;
  readonly watching: StoreApi<{ readonly watch: Watch }>;
  /** The looks and runs that are under way. */
  readonly changing: Changing;
  readonly wizarding: Wizarding;
  readonly pastRuns: PastRuns;

  constructor(
    readonly options: ConsoleOptions,
    readonly theme: Theme,
    readonly terminal: Terminal,
    size: Size,
    readonly now: () => Millis,
    /** Ends the console. */
    readonly quit: () => void,
  ) {
    this.size = createStore(() => size);
    this.pastRuns = new PastRuns(this, options.changes);
    this.changing = new Changing(this, options.changes, () => this.pastRuns.load());
    this.wizarding = new Wizarding(this, options.changes);
    this.clock = createStore(() => ({ now: now() }));
    this.watching = createStore(() => ({ watch: options.open(options.cluster) }));
    this.pastRuns.load();
  }

  get watch(): Watch {
    return this.watching.getState().watch;
  }

  get world(): World {
    return this.watch.store.getState();
  }

  /** Lets the drawn time catch up. */
  tick(): void {
    this.clock.setState({ now: this.now() });
  }

  change(next: (ui: UiState) => UiState): void {
    // Replaced as a whole: a key that is left out is gone.
    this.ui.setState(next(this.ui.getState()), true);
  }

  /** Watches another cluster; what was known of the one before is let go. */
  switchTo(cluster: string): void {
    if (cluster === this.world.cluster) return;
    this.watch.stop();
    this.changing.leaveLook();
    this.wizarding.leaveLook();
    this.#refusePending();
    const watch = this.options.open(cluster);
    const { runs } = this.ui.getState().work;
    this.ui.setState({ ...freshState, work: { runs } }, true);
    this.watching.setState({ watch });
  }

  /** Nobody can answer any more for hosts that are not watched: what they ask is given up. */
  #refusePending(): void {
    for (const pending of this.options.questions.getState().pending) {
      if (pending.kind === 'hostKey') pending.answer('refuse');
      else pending.answer(undefined);
    }
  }

  shellOn(host: string): ShellChoice {
    return this.options.shell(host);
  }

  /** All that a screen is drawn from now. */
  scene(): Scene {
    const { version, clusters, simulated, changes } = this.options;
    return {
      version,
      clusters,
      simulated,
      changes,
      world: this.world,
      ui: this.ui.getState(),
      theme: this.theme,
      size: this.size.getState(),
      now: this.clock.getState().now,
    };
  }

  /** What a key finds when it is pressed now. */
  situation(): Situation {
    return situationOf(this.scene(), this.options.questions.getState().pending[0]);
  }

  /** Whether there is room to draw anything. */
  fits(): boolean {
    const { columns, rows } = this.size.getState();
    return columns >= LEAST.columns && rows >= LEAST.rows;
  }
}

/** A scene with the frame that it makes, cut to the room between the lines that are always there. */
export function situationOf(scene: Scene, question: Situation['question']): Situation {
  const frame = routeFrame(scene, () => help(beneath(scene)));
  const layoutAt = (height: number): Layout =>
    layoutFrame(frame, listOf(scene.ui), Math.max(1, height));
  const full = layoutAt(scene.size.rows - AROUND);
  const sheet = sheetLines({ scene, layout: full, question }).length;
  const layout = sheet === 0 ? full : layoutAt(scene.size.rows - AROUND - sheet);
  return { scene, layout, question };
}

/** What the help is about: the screen that it lies over. */
function beneath(scene: Scene): Situation {
  const { ui } = scene;
  const opened = ui.opened.filter(({ kind }) => kind !== 'help');
  return situationOf({ ...scene, ui: { ...ui, opened, sheet: undefined } }, undefined);
}
