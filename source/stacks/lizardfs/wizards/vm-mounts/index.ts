import { z } from 'zod';
import { open, type Fault, type Question } from '../../../../core/form.js';
import type { Reader } from '../../../../core/host.js';
import { listed } from '../../../../core/text.js';
import {
  defineWizard,
  type Answers,
  type Drafted,
  type WizardSpec,
} from '../../../../core/wizard.js';
import { fstabEntries } from '../../../../files/fstab.js';
import {
  addMounts,
  FSTAB_BACK,
  KEEPERS,
  mountFaults,
  UNITS_BACK,
  type Place,
} from '../../mounting/add-mount.js';
import { keeperQuestion } from '../../mounting/keeper-question.js';
import { lookAtClient, type ClientHost, type FoundClient } from '../../mounting/look.js';
import { Steps } from '../../../../core/plan-steps.js';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'it must be a name without blanks');
const folder = z
  .string()
  .regex(
    /^\/(?:[A-Za-z0-9_@-][A-Za-z0-9_.@-]*\/?)+$/,
    'it must be a folder, such as /mnt/vms, without blanks',
  )
  .transform((path) => path.replace(/\/+$/, ''));

const answersSchema = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1, 'choose at least one host'),
  guests: z.array(name).default([]),
  more: z
    .string()
    .regex(/^[A-Za-z0-9_. -]*$/, 'it must be names, with blanks between')
    .default('')
    .describe('Names of guests that do not exist yet, with blanks between'),
  folder: folder
    .default('/vms')
    .describe('Folder in the file system that holds one for each guest'),
  mountRoot: folder.default('/mnt/vms'),
  master: name.default('mfsmaster'),
  keeper: z.enum(KEEPERS).default('fstab').describe('What mounts it after a restart'),
  config: z
    .boolean()
    .default(false)
    .describe('A config file of the client for each guest (mfsmount -c)'),
});

type VmAnswers = z.infer<typeof answersSchema>;

interface Found {
  readonly hosts: readonly FoundClient[];
}

/**
 * Each guest has a folder and a mount of its own: a client process that serves one guest alone does
 * not keep the others waiting.
 */
export const vmMountsSpec: WizardSpec<Found, VmAnswers> = {
  id: 'lizardfs.vm-mounts',
  title: 'A mount of LizardFS for each guest',
  says: 'Makes a folder for each guest, and mounts it on its own, with a client process of its own.',
  answers: answersSchema,
  look: async (hosts: readonly Reader[]) => ({ hosts: await Promise.all(hosts.map(lookAtClient)) }),
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const vmMounts = defineWizard(vmMountsSpec);

function known({ hosts }: Found): readonly ClientHost[] {
  return hosts.flatMap((host) => (host.ok ? [host] : []));
}

function questions(found: Found, answers: Answers): readonly Question[] {
  const able = known(found).filter(({ client }) => client !== undefined);
  const { hosts: chosen } = answers;
  const taken = Array.isArray(chosen) ? able.filter((host) => chosen.includes(host.name)) : able;
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} could not be looked at: ${host.because}.`],
  );
  return [
    {
      key: 'hosts',
      ask: 'On which hosts?',
      explains: `All on which the guests may run.${silent.join('')}`,
      kind: 'many',
      columns: [
        { title: 'HOST', min: 8 },
        { title: 'GUESTS', min: 16, grow: 1 },
      ],
      choices: able.map(({ name: host, guests }) => ({
        value: host,
        cells: [{ text: host }, { text: listed(guests) || 'none' }],
        gate: open,
      })),
      default: able.map(({ name: host }) => host),
      least: 1,
    },
    {
      key: 'guests',
      ask: 'For which guests?',
      explains: 'Their disks are not moved: that is done by the hypervisor afterwards.',
      kind: 'many',
      columns: [{ title: 'GUEST', min: 16, grow: 1 }],
      choices: [...new Set(taken.flatMap(({ guests }) => guests))].map((guest) => ({
        value: guest,
        cells: [{ text: guest }],
        gate: open,
      })),
      default: [],
    },
    text('more', 'Which others, that do not exist yet?', 'Names, with blanks between.', ''),
    text(
      'folder',
      'Which folder of the file system holds theirs?',
      'It is made if it is not there.',
      '/vms',
    ),
    text(
      'mountRoot',
      'Beneath which folder are they mounted?',
      'The same on all hosts, so that guests can move.',
      '/mnt/vms',
    ),
    text(
      'master',
      'By which name or address is the master found?',
      'As in /etc/hosts.',
      'mfsmaster',
    ),
    keeperQuestion,
    {
      key: 'config',
      ask: 'A config file for each guest?',
      explains:
        'The client of each guest then reads a file of its own (`mfsmount -c`), where its cache and limits can be set.',
      kind: 'yes-no',
      default: false,
    },
  ];
}

function text(key: string, ask: string, explains: string, first: string): Question {
  return { key, ask, explains, kind: 'text', default: first };
}

function plan(found: Found, answers: VmAnswers): Drafted {
  const hosts = known(found).filter((host) => answers.hosts.includes(host.name));
  const guests = [
    ...new Set([...answers.guests, ...answers.more.split(' ').filter((one) => one !== '')]),
  ];
  const places = guests.map((guest): Place => ({
    target: `${answers.mountRoot}/${guest}`,
    master: answers.master,
    subfolder: `${answers.folder}/${guest}`,
  }));
  const placesOn = (host: ClientHost): readonly Place[] =>
    answers.config
      ? places.map((place, at) => ({ ...place, config: configOf(host, place, guests[at] ?? '') }))
      : places;
  const whole = hosts.flatMap((host) => wholeMount(host) ?? [])[0];
  const faults = faultsOf(found, answers, places, whole);
  if (faults.length > 0 || !whole) return { ok: false, faults };
  const steps = new Steps();
  for (const { subfolder } of places) {
    const path = `${whole.point}${subfolder}`;
    steps.add(whole.host, 'file.make-folder', { path, within: whole.point });
  }
  for (const host of hosts) addMounts(steps, host, placesOn(host), answers.keeper);
  return {
    ok: true,
    draft: {
      title: `A mount for ${listed(guests)} on ${listed(hosts.map((host) => host.name))}`,
      steps: steps.list,
      basis: [],
      confirmations: [],
      loses: [],
      putBack: answers.keeper === 'unit' ? UNITS_BACK : FSTAB_BACK,
      warnings: hosts.flatMap((host) => keptConfigs(host, placesOn(host))),
    },
  };
}

/** Each client reads a file of its own, so that cache and limits can be set for one guest alone. */
function configOf(
  { flavour: { family, configFolders } }: ClientHost,
  { master }: Place,
  guest: string,
): NonNullable<Place['config']> {
  const prefix = family?.prefix ?? 'mfs';
  return {
    path: `${configFolders[0] ?? '/etc/mfs'}/${prefix}mount-${guest}.cfg`,
    text: `# The mount of the guest ${guest}: a line an option, as after \`${prefix}mount -o\`.\n${prefix}master=${master}\n`,
  };
}

function keptConfigs(
  { name: host, configs }: ClientHost,
  places: readonly Place[],
): readonly string[] {
  return places.flatMap(({ config }) =>
    config && configs.includes(config.path)
      ? [`${host}: ${config.path} is there already and is used as it is, unread.`]
      : [],
  );
}

/** Where a host has all of the file system mounted: there folders are made. */
function wholeMount(
  host: ClientHost,
): { readonly host: string; readonly point: string } | undefined {
  const entries = fstabEntries(host.fstab);
  const found = host.mounts.find(({ mountPoint }) => {
    const entry = entries.find(({ target }) => target === mountPoint);
    const part = entry?.options.some((option) => /subfolder=\/./.test(option));
    return part !== true && !/:\/./.test(entry?.source ?? '');
  });
  return found && { host: host.name, point: found.mountPoint };
}

function faultsOf(
  found: Found,
  answers: VmAnswers,
  places: readonly Place[],
  whole: ReturnType<typeof wholeMount>,
): readonly Fault[] {
  const faults = answers.hosts.flatMap((wanted): Fault[] => {
    const host = found.hosts.find((one) => one.name === wanted);
    if (!host)
      return [{ key: 'hosts', says: `${wanted} is not among the hosts that were looked at` }];
    if (!host.ok)
      return [{ key: 'hosts', says: `${wanted} could not be looked at: ${host.because}` }];
    return mountFaults(host, places, answers.keeper).map((says) => ({
      key: 'hosts',
      says: `${wanted}: ${says}`,
    }));
  });
  return [
    ...faults,
    ...(places.length === 0 ? [{ key: 'guests', says: 'name at least one guest' }] : []),
    ...(whole
      ? []
      : [
          {
            key: 'hosts',
            says: 'none of them has the whole file system mounted, where folders could be made: mount it first',
          },
        ]),
  ];
}
