import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Tone } from '../../core/pane.js';
import type { Doing } from '../changes.js';
import type { Page } from './wizard-work.js';
import type { Work } from './work.js';
import { untouched, type ListState } from './list.js';

/** A pane that a tab stands for. */
export type Place = 'overview' | 'hosts' | 'events' | 'log' | `stack:${string}`;

/** What a thing laid open is: a row of a pane, or a problem. */
export type Subject =
  | { readonly kind: 'row'; readonly place: Place; readonly row: string }
  | { readonly kind: 'problem'; readonly key: string };

/** What lies over a pane until Esc. */
export type Opened =
  | Subject
  | { readonly kind: 'evidence'; readonly of: Subject }
  | { readonly kind: 'commands'; readonly of: Subject }
  | { readonly kind: 'help' }
  /** A trouble being looked into, a plan being reviewed, a run: see `work`. */
  | { readonly kind: 'case' }
  | { readonly kind: 'review' }
  | { readonly kind: 'run' }
  /** What can be set up; a page of the form of one; what was carried out before. */
  | { readonly kind: 'wizards' }
  | { readonly kind: 'form'; readonly page: Page }
  | { readonly kind: 'runs' };

/** A menu at the foot of the screen. */
export type Menu =
  | { readonly kind: 'acknowledge'; readonly problem: string }
  | { readonly kind: 'incidents' }
  | { readonly kind: 'clusters' }
  | { readonly kind: 'mend'; readonly problems: readonly string[] };

/** What takes the keys before everything else. */
export type Sheet =
  | { readonly kind: 'menu'; readonly menu: Menu; readonly index: number }
  | { readonly kind: 'palette'; readonly text: string; readonly index: number }
  | Agreement
  | Acceptance;

/** What is agreed to before hosts are changed: each word typed, then Yes chosen; it begins on No. */
export interface Agreement {
  readonly kind: 'agree';
  readonly to: Doing;
  /** The words that were typed already. */
  readonly words: readonly string[];
  readonly text: string;
  /** 0: No; 1: Yes. */
  readonly index: number;
}

/** What choosing something accepts, to be said yes to by itself; it begins on No. */
export interface Acceptance {
  readonly kind: 'accept';
  readonly page: Page;
  readonly value: string;
  /** What is chosen, and what that accepts. */
  readonly what: string;
  readonly accepts: string;
  /** 0: No; 1: Yes. */
  readonly index: number;
}

/** A short message above the keys. */
export interface Notice {
  readonly text: string;
  readonly tone: Tone;
}

/** All that the console remembers of what its user did; what the hosts did is in the world. */
export interface UiState {
  readonly place: Place;
  readonly opened: readonly Opened[];
  /** By `routeKey`. */
  readonly lists: Readonly<Record<string, ListState>>;
  readonly showMuted: boolean;
  readonly sheet?: Sheet | undefined;
  /** The filter of the list in front is being typed. */
  readonly filtering: boolean;
  readonly notice?: Notice | undefined;
  /** What was typed to answer the question with this id. */
  readonly answer: { readonly question: number; readonly text: string };
  readonly work: Work;
}

export type UiStore = StoreApi<UiState>;

/** The state of a console that was just opened. */
export const freshState: UiState = {
  place: 'overview',
  opened: [],
  lists: {},
  showMuted: false,
  filtering: false,
  answer: { question: 0, text: '' },
  work: {},
};

/** A store for one console. */
export function createUiStore(): UiStore {
  return createStore<UiState>(() => freshState);
}

/** What is in front. */
export type Route = Opened | { readonly kind: 'place'; readonly place: Place };

export function routeOf(ui: UiState): Route {
  return ui.opened.at(-1) ?? { kind: 'place', place: ui.place };
}

/** A name for a route, under which its list is remembered. */
export function routeKey(route: Route): string {
  switch (route.kind) {
    case 'place':
      return route.place;
    case 'row':
      return `row ${route.place} ${route.row}`;
    case 'problem':
      return `problem ${route.key}`;
    case 'evidence':
    case 'commands':
      return `${route.kind} of ${routeKey(route.of)}`;
    case 'help':
    case 'case':
    case 'review':
    case 'run':
    case 'wizards':
    case 'runs':
      return route.kind;
    case 'form':
      return ['form', route.page.question, ...Object.values(route.page.cell ?? {})].join(' ');
  }
}

/** The list in front. */
export function listOf(ui: UiState): ListState {
  return ui.lists[routeKey(routeOf(ui))] ?? untouched;
}
