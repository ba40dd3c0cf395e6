import type { Probe } from '../../../core/probe.js';
import { FIELDS, parseVbds, parseVdis, type Vbd, type Vdi } from '../read/lists.js';
import { askBoth, listCommand, poolOf, type Question } from './xe.js';

/** The virtual disks of a pool, and whose they are. */
export interface DisksView {
  readonly vdis: readonly Vdi[];
  readonly vbds: readonly Vbd[];
}

/** `xe vdi-list` and `xe vbd-list`; snapshots and what nobody uses are left out. */
export const diskQuestions: {
  readonly vdis: Question<Vdi>;
  readonly vbds: Question<Vbd>;
} = {
  vdis: { command: listCommand('vdi-list', FIELDS.vdis, 'is-a-snapshot=false'), parse: parseVdis },
  vbds: { command: listCommand('vbd-list', FIELDS.vbds, 'empty=false'), parse: parseVbds },
};

/** One host of each pool, seldom: the lists of a large pool are long. */
export const disksProbe: Probe<DisksView> = {
  id: 'xapi.disks',
  title: 'virtual disks',
  every: 60_000,
  scope: 'cluster',
  clusterOf: poolOf,
  read: (host) =>
    askBoth(host, diskQuestions.vdis, diskQuestions.vbds, (vdis, vbds) => ({ vdis, vbds })),
};
