import { reads, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import { lookAtDevice } from '../../../../tools/device.js';
import { closedBecause, heldBy } from '../../../../tools/disk-gate.js';

/** Whether a block could be read from the disk itself, past every cache. */
export type ReadTest = 'reads' | 'fails' | 'no answer';

/** The disk beneath a volume that lost it, as it is now. */
export type Disk =
  | {
      readonly kind: 'there';
      readonly path: string;
      readonly sizeBytes: number;
      /** What it is made of, from itself down: `dm-0 (lvm)`, `sdb (disk)`. */
      readonly beneath: readonly string[];
      readonly holds: readonly string[];
      /** Of DRBD's metadata on it; undefined: it has none that can be read. */
      readonly uuid: string | undefined;
      readonly closed: string | undefined;
      /** At its first block, and at the last, where the metadata are. */
      readonly first: ReadTest;
      readonly last: ReadTest;
      readonly errors: readonly string[];
    }
  | {
      readonly kind: 'not there';
      readonly path: string;
      readonly because: string;
      readonly errors: readonly string[];
    };

/** Looks at a disk that DRBD let go of: whether it is there, what it holds, and whether it reads. */
export async function lookAtDisk(host: Reader, path: string): Promise<Disk> {
  const look = await lookAtDevice(host, path);
  if (!look.ok) {
    const errors = await errorsOf(host, [path.split('/').at(-1) ?? path]);
    return { kind: 'not there', path, because: look.because, errors };
  }
  const { tree, device } = look;
  const family = tree.lineage(device);
  const last = Math.floor(device.sizeBytes / BLOCK) - 1;
  const [atFirst, atLast, errors] = await Promise.all([
    readBlock(host, path, 0),
    readBlock(host, path, Math.max(0, last)),
    errorsOf(
      host,
      family.map(({ kernelName }) => kernelName),
    ),
  ]);
  const holds = heldBy(tree, device);
  return {
    kind: 'there',
    path,
    sizeBytes: device.sizeBytes,
    beneath: family.map(({ kernelName, type }) => `${kernelName} (${type})`),
    holds,
    uuid: holds.includes('drbd') ? device.uuid : undefined,
    closed: closedBecause(tree, device),
    first: atFirst,
    last: atLast,
    errors,
  };
}

const BLOCK = 4096;

async function readBlock(host: Reader, path: string, at: number): Promise<ReadTest> {
  const words = [`if=${path}`, 'of=/dev/null', `bs=${BLOCK}`, 'count=1', `skip=${at}`];
  const outcome = await host.run(reads(['dd', ...words, 'iflag=direct'], 20_000));
  if (outcome.kind !== 'exited') return 'no answer';
  return outcome.code === 0 ? 'reads' : 'fails';
}

/** How many lines of errors are kept. */
const MOST_ERRORS = 12;

/** What the kernel log tells of these devices, `sdb`, `dm-0`; a log that may not be read tells nothing. */
async function errorsOf(host: Reader, names: readonly string[]): Promise<readonly string[]> {
  const script = 'dmesg 2>&1 | grep -i -e error -e fail -e offline | tail -n 400';
  const outcome = await host.run(reads(['sh', '-c', script]));
  if (outcome.kind !== 'exited') return [];
  return errorLines(outcome.stdout, names);
}

/** The lines that name one of the devices. */
export function errorLines(text: string, names: readonly string[]): readonly string[] {
  const wanted = new Set(names);
  return linesOf(text)
    .filter((line) => line.length < 2000 && line.split(/[^\w!-]+/).some((word) => wanted.has(word)))
    .slice(-MOST_ERRORS);
}
