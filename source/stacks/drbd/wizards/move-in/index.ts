import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { closed, open, type Fault, type Question } from '../../../../core/form.js';
import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { Steps } from '../../../../core/plan-steps.js';
import { ask } from '../../../../core/tool.js';
import { defineWizard, type Drafted, type WizardSpec } from '../../../../core/wizard.js';
import { mounts, type DrbdMount } from '../../read/mounts.js';

const path = z
  .string()
  .regex(/^(?:\/[^\s/\p{Cc}]+)+$/u, 'it must be a folder, such as /srv/old, without blanks')
  .refine((text) => !text.split('/').includes('..'), 'it must not lead upwards');

const answersSchema = z.strictObject({
  target: z.string().min(1).describe('HOST:MOUNT POINT'),
  source: path,
  compare: z.boolean().default(false),
});

/** What the wizard is told. */
export type MoveInAnswers = z.infer<typeof answersSchema>;

/** What was found on a host, or why nothing was. */
type FoundHost =
  | {
      readonly ok: true;
      readonly name: HostName;
      readonly hasRsync: boolean;
      /** File systems on DRBD devices, and whether there are files on them already. */
      readonly mounts: readonly (DrbdMount & { readonly isEmpty: boolean })[];
    }
  | { readonly ok: false; readonly name: HostName; readonly because: string };

/** All that the wizard looked at. */
interface Found {
  readonly hosts: readonly FoundHost[];
  readonly fresh: string;
}

/** $@ mount points: those with a file of anybody's. They are of this moment's use, so none hangs. */
const FILLED =
  'command -v rsync >/dev/null 2>&1 && echo rsync; for m do [ -z "$(find "$m" -xdev -mindepth 1 -maxdepth 1 ! -name lost+found -print -quit)" ] && echo "empty $m"; done; true';

async function look(hosts: readonly Reader[]): Promise<Found> {
  return { hosts: await Promise.all(hosts.map(lookAtHost)), fresh: randomUUID() };
}

async function lookAtHost(host: Reader): Promise<FoundHost> {
  const { name } = host;
  const mounted = await ask(host, mounts);
  if (mounted.kind === 'failed') return { ok: false, name, because: mounted.failure.what };
  const all = mounted.kind === 'value' ? mounted.value : [];
  const argv = ['sh', '-c', FILLED, 'sh', ...all.map(({ at }) => at)];
  const told = await host.run(reads(argv, 20_000));
  if (told.kind !== 'exited') return { ok: false, name, because: told.reason };
  const lines = told.stdout.split('\n');
  const found = all.map((one) => ({ ...one, isEmpty: lines.includes(`empty ${one.at}`) }));
  return { ok: true, name, hasRsync: lines.includes('rsync'), mounts: found };
}

function questions(found: Found): readonly Question[] {
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} could not be looked at: ${host.because}.`],
  );
  const choices = found.hosts.flatMap((host) =>
    host.ok
      ? host.mounts.map(({ at, device, type, isEmpty }) => ({
          value: `${host.name}:${at}`,
          cells: [
            { text: host.name },
            { text: at },
            { text: `${type} on ${device}` },
            { text: isEmpty ? 'empty' : 'holds files' },
          ],
          gate: host.hasRsync ? open : closed(`rsync is not on ${host.name}`),
        }))
      : [],
  );
  const first = choices.find(({ gate }) => gate.open);
  return [
    {
      key: 'target',
      ask: 'Into which replicated volume?',
      explains: `File systems that are mounted from a DRBD device.${silent.join('')}`,
      kind: 'one',
      choices,
      ...(first && { default: first.value }),
    },
    {
      key: 'source',
      ask: 'From which folder of the same host?',
      explains: 'It is only read. Stop first what writes to it; what is mounted beneath stays out.',
      kind: 'text',
      default: '',
    },
    {
      key: 'compare',
      ask: 'Is every byte read again and compared?',
      explains:
        'Otherwise sizes, times, owners and rights are compared. It takes about as long as the copying.',
      kind: 'yes-no',
      default: false,
    },
  ];
}

function plan(found: Found, { target: key, source, compare }: MoveInAnswers): Drafted {
  const targets = found.hosts.flatMap((host) =>
    host.ok ? host.mounts.map((mount) => ({ host, mount })) : [],
  );
  const chosen = targets.find(({ host, mount }) => `${host.name}:${mount.at}` === key);
  if (!chosen) {
    const says = `${key}: no file system of a DRBD device is mounted there`;
    return { ok: false, faults: [{ key: 'target', says }] };
  }
  const { host, mount } = chosen;
  const target = mount.at;
  const faults: Fault[] = [];
  if (!host.hasRsync) faults.push({ key: 'target', says: `rsync is not on ${host.name}` });
  if (isWithin(source, target) || isWithin(target, source)) {
    faults.push({ key: 'source', says: `${source} and ${target} lie in each other` });
  }
  if (faults.length > 0) return { ok: false, faults };
  const steps = new Steps();
  const copy = { source, target, id: found.fresh };
  steps.add(host.name, 'files.copy', copy);
  steps.add(host.name, 'files.wait-copied', copy);
  steps.add(host.name, 'files.see-same', { source, target, bytes: compare });
  return {
    ok: true,
    draft: {
      title: `${source} is copied to ${target} on ${host.name}`,
      steps: steps.list,
      basis: [
        {
          ...{ host: host.name, says: `what is mounted at ${target}` },
          ...{ argv: ['findmnt', '-n', '-o', 'FSTYPE', target], expect: mount.type },
        },
      ],
      confirmations: mount.isEmpty
        ? []
        : [
            {
              word: target,
              accepts: `files in ${target} that have the same name as one in ${source} are replaced`,
            },
          ],
      loses: mount.isEmpty ? [] : [`files in ${target} of the same name as one in ${source}`],
      putBack: `The copying is stopped; what was copied stays in ${target}. ${source} is never changed.`,
      warnings: [
        'Ctrl-C leaves the copying to go on by itself on the host; `resume` waits on.',
        `What writes to ${source} meanwhile is found at the end, and not copied.`,
      ],
    },
  };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Data of a host is copied into a replicated volume, and compared. */
export const moveInSpec: WizardSpec<Found, MoveInAnswers> = {
  id: 'drbd.move-in',
  title: 'Move data into a replicated volume',
  says: 'Copies a folder of the same host into it with all that its files have, and compares both.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const moveIn = defineWizard(moveInSpec);
