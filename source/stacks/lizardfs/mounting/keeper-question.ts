import { open, type Question } from '../../../core/form.js';
import type { Keeper } from './add-mount.js';

const SAYS: readonly (readonly [Keeper, string])[] = [
  ['fstab', 'a line in /etc/fstab, where everybody looks'],
  ['unit', 'a mount unit of systemd, which other units can wait for'],
];

/** What has it mounted again after a restart. */
export const keeperQuestion: Question = {
  key: 'keeper',
  ask: 'What mounts it after a restart?',
  explains: 'Where a line or a unit is there already, that stays as it is.',
  kind: 'one',
  choices: SAYS.map(([value, says]) => ({
    value,
    cells: [{ text: value }, { text: says }],
    gate: open,
  })),
  default: 'fstab',
};
