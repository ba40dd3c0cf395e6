import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { ADMIN_TOOLS, askAdmin, queries } from '../tools/admin.js';
import { valueOf } from '../tools/question.js';
import type { Disk } from '../tools/disks.js';

/** Which disk of which chunkserver, and who tells of it; the tool is on the step's host. */
export const diskPlace = {
  admin: z.enum(ADMIN_TOOLS),
  place: z.strictObject({ host: z.string().min(1), port: z.number().int().positive() }),
  /** `ip:port` of its chunkserver. */
  server: z.string().min(1),
  /** As mfshdd.cfg has it. */
  path: z.string().startsWith('/'),
};

/** Which disk of which chunkserver, and who tells of it. */
export type DiskPlace = z.infer<z.ZodObject<typeof diskPlace>>;

/** A disk as the master sees it. */
export type DiskSeen =
  | {
      readonly ok: true;
      /** Undefined: it is not listed. */
      readonly disk?: Disk;
      /** Whether any disk of its chunkserver is listed, or the server is connected without one. */
      readonly server: boolean;
    }
  | { readonly ok: false; readonly because: string };

/** Asks the master for a disk. Never rejects. */
export async function diskAt(
  host: Reader,
  { admin, place, server, path }: DiskPlace,
): Promise<DiskSeen> {
  const [disks, servers] = await Promise.all([
    askAdmin(host, admin, queries.disks, place),
    askAdmin(host, admin, queries.chunkservers, place),
  ]);
  const list = valueOf(disks)?.disks;
  const known = valueOf(servers)?.servers;
  if (!list || !known) return { ok: false, because: 'the master does not answer' };
  const disk = list.find((one) => one.server === server && samePath(one.path, path));
  // Another server that hangs cuts the list short: a disk that is missing there proves nothing.
  if (!disk && disks.state !== 'known') {
    return { ok: false, because: 'the list of disks is not whole: a chunkserver hangs' };
  }
  const there = known.some(({ address, connected }) => address === server && connected);
  return { ok: true, ...(disk && { disk }), server: there };
}

/** `/mnt/a` and `/mnt/a/` are one disk. */
export function samePath(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}

/** Whether an entry of the master's list is this disk of a host, which may have several addresses. */
export function isListed(
  { server, path }: Pick<Disk, 'server' | 'path'>,
  wanted: { readonly addresses: readonly string[]; readonly path: string },
): boolean {
  const ip = server.slice(0, server.lastIndexOf(':'));
  return wanted.addresses.includes(ip) && samePath(path, wanted.path);
}
