import { z } from 'zod';
import { reads, type Reader } from '../../core/host.js';
import { linesOf } from '../../core/text.js';

/** LVM's own rule for names (lvm(8)): no dash first, and none of the words that it keeps for itself. */
export const lvmName = z
  .string()
  .regex(/^[A-Za-z0-9_.+][A-Za-z0-9_.+-]{0,100}$/, 'no name that LVM takes')
  .refine(
    (name) =>
      !/^\.{1,2}$|^(?:snapshot|pvmove)|_(?:mlog|mimage|rimage|rmeta|tdata|tmeta|cdata|cmeta)/.test(
        name,
      ),
    {
      message: 'a name that LVM keeps for itself',
    },
  );

/** The path of a logical volume that udev and the device mapper both know: dashes are doubled. */
export function volumePath(vg: string, name: string): string {
  const word = (part: string): string => part.replaceAll('-', '--');
  return `/dev/mapper/${word(vg)}-${word(name)}`;
}

/** A logical volume as LVM has it now. */
export interface VolumeNow {
  readonly sizeBytes: number;
  readonly tags: readonly string[];
}

/** What LVM says of a volume; undefined within: there is none of that name. */
export type VolumeLook =
  | { readonly ok: true; readonly volume: VolumeNow | undefined }
  | { readonly ok: false; readonly because: string };

/**
 * Asks for the volumes of a group and finds the one of this name: `lvs vg/name` ends with 5 both
 * where there is no such volume and where the group is not known. In LVM's separated form, which is
 * alike from 2.02.40 on (lvmreport(7)); JSON came with 2.02.158.
 */
export async function lookAtVolume(host: Reader, vg: string, name: string): Promise<VolumeLook> {
  const form = ['--noheadings', '--nosuffix', '--units', 'b', '--separator', '|'];
  const argv = ['lvs', ...form, '-o', 'lv_name,lv_size,lv_tags', '--', vg];
  const outcome = await host.run(reads(argv, 20_000));
  if (outcome.kind !== 'exited') return { ok: false, because: outcome.reason };
  if (outcome.code !== 0) {
    const said = linesOf(outcome.stderr).at(-1)?.trim();
    return { ok: false, because: said ?? `lvs ended with exit code ${outcome.code}` };
  }
  for (const line of linesOf(outcome.stdout)) {
    const [known, size = '', tags = ''] = line.trim().split('|');
    if (known !== name) continue;
    if (!/^\d+$/.test(size))
      return { ok: false, because: `lvs does not tell the size of ${vg}/${name}` };
    return { ok: true, volume: { sizeBytes: Number(size), tags: tags.split(',') } };
  }
  return { ok: true, volume: undefined };
}
