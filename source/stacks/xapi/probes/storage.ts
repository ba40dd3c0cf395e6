import type { Probe } from '../../../core/probe.js';
import { FIELDS, parsePbds, parseSrs, type Pbd, type Sr } from '../read/lists.js';
import { askBoth, listCommand, poolOf, type Question } from './xe.js';

/** The storage repositories of a pool, and what connects its hosts to them. */
export interface StorageView {
  readonly srs: readonly Sr[];
  readonly pbds: readonly Pbd[];
}

/** `xe sr-list` and `xe pbd-list`. */
export const storageQuestions: {
  readonly srs: Question<Sr>;
  readonly pbds: Question<Pbd>;
} = {
  srs: { command: listCommand('sr-list', FIELDS.srs), parse: parseSrs },
  pbds: { command: listCommand('pbd-list', FIELDS.pbds), parse: parsePbds },
};

/** One host of each pool: two lists, which the master answers from its database. */
export const storageProbe: Probe<StorageView> = {
  id: 'xapi.storage',
  title: 'storage repositories',
  every: 10_000,
  scope: 'cluster',
  clusterOf: poolOf,
  read: (host) =>
    askBoth(host, storageQuestions.srs, storageQuestions.pbds, (srs, pbds) => ({ srs, pbds })),
};
