import type { AnyStepKind } from '../../../core/step.js';
import { copyAside, waitCopiedAside } from '../compare/copy-aside.js';
import { forgetComparison } from '../compare/forget.js';
import { listFiles } from '../compare/list-files.js';
import { ownOcfs2Copy } from '../compare/own-copy.js';
import { waitRead } from '../compare/side-work.js';
import { sumBlocks } from '../compare/sum-blocks.js';
import { adjust } from './adjust.js';
import { connect, connectAndMeet, connectDiscarding } from './connect.js';
import {
  invalidateDifferences,
  meetForCopy,
  partForCopy,
  promoteSource,
} from './copy-differences.js';
import { copyWhole } from './copy-whole.js';
import { disconnect } from './disconnect.js';
import { declareGood, skipFirstSync } from './first-data.js';
import { keepCopy } from './keep-copy.js';
import { compareData, loadModule } from './meet.js';
import { createMetadata } from './metadata.js';
import { forcePrimary, promoteAlone } from './promote-alone.js';
import { attach, renewMetadata } from './renew-disk.js';
import { resize } from './resize.js';
import { makeSecondary, promote } from './role.js';
import { bringUp } from './up.js';
import { replaceSecret } from './replace-secret.js';
import { resumeSync, sessionRates } from './resync-rate.js';
import { takePeer } from './take-peer.js';
import { verify, waitVerified } from './verify.js';
import { waitConnected, waitInSync } from './wait.js';

/** The kinds of step that DRBD's wizards and recoveries are made of. */
export const steps: readonly AnyStepKind[] = [
  disconnect,
  makeSecondary,
  keepCopy,
  connectDiscarding,
  connect,
  connectAndMeet,
  waitConnected,
  waitInSync,
  promote,
  createMetadata,
  bringUp,
  skipFirstSync,
  declareGood,
  resize,
  adjust,
  takePeer,
  replaceSecret,
  promoteSource,
  partForCopy,
  meetForCopy,
  invalidateDifferences,
  copyWhole,
  verify,
  waitVerified,
  sessionRates,
  resumeSync,
  promoteAlone,
  forcePrimary,
  loadModule,
  compareData,
  renewMetadata,
  attach,
  ownOcfs2Copy,
  listFiles,
  sumBlocks,
  waitRead,
  copyAside,
  waitCopiedAside,
  forgetComparison,
];
