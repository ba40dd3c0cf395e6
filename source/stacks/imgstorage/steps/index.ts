import type { AnyStepKind } from '../../../core/step.js';
import { allow } from './allow.js';
import { setAttribute } from './attribute.js';
import { seeStage, waitStage } from './boot/index.js';
import { changeRow } from './change-row.js';
import { keepDatabase } from './keep-database.js';
import { mapImage, unmapImage, waitReturned } from './mapping.js';
import { removeImage } from './remove-image.js';
import { restartDaemon } from './restart-daemon.js';
import { seeSaved } from './see-saved.js';
import { startVm } from './start-vm.js';
import { setVmNas } from './vm-nas.js';

/** The kinds of step that img-storage's wizards and its recovery are made of. */
export const steps: readonly AnyStepKind[] = [
  keepDatabase,
  changeRow,
  restartDaemon,
  seeSaved,
  mapImage,
  unmapImage,
  waitReturned,
  removeImage,
  allow,
  setAttribute,
  setVmNas,
  startVm,
  seeStage,
  waitStage,
];
