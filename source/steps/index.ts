import type { AnyStepKind } from '../core/step.js';
import { confirmLook } from './confirm-look.js';
import { copyFiles, seeSame, waitCopied } from './copy-files.js';
import { endMerge, merge, waitMerged } from './device-mapper/merge.js';
import { removeMapped } from './device-mapper/remove.js';
import { resumeMapped } from './device-mapper/resume.js';
import { editFile } from './edit-file.js';
import { fetchFile, reachUrl } from './fetch-file.js';
import { growFileSystem } from './grow-file-system.js';
import { shutDownGuest } from './guest-shut-down.js';
import { guardedChange } from './guarded-change.js';
import { logIn } from './iscsi/log-in.js';
import { logOut } from './iscsi/log-out.js';
import { makeTarget } from './iscsi/make-target.js';
import { removeTarget } from './iscsi/remove-target.js';
import { createVolume } from './logical-volume/create.js';
import { extendVolume } from './logical-volume/extend.js';
import { removeSnapshot, takeSnapshot } from './logical-volume/snapshot.js';
import { makeFileSystem } from './make-file-system.js';
import { makeFolder, own } from './make-folder.js';
import { mount } from './mount.js';
import { mountCopy, unmountCopy } from './mount-copy.js';
import { packageInstall } from './package-install.js';
import { runAndVerify } from './run-and-verify.js';
import { seeThat } from './see-that.js';
import { seeUnused } from './see-unused.js';
import { serviceAction } from './service.js';
import { unmount } from './unmount.js';
import { waitUntil } from './wait-until.js';
import { copySnapshot } from './zfs/copy.js';
import { destroyVolume } from './zfs/destroy-volume.js';
import { renameVolume } from './zfs/rename-volume.js';
import { snapshot } from './zfs/snapshot.js';
import { seeSameSnapshot, waitCopied as waitSnapshotCopied } from './zfs/wait-copied.js';

/** The kinds of step that wizards of any stack are made of. */
export const generalSteps: readonly AnyStepKind[] = [
  createVolume,
  extendVolume,
  takeSnapshot,
  removeSnapshot,
  makeFileSystem,
  growFileSystem,
  copyFiles,
  waitCopied,
  seeSame,
  makeFolder,
  own,
  editFile,
  fetchFile,
  reachUrl,
  packageInstall,
  mount,
  unmount,
  mountCopy,
  unmountCopy,
  serviceAction,
  runAndVerify,
  seeThat,
  seeUnused,
  waitUntil,
  guardedChange,
  confirmLook,
  shutDownGuest,
  removeMapped,
  resumeMapped,
  merge,
  waitMerged,
  endMerge,
  logIn,
  logOut,
  makeTarget,
  removeTarget,
  snapshot,
  copySnapshot,
  waitSnapshotCopied,
  seeSameSnapshot,
  renameVolume,
  destroyVolume,
];
