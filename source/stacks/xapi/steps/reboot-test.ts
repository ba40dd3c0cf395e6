import { z } from 'zod';
import { reads, type Command, type Reader } from '../../../core/host.js';
import { quoteAll } from '../../../core/quote.js';
import { defineStep, type Verdict } from '../../../core/step.js';
import { listed } from '../../../core/text.js';
import { parseMinimal } from '../read/records.js';
import { lookAtPlug } from './look-at-plug.js';
import { plugSchema, type PlugParams } from './params.js';

const paramsSchema = plugSchema.extend({
  /** Of the boot before: another one shows that the host was rebooted. */
  bootId: z.string().min(1),
});

/** The parameters of `xapi.reboot-test`. */
export type RebootTest = z.infer<typeof paramsSchema>;

const BOOT_ID = reads(['cat', '/proc/sys/kernel/random/boot_id'], 6000);

/**
 * Reboots a host and waits until it is back with the repository attached to the mounted file
 * system. Refused while virtual machines run there: they are moved or shut down by a person.
 */
export const rebootTest = defineStep<RebootTest>({
  id: 'xapi.reboot-test',
  params: paramsSchema,
  effect: () => 'changes',
  touches: () => [],
  tell: ({ srName }) => ({ title: 'reboot the host', on: `and see ${srName} attached again` }),
  preview: (params) => ({
    kind: 'commands',
    lines: commands(params).map(({ argv }) => quoteAll(argv)),
  }),
  check,
  commands,
  wait: {
    every: 5000,
    atMost: 1_800_000,
    progress: async (host, params) => {
      const boot = await host.run(BOOT_ID);
      if (boot.kind !== 'exited') return { says: 'it is away' };
      if (boot.stdout.trim() === params.bootId) return { says: 'it is going down' };
      const look = await lookAtPlug(host, params);
      return {
        says: look.ok
          ? 'it is back; the repository is not attached yet'
          : 'it is back; xapi is starting',
      };
    },
  },
  undo: () => ({ kind: 'nothing' }),
});

/** The host is given time to say that it was told, and goes down by itself. */
function commands({ host }: PlugParams): readonly Command<'changes'>[] {
  const reboot = '(sleep 2; systemctl reboot) >/dev/null 2>&1 &';
  return [
    { argv: ['xe', 'host-disable', `uuid=${host}`], effect: 'changes', deadline: 120_000 },
    { argv: ['sh', '-c', reboot], effect: 'changes', deadline: 20_000 },
  ];
}

async function check(host: Reader, params: RebootTest): Promise<Verdict> {
  const boot = await host.run(BOOT_ID);
  // A host that is down is on its way.
  if (boot.kind !== 'exited') return { kind: 'notYet' };
  if (boot.stdout.trim() === params.bootId) return beforeReboot(host, params);
  const look = await lookAtPlug(host, params);
  if (!look.ok || !look.pbd?.attached) return { kind: 'notYet' };
  const { beneath } = look;
  if (beneath.kind === 'folder' && (beneath.onRoot || beneath.boundElsewhere)) {
    const because =
      'it came back, and the repository shows an empty folder: the boot hook does not work';
    return { kind: 'refused', because };
  }
  return { kind: 'done' };
}

async function beforeReboot(host: Reader, params: RebootTest): Promise<Verdict> {
  const guests = await host.run(
    reads(
      [
        'xe',
        'vm-list',
        `resident-on=${params.host}`,
        'is-control-domain=false',
        'params=name-label',
        '--minimal',
      ],
      15_000,
    ),
  );
  if (guests.kind !== 'exited' || guests.code !== 0) {
    return { kind: 'cannotTell', because: 'what runs on the host cannot be read' };
  }
  const names = parseMinimal(guests.stdout);
  if (names.length === 0) return { kind: 'notYet' };
  const because = `${listed(names)} run on it: move or shut them down first, or leave the reboot test out`;
  return { kind: 'refused', because };
}
