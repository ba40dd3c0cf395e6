import type { Row } from '../../source/core/pane.js';
import type { World } from '../../source/engine/watch/world.js';
import { openScreen } from '../support/term.js';
import { aWorld } from '../support/world.js';

/** How long keys and new worlds take to reach the terminal, in ms. */
export interface ScreenCost {
  readonly keyMedian: number;
  readonly keyWorst: number;
  /** Our processor time of drawing one changed world, in ms. */
  readonly change: number;
  /** What one changed world writes to the terminal, in bytes. */
  readonly bytes: number;
}

/** A world of so many hosts, whose hosts pane has a line for each. */
function wideWorld(hosts: number, turn: number): World {
  const world = aWorld();
  const [sample] = world.hostsView.drawing.rows;
  const row = (index: number): Row => {
    const id = `host-${index}`;
    const cells = (sample?.cells ?? []).map((cell, column) =>
      column === 0 ? { text: id } : column === 3 ? { text: `${(turn + index) % 9}.1 s` } : cell,
    );
    return {
      id,
      tone: 'good',
      hosts: [id],
      cells,
      details: () => ({ title: id, tone: 'good', state: '', blocks: [], commands: [] }),
    };
  };
  const rows = Array.from({ length: hosts }, (_, index) => row(index));
  return {
    ...world,
    hostsView: { ...world.hostsView, drawing: { ...world.hostsView.drawing, rows } },
  };
}

/** Opens the hosts pane at 160x50, moves through it, and lets the world change. */
export async function measureScreen(hosts: number): Promise<ScreenCost> {
  const screen = await openScreen({ columns: 160, rows: 50, world: wideWorld(hosts, 0) });
  await screen.press('4');
  const keys: number[] = [];
  for (let press = 0; press < 60; press += 1) {
    const started = performance.now();
    await screen.press('down');
    keys.push(performance.now() - started);
  }
  const cpu = process.cpuUsage();
  const before = screen.output.written.length;
  const turns = 40;
  for (let turn = 1; turn <= turns; turn += 1) await screen.change(wideWorld(hosts, turn));
  const { user, system } = process.cpuUsage(cpu);
  const bytes = (screen.output.written.length - before) / turns;
  await screen.close();
  keys.sort((a, b) => a - b);
  return {
    keyMedian: keys[30] ?? 0,
    keyWorst: keys.at(-1) ?? 0,
    change: (user + system) / 1000 / turns,
    bytes,
  };
}
