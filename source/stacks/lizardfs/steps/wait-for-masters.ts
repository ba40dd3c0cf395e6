import { z } from 'zod';
import type { Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Progress, type Verdict } from '../../../core/step.js';
import { count } from '../../../core/text.js';
import { adminCommand, ADMIN_TOOLS, askAdmin, queries } from '../tools/admin.js';
import { valueOf } from '../tools/question.js';
import type { MetadataStatus } from '../tools/metadata-status.js';

const paramsSchema = z.strictObject({
  admin: z.enum(ADMIN_TOOLS),
  servers: z
    .array(
      z.strictObject({
        host: z.string().min(1),
        address: z.string().min(1),
        port: z.number().int().positive(),
        personality: z.enum(['master', 'shadow']),
      }),
    )
    .min(1),
});

/** The parameters of `lizardfs.wait-for-masters`. */
export type WaitForMasters = z.infer<typeof paramsSchema>;

type Server = WaitForMasters['servers'][number];

/**
 * Waits until every metadata server says that it is what it should be, and the shadows have the
 * master's metadata version: the only proof that they follow it.
 */
export const waitForMasters = defineStep<WaitForMasters>({
  id: 'lizardfs.wait-for-masters',
  params: paramsSchema,
  effect: () => 'reads',
  touches: () => [],
  tell: ({ servers }) => ({
    title: 'wait until master and shadows agree',
    on: servers.map(({ host }) => host).join(' '),
  }),
  preview: ({ admin, servers }) => ({
    kind: 'looks',
    lines: servers.map(
      ({ address: host, port, personality }) =>
        `${quoteAll(adminCommand(admin, queries.status, { host, port }).argv)}  until it says ${personality === 'master' ? 'master, running' : 'shadow, connected'}`,
    ),
  }),
  check: async (host, params): Promise<Verdict> => {
    const seen = await see(host, params);
    const second = seen.filter(({ status }) => status?.personality === 'master');
    if (second.length > 1) {
      const names = second.map(({ server }) => server.host).join(' and ');
      return { kind: 'refused', because: `${names} both run as master: stop one of them at once` };
    }
    return { kind: seen.every(({ fits }) => fits) ? 'done' : 'notYet' };
  },
  commands: () => [],
  wait: {
    every: 1000,
    atMost: 120_000,
    progress: async (host, params): Promise<Progress> => {
      const seen = await see(host, params);
      const fit = seen.filter(({ fits }) => fits).length;
      const open = seen.find(({ fits }) => !fits);
      const says = open ? `; ${open.server.host} ${statusWords(open.status)}` : '';
      return {
        says: `${fit} of ${count(seen.length, 'server')} as it should be${says}`,
        share: fit / seen.length,
      };
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

interface Seen {
  readonly server: Server;
  readonly status: MetadataStatus | undefined;
  readonly fits: boolean;
}

async function see(host: Reader, { admin, servers }: WaitForMasters): Promise<readonly Seen[]> {
  const statuses = await Promise.all(
    servers.map(async (server) => {
      const place = { host: server.address, port: server.port };
      return { server, status: valueOf(await askAdmin(host, admin, queries.status, place)) };
    }),
  );
  const master = statuses.find(({ server }) => server.personality === 'master')?.status;
  return statuses.map((one) => ({ ...one, fits: fits(one.server, one.status, master) }));
}

function fits(
  { personality }: Server,
  status: MetadataStatus | undefined,
  master: MetadataStatus | undefined,
): boolean {
  if (status?.personality !== personality) return false;
  if (personality === 'master') return status.status === 'running';
  return status.status === 'connected' && status.metadataVersion === master?.metadataVersion;
}

function statusWords(status: MetadataStatus | undefined): string {
  if (!status) return 'does not answer';
  return `is ${status.personality}, ${status.status}, at version ${status.metadataVersion}`;
}
