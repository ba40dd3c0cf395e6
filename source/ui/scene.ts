import type { Millis } from '../core/host.js';
import type { Incident } from '../core/incident.js';
import type { StackView, World } from '../engine/watch/world.js';
import type { Changes } from './changes.js';
import type { Place, UiState } from './state/ui-state.js';
import type { Theme } from './theme/theme.js';

/** The size of the terminal in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The least size at which everything has its place. */
export const LEAST: Size = { columns: 80, rows: 24 };

/** Everything that a screen is drawn from, at one moment. */
export interface Scene {
  readonly version: string;
  readonly world: World;
  readonly ui: UiState;
  readonly theme: Theme;
  readonly size: Size;
  /** Our clock; ages count to here. */
  readonly now: Millis;
  readonly clusters: readonly string[];
  readonly simulated?:
    { readonly says: string; readonly incidents: readonly Incident[] } | undefined;
  /** Left out: nothing that changes a host is offered. */
  readonly changes?: Pick<Changes, 'kinds' | 'recoveries' | 'wizards' | 'leaving'> | undefined;
}

/** A tab: where it leads and what it is called. */
export interface Tab {
  readonly place: Place;
  readonly title: string;
}

/** The tabs, in their order; the first nine answer to digits. */
export function tabsOf(world: Pick<World, 'stacks' | 'hostsView'>): readonly Tab[] {
  return [
    { place: 'overview', title: 'Overview' },
    ...world.stacks.map(({ id, title }): Tab => ({ place: `stack:${id}`, title })),
    { place: 'hosts', title: world.hostsView.title },
    { place: 'events', title: 'Events' },
    { place: 'log', title: 'Commands' },
  ];
}

/** The stack, or the hosts, that a place shows; undefined for the other places. */
export function stackAt(
  world: Pick<World, 'stacks' | 'hostsView'>,
  place: Place,
): StackView | undefined {
  if (place === 'hosts') return world.hostsView;
  return world.stacks.find(({ id }) => place === `stack:${id}`);
}

/** The place where a stack, as problems name it, is shown. */
export function placeOfStack(world: Pick<World, 'stacks'>, stack: string): Place {
  return world.stacks.some(({ id }) => id === stack) ? `stack:${stack}` : 'hosts';
}
