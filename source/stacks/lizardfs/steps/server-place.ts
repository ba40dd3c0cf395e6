import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { PORTS } from '../flavour/families.js';
import { ADMIN_TOOLS, askAdmin, queries } from '../tools/admin.js';
import { valueOf } from '../tools/question.js';
import type { MetadataStatus } from '../tools/metadata-status.js';

/** The administration tool of a host, and addresses of metadata servers that it asks. */
export const asking = {
  admin: z.enum(ADMIN_TOOLS),
  /** Where no master may answer. */
  rivals: z.array(z.ipv4()),
};

/** How the metadata server at an address stands; undefined: nothing answers. */
export async function statusAt(
  host: Reader,
  admin: string,
  address: string,
): Promise<MetadataStatus | undefined> {
  const place = { host: address, port: PORTS.client };
  return valueOf(await askAdmin(host, admin, queries.status, place));
}

/** The first of these addresses at which a master answers. */
export async function firstMaster(
  host: Reader,
  admin: string,
  addresses: readonly string[],
): Promise<string | undefined> {
  const said = await Promise.all(addresses.map((one) => statusAt(host, admin, one)));
  return addresses.find((_, index) => said[index]?.personality === 'master');
}
