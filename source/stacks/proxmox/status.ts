import { reads, type Command } from '../../core/host.js';
import { notThis, parsed, type Parsed } from '../../core/parsed.js';
import { linesOf } from '../../core/text.js';

/** A storage as one node sees it. */
export interface StorageStatus {
  readonly name: string;
  /** `dir`, `nfs`, `zfspool`, … */
  readonly type: string;
  readonly status: 'active' | 'inactive' | 'disabled';
  /** Bytes; 0 where it is not active. */
  readonly total: number;
  readonly used: number;
  readonly available: number;
}

/** In the format of pve-storage (`$print_status` of PVE/CLI/pvesm.pm). */
export const statusSample = `Name             Type     Status     Total (KiB)      Used (KiB) Available (KiB)        %
backup            nfs   inactive               0               0               0    0.00%
local             dir     active       102297016         6021340        91033140    5.89%
old               dir   disabled               0               0               0      N/A
vms               dir     active      1440743424       572522496       868220928   39.74%
`;

/** Asks a node for its storages; one that hangs (NFS) makes it wait. */
export const statusCommand: Command<'reads'> = reads(['pvesm', 'status'], 20_000);

/** Reads `pvesm status`: a head, then a line a storage, sizes in KiB. */
export function parseStatus(text: string): Parsed<readonly StorageStatus[]> {
  const [head = '', ...lines] = linesOf(text);
  if (!/^Name\s+Type\s+Status\s/.test(head)) return notThis(1, 'the head of `pvesm status`');
  const unread: string[] = [];
  const storages = lines.flatMap((line): StorageStatus[] => {
    const [name = '', type = '', status = '', ...sizes] = line.trim().split(/\s+/);
    const [total = NaN, used = NaN, available = NaN] = sizes.slice(0, 3).map(readKib);
    const sound = [total, used, available].every((size) => Number.isFinite(size));
    if (sound && isStatus(status)) return [{ name, type, status, total, used, available }];
    if (line.trim() !== '') unread.push(line);
    return [];
  });
  return parsed(storages, unread);
}

function isStatus(word: string): word is StorageStatus['status'] {
  return word === 'active' || word === 'inactive' || word === 'disabled';
}

function readKib(word: string): number {
  return /^\d+$/.test(word) ? Number(word) * 1024 : Number.NaN;
}
