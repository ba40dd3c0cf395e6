import type { AnyStepKind } from '../../../core/step.js';
import { changeRow } from './change-row.js';
import { keepDatabase } from './keep-database.js';
import { mapImage, unmapImage } from './mapping.js';
import { restartDaemon } from './restart-daemon.js';
import { seeSaved } from './see-saved.js';

/** The kinds of step that img-storage's wizards and its recovery are made of. */
export const steps: readonly AnyStepKind[] = [
  keepDatabase,
  changeRow,
  restartDaemon,
  seeSaved,
  mapImage,
  unmapImage,
];
