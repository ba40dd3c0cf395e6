import { readRefusal, type Refusal } from '../../read/refusal.js';
import { differences, inForce, isOfOneHost, type Difference } from '../../read/settings.js';
import { verdictOf } from '../../verdict.js';
import type { Pair } from '../../view.js';
import type { Configured } from './look.js';

/** How the configurations of two sides differ. */
export interface Comparison {
  readonly refusal: Refusal | undefined;
  /** The driver's line, as the host printed it. */
  readonly line: string | undefined;
  /** Options that the files of the two do not set alike, their secrets aside. */
  readonly files: readonly Difference[];
  /** Of each side: what its kernel runs with and its files do not say; a value first, then the kernel's. */
  readonly kernels: readonly [readonly Difference[], readonly Difference[]];
  readonly secrets: 'none' | 'alike' | 'differ';
  /** The bytes of both files, their secrets hidden, are the same. */
  readonly sameText: boolean;
}

/** Lays two configurations next to each other. Pure. */
export function compare(pair: Pair, a: Configured, b: Configured): Comparison {
  const { refused } = verdictOf(pair);
  return {
    refusal: refused === undefined ? undefined : readRefusal(refused),
    line: refused,
    files: differences(inForce(a.settings), inForce(b.settings)).filter(isNoSecret),
    kernels: [againstKernel(a), againstKernel(b)],
    secrets: a.mark === b.mark ? (a.mark === null ? 'none' : 'alike') : 'differ',
    sameText: a.text === b.text,
  };
}

/** Whether the files of both would give the same connection. */
export function areFilesAlike({ files, secrets }: Comparison): boolean {
  return secrets !== 'differ' && files.every(({ key }) => isOfOneHost(key));
}

/** Only what the kernel says: a StandAlone resource of 8.4 has no `net`, and defaults are not shown. */
function againstKernel({ settings, kernel }: Configured): readonly Difference[] {
  const known = new Map([...inForce(settings)].filter(([key]) => kernel.has(key)));
  return differences(known, kernel).filter(isNoSecret);
}

function isNoSecret({ key }: Difference): boolean {
  return key !== 'net/shared-secret';
}
