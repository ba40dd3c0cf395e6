import { z } from 'zod';
import type { Command, Outcome, Reader } from '../../../core/host.js';
import { quoteAll, showCommand } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { count } from '../../../core/text.js';
import { PORTS } from '../flavour/families.js';
import { adminCommand, queries } from '../tools/admin.js';
import { withPassword } from '../tools/with-password.js';
import { asking, firstMaster, statusAt } from './server-place.js';

const paramsSchema = z.strictObject({
  ...asking,
  /** Its own address. */
  address: z.ipv4(),
  /** The metadata version that it had when the plan was reviewed. */
  atLeast: z.number().int().positive(),
  how: z.discriminatedUnion('kind', [
    /** The tool asks for ADMIN_PASSWORD: it is read from the file on the host itself. */
    z.strictObject({
      kind: z.literal('tool'),
      command: z.enum(['promote-shadow', 'reload-config']),
      config: z.string().startsWith('/'),
    }),
    z.strictObject({ kind: z.literal('service'), argv: z.array(z.string()).min(1) }),
    /** MooseFS: a master is made of a metalogger's files by its own program, then run by its unit. */
    z.strictObject({
      kind: z.literal('restore'),
      program: z.string().startsWith('/'),
      unit: z.string().optional(),
    }),
  ]),
});

/** The parameters of `lizardfs.promote`. */
export type Promote = z.infer<typeof paramsSchema>;

/**
 * $1 the program, $2 its unit or nothing: systemd's line has no `-a`. The program saves what it made
 * when it stops, and takes that for its beginning when this is run again.
 */
const RESTORE = '"$1" -a && { [ -z "$2" ] || { "$1" stop && systemctl start "$2"; }; }';

/**
 * Makes a shadow the master. It takes over even while the old master lives, since nothing fences it:
 * so it is refused while any master answers, or the shadow still has one. The tool says OK for a
 * promotion that was refused, so only the server's own state is believed.
 */
export const promote = defineStep<Promote>({
  id: 'lizardfs.promote',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ address, how }) => ({
    title:
      how.kind === 'restore'
        ? 'make a master of what its metalogger has'
        : 'make this shadow the master',
    on: address,
  }),
  preview: (params) => ({ kind: 'commands', lines: [line(params)] }),
  check,
  commands: (params) => [act(params)],
  explain,
  wait: {
    every: 1000,
    atMost: 120_000,
    progress: async (host, { admin, address }) => {
      const status = await statusAt(host, admin, address);
      return { says: status ? `it is ${status.personality}, ${status.status}` : 'no answer' };
    },
  },
  undo: () => ({
    kind: 'impossible',
    because:
      'what was written since is known to this master alone; to move the master back is a recovery of its own',
  }),
});

async function check(
  host: Reader,
  { admin, address, rivals, atLeast, how }: Promote,
): Promise<Verdict> {
  const status = await statusAt(host, admin, address);
  if (status?.personality === 'master') {
    const lacks = atLeast - status.metadataVersion;
    if (how.kind !== 'restore' || lacks <= 0) return { kind: 'done' };
    const because = `it serves, with ${count(lacks, 'change')} fewer than its change logs had: see its log`;
    return { kind: 'refused', because };
  }
  const master = await firstMaster(host, admin, rivals);
  const refused = (because: string): Verdict => ({ kind: 'refused', because });
  if (master !== undefined) return refused(`a master answers at ${master}`);
  // A server that is about to change may be silent for a moment.
  if (!status) return { kind: 'notYet' };
  if (status.status === 'connected') return refused('it is connected to a master');
  const short = atLeast - status.metadataVersion;
  if (short <= 0) return { kind: 'notYet' };
  return refused(
    status.metadataVersion === 0
      ? 'it has no metadata in its memory any more: it was started anew without a master'
      : `it has ${count(short, 'change')} fewer than when it was reviewed`,
  );
}

function act({ admin, address, how }: Promote): Command<'changes'> {
  if (how.kind === 'restore') {
    const argv = ['sh', '-c', RESTORE, 'sh', how.program, how.unit ?? ''];
    return { argv, effect: 'changes', deadline: 600_000 };
  }
  if (how.kind === 'service') return { argv: how.argv, effect: 'changes', deadline: 60_000 };
  return withPassword(how.config, admin, [how.command], { host: address, port: PORTS.client });
}

function line(params: Promote): string {
  const { admin, address, how } = params;
  const then = quoteAll(
    adminCommand(admin, queries.status, { host: address, port: PORTS.client }).argv,
  );
  return `${showCommand(act(params).argv)}  ${how.kind === 'tool' ? '(the password stays on the host)  ' : ''}then ${then} must say master, running`;
}

function explain(outcome: Outcome): string | undefined {
  if (outcome.kind !== 'exited') return undefined;
  if (outcome.stderr.includes('Operation not possible')) {
    return 'its personality is not ha-cluster-managed: it is promoted by its config';
  }
  if (/Incorrect password|not permitted/.test(outcome.stderr)) {
    return 'ADMIN_PASSWORD of its config is not the one that it runs with: it was changed and not read again';
  }
  return undefined;
}
