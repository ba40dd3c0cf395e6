import type { Offered } from '../changes.js';
import { tabsOf, type Scene } from '../scene.js';
import type { Place } from '../state/ui-state.js';
import { whyNothing } from './change-gate.js';
import type { CommandId } from './command.js';
import { KEY_COMMANDS } from './commands.js';
import { labelOf } from './find.js';
import type { Situation } from './situation.js';
import { keyLabel } from '../terminal/key-names.js';

/** Something that the palette can do. */
export interface PaletteEntry {
  readonly title: string;
  readonly says: string;
  /** The key that does the same. */
  readonly key: string;
  readonly does:
    | { readonly kind: 'command'; readonly id: CommandId }
    | { readonly kind: 'place'; readonly place: Place }
    | { readonly kind: 'host'; readonly row: string }
    | { readonly kind: 'cluster'; readonly cluster: string }
    | { readonly kind: 'wizard'; readonly wizard: Offered };
}

/** All that can be done from here, and all the places and things with a name. */
export function paletteEntries(situation: Situation): readonly PaletteEntry[] {
  const { scene } = situation;
  return [
    ...tabsOf(scene.world).map(({ place, title }, at): PaletteEntry => ({
      title,
      says: 'pane',
      key: at < 9 ? String(at + 1) : '',
      does: { kind: 'place', place },
    })),
    ...commandEntries(situation),
    ...wizardEntries(scene),
    ...hostEntries(scene),
    ...scene.clusters
      .filter((name) => name !== scene.world.cluster)
      .map((cluster): PaletteEntry => ({
        title: cluster,
        says: 'cluster',
        key: '',
        does: { kind: 'cluster', cluster },
      })),
  ];
}

function commandEntries(situation: Situation): readonly PaletteEntry[] {
  return KEY_COMMANDS.filter(
    (command) => command.inPalette === true && command.gate(situation).kind === 'open',
  ).map((command) => ({
    title: labelOf(command, situation),
    says: command.says,
    key: command.keys.slice(0, 1).map(keyLabel).join(''),
    does: { kind: 'command', id: command.id },
  }));
}

/** Wizards by their names, where one can be begun. */
function wizardEntries(scene: Scene): readonly PaletteEntry[] {
  if (whyNothing(scene) !== undefined) return [];
  return (scene.changes?.wizards ?? []).map((wizard) => ({
    title: wizard.title,
    says: wizard.says,
    key: '',
    does: { kind: 'wizard', wizard },
  }));
}

function hostEntries({ world }: Scene): readonly PaletteEntry[] {
  return world.hostsView.drawing.rows.map((row) => ({
    title: row.cells[0]?.text ?? row.id,
    says: 'host',
    key: '',
    does: { kind: 'host', row: row.id },
  }));
}

/**
 * The entries that match what was typed, the best first: the title begins with it, then it stands
 * in the title, then its letters stand in the title in this order, then it stands in the explanation.
 */
export function matchEntries(
  entries: readonly PaletteEntry[],
  typed: string,
): readonly PaletteEntry[] {
  const text = typed.trim().toLowerCase();
  if (text === '') return entries;
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry, text) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

const NO_MATCH = 5;

function rankOf({ title, says }: PaletteEntry, text: string): number {
  const low = title.toLowerCase();
  if (low.startsWith(text)) return 0;
  if (low.split(/[\s.-]/).some((word) => word.startsWith(text))) return 1;
  if (low.includes(text)) return 2;
  if (inOrder(low, text)) return 3;
  return says.toLowerCase().includes(text) ? 4 : NO_MATCH;
}

function inOrder(title: string, text: string): boolean {
  let from = 0;
  for (const letter of text) {
    const at = title.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}
