import { z } from 'zod';
import { reads, type Outcome, type Reader } from '../../core/host.js';
import { linesOf } from '../../core/text.js';
import { lookAtDevice } from '../../tools/device.js';
import { inUse } from '../../tools/disk-gate.js';
import {
  INFO_FIELDS,
  parseMapperInfo,
  parseMapperStatus,
  type Filling,
  type MapperInfo,
} from '../../tools/mapper.js';

/** Names that device mapper takes and that need no escaping in a path; LVM's own double their dashes. */
export const mapperName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,120}$/, 'no plain name of a device of device mapper');

/** A table of one line, without the name: `0 73400320 linear 230:0 0` (dmsetup(8)). */
export const mapperTable = z
  .string()
  .regex(/^0 \d+ [a-z][a-z-]*(?: [\w./:+@,=-]+)*$/, 'no table of device mapper in one line');

/** A device of device mapper at this moment. */
export interface Mapped extends MapperInfo {
  /** Its live table, a line a segment, as `dmsetup table NAME` prints it: what it stands on by number. */
  readonly table: string;
  /** Of a snapshot or a merge. */
  readonly filling: Filling | undefined;
}

/** What device mapper says of a name; undefined within: there is no such device. */
export type MappedLook =
  | { readonly ok: true; readonly device: Mapped | undefined }
  | { readonly ok: false; readonly because: string };

/**
 * Looks at one device by its name. All are listed and the one is looked for in the list, because
 * `dmsetup info NAME` ends alike where there is no such device and where the kernel does not answer.
 */
export async function lookAtMapped(host: Reader, name: string): Promise<MappedLook> {
  const [info, table, status] = await Promise.all([
    host.run(
      reads(['dmsetup', 'info', '-c', '--noheadings', '--separator', '|', '-o', INFO_FIELDS]),
    ),
    host.run(reads(['dmsetup', 'table'])),
    host.run(reads(['dmsetup', 'status'])),
  ]);
  for (const outcome of [info, table, status]) {
    const because = notSaid(outcome);
    if (because !== undefined) return { ok: false, because };
  }
  const known = parseMapperInfo(textOf(info));
  const fillings = parseMapperStatus(textOf(status));
  if (!known.ok) return { ok: false, because: `dmsetup info: expected ${known.expected}` };
  const found = known.value.find((one) => one.name === name);
  if (!found) return { ok: true, device: undefined };
  const filling = fillings.ok ? fillings.value.get(name) : undefined;
  return { ok: true, device: { ...found, table: tableOf(textOf(table), name), filling } };
}

function notSaid(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited') return outcome.reason;
  if (outcome.code === 0) return undefined;
  return linesOf(outcome.stderr)[0]?.trim() ?? `dmsetup ended with exit code ${outcome.code}`;
}

function textOf(outcome: Outcome): string {
  return outcome.kind === 'exited' ? outcome.stdout : '';
}

function tableOf(text: string, name: string): string {
  const own = linesOf(text).filter((line) => line.startsWith(`${name}: `));
  return own.map((line) => line.slice(name.length + 2).trim()).join('\n');
}

/** Who has a device open, in words, for the refusal: a mount, a device on top, a process. */
export async function whoHas(host: Reader, { name, open }: Mapped): Promise<string> {
  const look = await lookAtDevice(host, `/dev/mapper/${name}`);
  const who = look.ok ? inUse(look.tree, look.device) : undefined;
  return who ?? `it is open ${open === 1 ? 'once' : `${open} times`}, by whom cannot be seen`;
}

/** The sectors of a snapshot that are not yet in what it is merged into; undefined: it does not tell. */
export function unmerged(filling: Filling | undefined): number | undefined {
  if (filling?.kind !== 'filled') return undefined;
  return Math.max(0, filling.allocated - filling.metadata);
}
