import type { Block, Cell } from '../../../core/pane.js';
import { clean, listed } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import type { MapperDevice } from '../../../tools/mapper.js';
import type { Container } from '../hosts.js';
import type { Devices } from '../probes/devices.js';
import type { ContainerTables } from '../read/database.js';
import { SNAP } from '../roll.js';
import type { Seen } from '../seen.js';

const SECTOR = 512;

/**
 * The devices of a container, as `rocks list host storagedev` would tell them: that asks the daemon, which
 * may be the very thing that does not answer, so the kernel and the daemon's database are asked instead.
 */
export function devicesBlock({ devices, tables }: Container): Block {
  const label = 'devices';
  if (!devices.ok) return { kind: 'lines', label, lines: [clean(devices.because)] };
  const { mapped, paths } = devices.value;
  if (mapped.length === 0) return { kind: 'lines', label, lines: ['none'] };
  return {
    kind: 'table',
    label,
    columns: [
      { title: 'DEVICE', min: 18, grow: 1, cut: 'middle' },
      { title: 'TARGET', min: 14 },
      { title: 'SIZE', min: 8, align: 'right' },
      { title: 'MERGE', min: 7 },
      { title: 'BESIDE', min: 14, align: 'right' },
      { title: 'STANDS ON', min: 16, grow: 1, cut: 'middle', drop: 1 },
    ],
    rows: mapped.map((device) => [
      { text: clean(device.name) },
      targetCell(device),
      { text: bytes(device.sectors * SECTOR), sort: device.sectors },
      { text: mergeWord(device, tables) },
      besideCell(device),
      { text: beneath(device, paths) },
    ]),
  };
}

function targetCell({ target, suspended }: MapperDevice): Cell {
  return suspended === true
    ? { text: clean(`${target}, held`), tone: 'alert' }
    : { text: clean(target), tone: target === 'snapshot-merge' ? 'working' : 'plain' };
}

/** Whether the daemon has begun to merge: `started` of its queue. */
function mergeWord({ name }: MapperDevice, tables: Seen<ContainerTables>): string {
  if (!tables.ok) return 'not known';
  const job = tables.value.merges.find(({ zvol }) => `${zvol}${SNAP}` === name);
  if (!job) return '–';
  return job.started ? 'begun' : 'waits';
}

/** What is still beside the image, of what its memory can take. */
function besideCell({ filling }: MapperDevice): Cell {
  if (!filling) return { text: '–', tone: 'muted' };
  if (filling.kind === 'broken') return { text: clean(filling.word), tone: 'alert' };
  const { allocated, metadata, total } = filling;
  const share = total > 0 ? percent(allocated / total) : 'not known';
  return { text: `${bytes(Math.max(0, allocated - metadata) * SECTOR)} (${share})` };
}

function beneath({ beneath: numbers }: MapperDevice, paths: Devices['paths']): string {
  return clean(listed(numbers.map((number) => paths.get(number) ?? number)));
}
