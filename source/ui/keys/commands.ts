import {
  agreeCommands,
  caseCommands,
  endedCommands,
  reviewCommands,
  runningCommands,
  wordCommands,
} from './change-commands.js';
import type { KeyCommand } from './command.js';
import {
  everywhereCommands,
  filterCommands,
  menuCommands,
  paletteCommands,
  questionCommands,
} from './dialog-commands.js';
import {
  fieldCommands,
  lookingCommands,
  manyCommands,
  oneCommands,
  rowsCommands,
  runsCommands,
  setUpCommands,
  wizardCommands,
} from './form-commands.js';
import { moveCommands } from './move-commands.js';
import { screenCommands } from './screen-commands.js';

/** Every key of the console: the footer, the help and the keyboard itself are made from this table. */
export const KEY_COMMANDS: readonly KeyCommand[] = [
  ...questionCommands,
  ...menuCommands,
  ...paletteCommands,
  ...filterCommands,
  ...wordCommands,
  ...agreeCommands,
  ...caseCommands,
  ...reviewCommands,
  ...runningCommands,
  ...endedCommands,
  ...wizardCommands,
  ...runsCommands,
  ...lookingCommands,
  ...manyCommands,
  ...oneCommands,
  ...rowsCommands,
  ...fieldCommands,
  ...moveCommands,
  ...screenCommands,
  ...setUpCommands,
  ...everywhereCommands,
];
