import { deviceAt } from '../../../fleet/rocks/storage/devices.js';
import { nodeOf } from '../../../fleet/rocks/state.js';
import { failed, printed, type Call, type Ran } from '../../program.js';

/** Exceptions that one chunk of a memory's tables holds. */
const PER_AREA = 512;
/** `SnAp`, little-endian, as the kernel marks a persistent snapshot's memory. */
const MAGIC = 1_883_336_275;

/**
 * What is read of a volume at a chunk: words in square brackets, which `od` here knows, for the header
 * and the tables of a snapshot's memory (drivers/md/dm-snap-persistent.c); undefined: it is no volume.
 */
export function readMemory(
  { fleet, machine }: Call,
  { path, skip }: { readonly path: string; readonly skip: number },
): string | undefined {
  const node = nodeOf(fleet, machine);
  const found = node && deviceAt(node, path);
  if (found?.kind !== 'volume') return undefined;
  const { cow, content } = found.volume;
  if (!cow) return content ? '[data]' : '[zeros]';
  if (skip === 0) return `[header ${cow.state === 'invalid' ? 0 : 1}]`;
  const table = Math.floor((skip - 1) / (PER_AREA + 1));
  const left = Math.ceil(cow.chunks) - table * PER_AREA;
  return `[table ${Math.max(0, Math.min(PER_AREA, left))}]`;
}

/** `od -A n -v -t u4|u8 [-N BYTES]` of what the demo's `dd` reads. */
export function od({ input }: Call): Ran {
  const [, word, number = '0'] = /^\[(\w+) ?(\d+)?\]$/.exec(input.trim()) ?? [];
  switch (word) {
    case 'zeros':
      return printed('          0          0          0          0\n');
    case 'header':
      return printed(` ${MAGIC}          ${number}          1         16\n`);
    case 'table': {
      const rows = Array.from({ length: Number(number) }, (_, at) => ` ${at * 3} ${at + 2}\n`);
      return printed(`${rows.join('')}${Number(number) < PER_AREA ? ' 0 0\n' : ''}`);
    }
    case 'data':
      return printed(' 3959448107 1920299888 2425393296 1397117264\n');
    default:
      return failed(1, 'od: the demo reads nothing but the memory of a snapshot\n');
  }
}
