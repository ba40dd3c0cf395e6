import { z } from 'zod';
import type { Command, Outcome, Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { listed } from '../../../core/text.js';
import { lookAtDevice } from '../../../tools/device.js';
import { closedBecause, heldBy } from '../../../tools/disk-gate.js';
import { drbdadm, lookAtSide, sideSchema, type VolumeNow } from './side.js';
import { sidesSeen } from './wait.js';

const path = z.string().regex(/^\/dev\/[\w./:@+=,#-]+$/, 'no path of a device');

/** One volume of a resource that is up and has lost its disk. */
export const attachSchema = sideSchema.extend({
  /** The volume's number where the resource has several; null: it has one. */
  volume: z.number().int().nonnegative().nullable(),
  minor: z.number().int().nonnegative(),
  backing: path,
  /**
   * The file names this disk by this run alone: undo lets go of it before the file is put back, so that
   * nobody is left with one disk in use and another in the file.
   */
  elsewhere: z.boolean().default(false),
});

/** The parameters of `drbd.attach`. */
export type Attach = z.infer<typeof attachSchema>;

/** `r0`, or `r0/1` where there are several volumes. */
function volumeName({ resource, volume }: Attach): string {
  return volume === null ? resource : `${resource}/${volume}`;
}

const LOST = new Set(['Diskless', 'Failed', 'Detaching']);

type Seen =
  | { readonly kind: 'lost' }
  | { readonly kind: 'attached'; readonly disk: string }
  | Exclude<Verdict, { readonly kind: 'done' | 'notYet' }>;

/** How the volume stands; the disk of a side whose peer has no good data is left alone. */
async function lookAtVolume(host: Reader, params: Attach): Promise<Seen> {
  const look = await lookAtSide(host, params);
  if (!look.ok) return { kind: 'cannotTell', because: look.because };
  const volume = look.side.volumes.find(({ minor }) => minor === params.minor);
  if (!volume) return { kind: 'cannotTell', because: `minor ${params.minor} is not there` };
  if (!LOST.has(volume.disk)) return { kind: 'attached', disk: volume.disk };
  return isSafe(look.side.link, volume)
    ? { kind: 'lost' }
    : {
        kind: 'refused',
        because: `the other side must be connected and UpToDate; ${sidesSeen(host.name, look.side)}`,
      };
}

function isSafe(link: string, { disk, peerDisk }: VolumeNow): boolean {
  return link === 'in touch' && peerDisk === 'UpToDate' && disk === 'Diskless';
}

const attachCommand = (params: Attach) => drbdadm('changes', 'attach', volumeName(params));

/** Takes a disk into use again; what is missing on it is copied from the other side. */
export const attach = defineStep<Attach>({
  id: 'drbd.attach',
  params: attachSchema,
  effect: () => 'changes',
  touches: ({ backing }) => [{ kind: 'uses', path: backing }],
  tell: (params) => ({ title: 'attach its disk', on: `${volumeName(params)} ← ${params.backing}` }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(attachCommand(params).argv)] }),
  check: async (host, params) => {
    const seen = await lookAtVolume(host, params);
    switch (seen.kind) {
      case 'attached':
        // Attaching and Negotiating are over in a moment.
        return { kind: /^(?:Attaching|Negotiating)$/.test(seen.disk) ? 'notYet' : 'done' };
      case 'lost':
        return { kind: 'notYet' };
      case 'refused':
      case 'cannotTell':
        return seen;
    }
  },
  commands: (params) => [attachCommand(params)],
  wait: {
    every: 500,
    atMost: 60_000,
    progress: async (host, params) => {
      const look = await lookAtSide(host, params);
      return look.ok ? { says: sidesSeen(host.name, look.side) } : undefined;
    },
  },
  explain: explainAttach,
  undo: (params) =>
    params.elsewhere
      ? {
          kind: 'commands',
          says: `let go of ${params.backing} again, while the peer has all of it`,
          commands: [whileCopied(params), drbdadm('changes', 'detach', volumeName(params))],
        }
      : {
          kind: 'impossible',
          because: 'the disk carries a copy again: to detach it would put nothing back',
        },
});

/** A Secondary may be told to detach the last good copy there is: its volume says `OWN/PEER`. */
function whileCopied(params: Attach): Command<'changes'> {
  const look =
    's=$(drbdadm dstate "$1"); case $s in */UpToDate) ;; *) echo "only this side has the data of $1 ($s), which an undo does not lose" >&2; exit 1;; esac';
  const argv = ['sh', '-c', look, 'sh', volumeName(params)];
  return { argv, effect: 'changes', deadline: 30_000 };
}

/** Words of drbd's configuration errors (drbd-utils, drbdsetup.c: 104 to 127). */
function explainAttach(outcome: Outcome, { backing }: Attach): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  const said = `${outcome.stderr}\n${outcome.stdout}`;
  if (/No valid meta-?data|\(119\)/i.test(said)) {
    return `${backing} has no metadata of DRBD: it is a new disk, or the wrong one`;
  }
  if (/smaller than requested|\(111\)|too small/i.test(said)) {
    return `${backing} is smaller than the resource`;
  }
  return /\(104\)|Can not open backing device/i.test(said)
    ? `${backing} cannot be opened: the disk is gone, or somebody uses it`
    : undefined;
}

const metadataSchema = attachSchema.extend({
  /** What was reviewed; anything else now is another disk. */
  sizeBytes: z.number().int().positive(),
  /** The device UUID of the metadata that are replaced (libblkid's of `drbd`); left out: none. */
  replaces: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
});

/** The parameters of `drbd.renew-metadata`. */
export type RenewMetadata = z.infer<typeof metadataSchema>;

function create(params: RenewMetadata): Command<'changes'> {
  return params.driver === '8.3'
    ? drbdadm('changes', '--', '--force', 'create-md', volumeName(params))
    : drbdadm('changes', 'create-md', '--force', volumeName(params));
}

/**
 * Writes metadata on the disk that takes the place of a failed one, while the resource runs without it.
 * drbdadm is not asked for the generation, since a volume without its disk has none: the signature on
 * the disk is looked at. Only a disk that is blank, or holds the metadata that were reviewed.
 */
export const renewMetadata = defineStep<RenewMetadata>({
  id: 'drbd.renew-metadata',
  params: metadataSchema,
  effect: () => 'changes',
  touches: ({ backing }) => [{ kind: 'overwrites', path: backing }],
  tell: (params) => ({
    title: "write DRBD's metadata on the new disk",
    on: `${volumeName(params)}, at the end of ${params.backing}`,
    ...(params.replaces !== undefined && { loses: `the old copy on ${params.backing}` }),
  }),
  preview: (params) => ({ kind: 'commands', lines: [quoteAll(create(params).argv)] }),
  check: checkMetadata,
  commands: (params) => [create(params)],
  undo: ({ backing }) => ({
    kind: 'impossible',
    because: `what was on ${backing} before is no copy any more; the other side has the data`,
  }),
});

async function checkMetadata(host: Reader, params: RenewMetadata): Promise<Verdict> {
  const seen = await lookAtVolume(host, params);
  if (seen.kind === 'attached') return { kind: 'done' };
  if (seen.kind !== 'lost') return seen;
  const look = await lookAtDevice(host, params.backing);
  if (!look.ok) return { kind: 'refused', because: look.because };
  const { tree, device } = look;
  const holds = heldBy(tree, device);
  const isOurs = holds.length === 1 && holds[0] === 'drbd';
  if (isOurs && device.uuid !== params.replaces) return { kind: 'done' };
  if (device.sizeBytes !== params.sizeBytes) {
    const because = `${params.backing} has ${device.sizeBytes} bytes by now, not ${params.sizeBytes} as reviewed`;
    return { kind: 'refused', because };
  }
  const closed = closedBecause(tree, device);
  if (closed !== undefined) return { kind: 'refused', because: closed };
  if (holds.length === 0 || isOurs) return { kind: 'notYet' };
  return {
    kind: 'refused',
    because: `${params.backing} holds ${listed(holds)}, which was not accepted`,
  };
}
