import { reads, type Command, type Reader } from '../../../core/host.js';
import { linesOf } from '../../../core/text.js';

/** What a replica's data stands on, as far as a copy of it can be made. */
export type Beneath =
  | {
      readonly kind: 'lv';
      readonly vg: string;
      readonly lv: string;
      readonly sizeBytes: number;
      readonly freeBytes: number;
      readonly extentBytes: number;
    }
  /** No snapshot can be made of it. */
  | { readonly kind: 'other'; readonly because: string };

const COLUMNS = 'vg_name,lv_name,lv_size,vg_free,vg_extent_size,lv_attr';

/** Asks LVM about one backing device. On anything else than an LV it ends with 5. */
export function beneathCommand(backing: string): Command<'reads'> {
  const form = ['--noheadings', '--nosuffix', '--units', 'b', '--separator', '|'];
  return reads(['lvs', ...form, '-o', COLUMNS, '--', backing], 20_000);
}

/** Reads the one line of `lvs`. Source: lvs(8), lvmreport(7); captured with LVM 2.03.16. */
export function parseBeneath(backing: string, stdout: string): Beneath {
  const line = linesOf(stdout).find((one) => one.split('|').length === 6);
  const [vg = '', lv = '', ...rest] = (line ?? '').trim().split('|');
  const [sizeBytes = 0, freeBytes = -1, extentBytes = 0] = rest.map(Number);
  const attributes = rest[3] ?? '';
  if (vg === '' || lv === '' || !(sizeBytes > 0 && freeBytes >= 0 && extentBytes > 0)) {
    return { kind: 'other', because: `${backing} is no logical volume that lvs can describe` };
  }
  if (!/^[-oOrRmM]/.test(attributes)) {
    const what = attributes.startsWith('V') ? 'a thin volume' : `of a special kind (${attributes})`;
    return { kind: 'other', because: `${vg}/${lv} is ${what}; make its snapshot by hand` };
  }
  return { kind: 'lv', vg, lv, sizeBytes, freeBytes, extentBytes };
}

/** Looks at what a replica stands on. Never rejects. */
export async function lookBeneath(host: Reader, backing: string | null): Promise<Beneath> {
  if (!backing?.startsWith('/dev/')) {
    return { kind: 'other', because: 'its backing device is not known' };
  }
  const outcome = await host.run(beneathCommand(backing));
  if (outcome.kind !== 'exited') return { kind: 'other', because: outcome.reason };
  if (outcome.code === 127) return { kind: 'other', because: 'LVM is not installed' };
  if (outcome.code !== 0) return { kind: 'other', because: `${backing} is no logical volume` };
  return parseBeneath(backing, outcome.stdout);
}
