import { z } from 'zod';
import type { Command, Outcome, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Progress, type StepKind, type Verdict } from '../../../core/step.js';
import { linesOf } from '../../../core/text.js';
import { duration } from '../../../core/units.js';
import { storageMapCommand } from '../probes/frontend.js';
import { parseStorageMap, type MapEntry } from '../read/rocks.js';
import { ROCKS, shortName } from '../roll.js';
import { hostName, poolName } from './names.js';
import { imageName } from './row.js';

const mapSchema = z.strictObject({
  nas: hostName,
  zpool: poolName,
  zvol: imageName,
  host: hostName,
  /** Only counts where the image is not there yet; the command wants it all the same. */
  gigabytes: z.number().int().positive(),
  /** The pool of the container, where it gets a copy of its own; null: used over iSCSI alone. */
  remotePool: poolName.nullable(),
});

/** The parameters of `imgstorage.map-image`. */
export type MapImage = z.infer<typeof mapSchema>;

/** A map is one call after the other through three daemons, and `rocks` waits for ever: we do not. */
const DEADLINE = 180_000;

/** While its last copy is made the map says so, and only then; a scheduled one has `sched` behind it. */
const RETURNING = 'NAS<-VM';

/** Maps an image to a container through the roll itself, and sees it in the map of the NAS. */
export const mapImage = defineStep<MapImage>({
  id: 'imgstorage.map-image',
  params: mapSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ nas, zpool, zvol, host, remotePool }) => ({
    title: `map the image to ${host}${remotePool === null ? ', over iSCSI alone' : ' and copy it there'}`,
    on: `${nas}:${zpool}/${zvol}`,
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(add(params).argv)] }),
  check: async (host, params) => {
    const look = await lookInMap(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const at = look.entry?.host;
    if (at == null) return { kind: 'notYet' };
    if (shortName(at) !== shortName(params.host)) {
      return { kind: 'refused', because: `${params.zvol} is mapped to ${at}` };
    }
    if (look.entry?.state === RETURNING) {
      const because = `${params.zvol} is being unmapped: it is copied back to ${params.nas}`;
      return { kind: 'refused', because };
    }
    return { kind: 'done', says: `${look.entry?.state ?? ''} ${look.entry?.target ?? ''}`.trim() };
  },
  commands: (params) => [add(params)],
  explain: rollSaid,
  undo: (params) => ({
    kind: 'commands',
    says: `unmap ${params.zvol} again${params.remotePool === null ? '' : '; the daemons copy it back to the NAS'}`,
    commands: [remove(params)],
  }),
});

function add({ nas, zpool, zvol, host, gigabytes, remotePool }: MapImage): Command<'changes'> {
  const how =
    remotePool === null ? ['img_sync=false'] : ['img_sync=true', `remotepool=${remotePool}`];
  const argv = [ROCKS, 'add', 'host', 'storagemap', nas, zpool, zvol, host, String(gigabytes)];
  return { argv: [...argv, ...how], effect: 'changes', deadline: DEADLINE };
}

const unmapSchema = z.strictObject({ nas: hostName, zvol: imageName });

/** The parameters of `imgstorage.unmap-image`. */
export type UnmapImage = z.infer<typeof unmapSchema>;

const unmapping: Pick<StepKind<UnmapImage>, 'params' | 'touches'> = {
  params: unmapSchema,
  touches: () => [],
};

/**
 * Unmaps an image through the roll itself. The roll answers as soon as the container has let go; of an
 * image that was copied there the last copy to the NAS then begins. A second call while the first is being
 * answered would never be, so it is not made.
 */
export const unmapImage = defineStep<UnmapImage>({
  id: 'imgstorage.unmap-image',
  ...unmapping,
  effect: () => 'changes',
  tell: ({ nas, zvol }) => ({ title: 'unmap the image', on: `${nas}:${zvol}` }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(remove(params).argv)] }),
  check: async (host, params): Promise<Verdict> => {
    const look = await lookInMap(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { entry } = look;
    if (entry?.host == null) return { kind: 'done' };
    if (entry.state === RETURNING) return { kind: 'done', says: 'its last copy has begun' };
    if (entry.locked !== true) return { kind: 'notYet' };
    const because = `${params.zvol} is locked: a call for it is not answered yet, or died`;
    return { kind: 'refused', because };
  },
  commands: (params) => [remove(params)],
  explain: rollSaid,
  undo: ({ zvol }) => ({ kind: 'impossible', because: `map ${zvol} by itself where it is wanted` }),
});

/** Waits until the last copy of an image is on its NAS. It can be left: the daemons go on with it. */
export const waitReturned = defineStep<UnmapImage>({
  id: 'imgstorage.wait-returned',
  ...unmapping,
  effect: () => 'reads',
  tell: ({ nas, zvol }) => ({ title: 'wait until its data is back', on: `${nas}:${zvol}` }),
  preview: ({ nas }) => ({
    kind: 'looks',
    lines: [`${quoteAll(storageMapCommand(nas).argv)}  until it says unmapped`],
  }),
  check: async (host, params): Promise<Verdict> => {
    const look = await lookInMap(host, params);
    if (!look.ok) return { kind: 'cannotTell', because: look.because };
    const { entry } = look;
    if (entry?.host == null) return { kind: 'done' };
    if (entry.state === RETURNING) return { kind: 'notYet' };
    const because = `its last copy to ${params.nas} failed: only ${entry.host} has what was written last`;
    return { kind: 'refused', because };
  },
  commands: () => [],
  wait: {
    every: 5000,
    atMost: 14 * 24 * 3600 * 1000,
    progress: async (host, params) => {
      const look = await lookInMap(host, params);
      return look.ok ? progressOf(look.entry) : undefined;
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

function remove({ nas, zvol }: UnmapImage): Command<'changes'> {
  const argv = [ROCKS, 'remove', 'host', 'storagemap', nas, zvol];
  return { argv, effect: 'changes', deadline: DEADLINE };
}

function progressOf(entry: MapEntry | undefined): Progress | undefined {
  if (!entry) return undefined;
  const since = entry.seconds === null ? '' : ` for ${duration(entry.seconds)}`;
  return { says: `the map says ${entry.state}${since}` };
}

/** What the map says of an image, or why it cannot be told. */
export type MapLook =
  | { readonly ok: true; readonly entry: MapEntry | undefined }
  | { readonly ok: false; readonly because: string };

/** The line of an image in the map, as the daemon of its NAS tells it. Never rejects. */
export async function lookInMap(host: Reader, { nas, zvol }: UnmapImage): Promise<MapLook> {
  const outcome = await host.run(storageMapCommand(nas));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  const map = parseStorageMap(outcome.stdout);
  if (outcome.code !== 0 || !map.ok) {
    const said = linesOf(outcome.stderr)[0]?.trim();
    const silent = `the daemon of ${nas} does not answer the frontend`;
    return { ok: false, because: outcome.code === 124 ? silent : (said ?? silent) };
  }
  return { ok: true, entry: map.value.find((one) => one.zvol === zvol) };
}

/** The roll prints what its daemons said, and the error itself behind it. */
export function rollSaid(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  const lines = linesOf(`${outcome.stdout}\n${outcome.stderr}`).map((line) => line.trim());
  const error = lines.findLast((line) => line !== '' && !line.startsWith('XXX:'));
  return error === undefined ? undefined : error.replace(/^error - /i, '');
}
