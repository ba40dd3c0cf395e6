import { z } from 'zod';
import { reads, type Command, type Outcome, type Reader } from '../../../core/host.js';
import { quote, showCommand } from '../../../core/quote.js';
import { defineStep, type Progress, type Verdict } from '../../../core/step.js';
import { bootNote, startScript } from '../boot-hook.js';
import { lookAtPlug, notMountedWords, type PlugLook } from './look-at-plug.js';
import { mayGoDown } from './may-go-down.js';
import { plugSchema, storageOf, type PlugParams } from './params.js';

const paramsSchema = plugSchema.extend({
  /** How the host is called, for what is said of it. */
  hostName: z.string().min(1),
  /** Of the boot before: another one shows that the host was rebooted. */
  bootId: z.string().regex(/^[0-9a-f-]+$/i, 'it must be a boot id'),
});

/** The parameters of `xapi.reboot-test`. */
export type RebootTest = z.infer<typeof paramsSchema>;

/** Another one after each boot (random(4)). */
export const BOOT_ID: Command<'reads'> = reads(['cat', '/proc/sys/kernel/random/boot_id'], 6000);

/**
 * Reboots a host and follows it until it is back with the repository attached to the mounted file
 * system, by the boot hook and by nobody's hand. Refused while virtual machines run there, which a
 * person moves or shuts down, and while another host of the pool is away.
 */
export const rebootTest = defineStep<RebootTest>({
  id: 'xapi.reboot-test',
  params: paramsSchema,
  effect: () => 'changes',
  touches: storageOf,
  tell: ({ srName }) => ({ title: 'reboot the host', on: `and see ${srName} attached again` }),
  preview: (params) => ({
    kind: 'commands',
    lines: commands(params).map(({ argv }) => showCommand(argv)),
  }),
  check,
  commands,
  restarts: true,
  wait: { every: 5000, atMost: 1_800_000, progress, tooLate },
  undo: () => ({ kind: 'nothing' }),
});

/**
 * The host is given time to say that it was told, and goes down by itself. What comes late, over a
 * connection that was made after the reboot, finds another boot and does nothing: it would reboot a
 * host twice, or disable one that has come back.
 */
function commands({ host, bootId }: RebootTest): readonly Command<'changes'>[] {
  const same = `test "$(cat /proc/sys/kernel/random/boot_id)" = ${quote(bootId)}`;
  const disable = `if ${same}; then xe host-disable uuid=${host}; fi`;
  const reboot = `(${same} && sleep 2 && systemctl reboot) >/dev/null 2>&1 &`;
  return [
    { argv: ['sh', '-c', disable], effect: 'changes', deadline: 120_000 },
    { argv: ['sh', '-c', reboot], effect: 'changes', deadline: 20_000 },
  ];
}

async function check(host: Reader, params: RebootTest): Promise<Verdict> {
  const boot = await host.run(BOOT_ID);
  if (boot.kind !== 'exited') return away(boot, params);
  const now = boot.stdout.trim();
  if (now === params.bootId) return mayGoDown(host, params);
  const verdict = afterReboot(await lookAfter(host, params), params);
  if (verdict.kind !== 'done') return verdict;
  return { kind: 'done', says: `boot ${params.bootId} before, ${now} after` };
}

/** A host that is down is on its way, unless only a person can let us in again. */
function away(outcome: Outcome, { hostName }: RebootTest): Verdict {
  const failure = outcome.kind === 'unreachable' ? outcome.final : undefined;
  if (!failure) return { kind: 'notYet' };
  const { what, means, todo } = failure;
  const because = `after the reboot ${hostName} is not connected to any more: ${what}. ${means} ${todo} It is not rebooted again by \`resume\`.`;
  return { kind: 'cannotTell', because };
}

/** What a host shows that has come back. */
interface Back {
  readonly plug: PlugLook;
  /** What the hook's first call of this boot came to. */
  readonly note: 'mounted' | 'failed' | 'none';
  /** The pool lets virtual machines start there: xapi is done with the repositories by then. */
  readonly enabled: boolean;
}

async function lookAfter(host: Reader, params: PlugParams): Promise<Back> {
  const enabled = ['xe', 'host-list', `uuid=${params.host}`, 'params=enabled', '--minimal'];
  const [plug, noted, listed] = await Promise.all([
    lookAtPlug(host, params),
    host.run(reads(['cat', '--', bootNote(params.sr)])),
    host.run(reads(enabled, 15_000)),
  ]);
  const said = printed(noted);
  const note = said === 'mounted' || said === 'failed' ? said : 'none';
  return { plug, note, enabled: printed(listed) === 'true' };
}

function printed(outcome: Outcome): string {
  return outcome.kind === 'exited' && outcome.code === 0 ? outcome.stdout.trim() : '';
}

function afterReboot({ plug, note, enabled }: Back, { sr, srName }: RebootTest): Verdict {
  const refused = (because: string): Verdict => ({ kind: 'refused', because });
  const script = startScript(sr);
  if (note === 'failed') {
    return refused(
      `it came back, and ${script} could not mount the file system at boot: ${srName} must not be attached there before it is mounted`,
    );
  }
  if (!plug.ok) return { kind: 'notYet' };
  if (!plug.pbd?.attached) {
    if (!enabled) return { kind: 'notYet' };
    const ran =
      note === 'none' ? `${script} has not run since the boot` : `${script} has mounted it`;
    return refused(`it came back, and xapi has not attached ${srName} (${ran})`);
  }
  const { beneath } = plug;
  const empty = notMountedWords(beneath);
  if (empty !== undefined || (beneath.kind === 'folder' && beneath.boundElsewhere)) {
    const why = empty ?? 'it was attached before the file system was mounted';
    return refused(
      `it came back, and ${srName} shows an empty folder: the boot hook does not work (${why})`,
    );
  }
  if (note === 'none') {
    return refused(
      `it came back and ${srName} is attached, but not by the boot hook: ${script} has not run since the boot, so something else has mounted it`,
    );
  }
  return { kind: enabled ? 'done' : 'notYet' };
}

async function progress(host: Reader, params: RebootTest): Promise<Progress> {
  const { hostName, bootId, srName } = params;
  const boot = await host.run(BOOT_ID);
  if (boot.kind !== 'exited') {
    return { says: `${hostName} is away (${boot.reason}); Ctrl-C leaves it, and resume goes on` };
  }
  if (boot.stdout.trim() === bootId) return { says: `${hostName} is going down` };
  const look = await lookAtPlug(host, params);
  if (!look.ok) return { says: `${hostName} is back; xapi is starting` };
  const still =
    look.pbd?.attached === true
      ? 'the pool has not enabled it yet'
      : `${srName} is not attached yet`;
  return { says: `${hostName} is back; ${still}` };
}

function tooLate({ hostName }: RebootTest, last: Progress | undefined): string {
  const seen = last ? ` (last seen: ${last.says})` : '';
  return `${hostName} was rebooted and is not back as it was within 30 min${seen}. Look at its console; no other host is rebooted meanwhile, and \`resume\` waits on without rebooting it again`;
}
