import type { Basis } from '../../../../core/plan.js';
import type { PlanSecret } from '../../../../core/secret.js';
import { listed } from '../../../../core/text.js';
import type { Draft, Drafted } from '../../../../core/wizard.js';
import { PORTS } from '../../flavour/families.js';
import { reloadWay } from '../../recoveries/lost-master/service.js';
import { mastersAmong } from '../../tools/who-is-master.js';
import { bootWarnings, enable } from '../boot.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { MasterAnswers } from './answers.js';
import { checkAnswers } from './checks.js';
import { addFirstSave, addMoose } from './moosefs.js';
import { exportsEdit, goalsEdit, ownerOf, PASSWORD, serverEdit } from './config.js';
import type { Found, MasterHost } from './look.js';
import { addGoalsCheck, addReload, addStart } from './service.js';
import { dataText, hasPassword } from './questions.js';

/**
 * The plan: the master with its configuration, its empty metadata if it is new, and its start; then
 * each shadow; at the end all of them are asked over the network.
 */
export function plan(found: Found, answers: MasterAnswers): Drafted {
  const checked = checkAnswers(found, answers);
  if (!checked.ok) return checked;
  const { master, shadows } = checked;
  const steps = new Steps();
  addHost(steps, master, 'master', answers);
  const [started] = steps.ends;
  for (const shadow of shadows) addHost(steps, shadow, 'shadow', answers, started);
  if (found.moose) addMoose(steps, found.moose, master, answers, started);
  const all = [master, ...shadows];
  const { admin } = found;
  if (admin && master.status && goalsEdit(master, answers)) {
    addGoalsCheck(steps, admin, master, answers.goals);
  }
  if (admin)
    steps.add(admin.host, 'lizardfs.wait-for-masters', waiting(admin.tool, all), steps.ends);
  const secrets = secretsOf(all, answers);
  return {
    ok: true,
    draft: {
      title: `${master.name} as master${shadows.length > 0 ? `, ${listed(shadows.map(({ name }) => name))} as shadow` : ''}`,
      steps: steps.list,
      basis: [...basisOf(found), ...all.map(dataBasis)],
      confirmations: [],
      ...(secrets.length > 0 && { secrets }),
      loses: [],
      putBack:
        'The metadata servers that were started are stopped, and the files put back. Metadata stays: it may name files by then. A file that holds a password stays closed to others.',
      warnings: warnings(found, master, shadows, answers),
    },
  };
}

function addHost(
  steps: Steps,
  host: MasterHost,
  personality: 'master' | 'shadow',
  answers: MasterAnswers,
  after?: string,
): void {
  const { name } = host;
  const edits = [
    serverEdit(host, personality, answers),
    exportsEdit(host, answers),
    goalsEdit(host, answers),
  ].filter((edit) => edit !== undefined);
  const reload = host.status && reloadWay(host.flavour, 'master');
  for (const edit of edits) {
    steps.add(name, 'file.edit', { ...edit, ...(reload && { afterUndo: [...reload.argv] }) });
  }
  if (reload && edits.length > 0) addReload(steps, host, reload);
  const isNew = personality === 'master' && host.data.length === 0;
  const owner = ownerOf(host);
  if (isNew) {
    const file = `metadata.${host.flavour.family?.prefix ?? 'mfs'}`;
    const user = owner?.user ?? 'root';
    steps.add(name, 'lizardfs.empty-metadata', {
      folder: host.dataFolder,
      file,
      user,
      group: owner?.group ?? user,
    });
  }
  if (host.status) return;
  addStart(steps, host, after);
  if (isNew && host.flavour.family?.id === 'moosefs') addFirstSave(steps, host);
  enable(steps, name, host.boot);
}

function waiting(admin: string, [master, ...shadows]: readonly MasterHost[]) {
  const server = (host: MasterHost | undefined, personality: string) => ({
    host: host?.name ?? '',
    address: host?.flavour.addresses[0] ?? '',
    port: PORTS.client,
    personality,
  });
  return {
    admin,
    servers: [server(master, 'master'), ...shadows.map((one) => server(one, 'shadow'))],
  };
}

function secretsOf(
  hosts: readonly MasterHost[],
  { password }: MasterAnswers,
): readonly PlanSecret[] {
  const moose = hosts.every(({ flavour }) => flavour.family?.id === 'moosefs');
  if (moose || password === 'none' || hosts.every(hasPassword)) return [];
  const having = hosts.filter(hasPassword).map(({ name }) => name);
  const like = having.length > 0 ? `, the one that ${listed(having)} has` : '';
  const says = `ADMIN_PASSWORD of the metadata servers${like}`;
  return [{ name: PASSWORD, says, from: password === 'make' ? 'made' : 'asked' }];
}

/**
 * Who is master now: asked again over the network before anything is changed, all at a time, since one
 * that hangs costs 5 s.
 */
function basisOf({ admin, addresses, masters }: Found): readonly Basis[] {
  if (!admin) return [];
  return [
    {
      host: admin.host,
      says: 'the addresses at which a master answers',
      argv: mastersAmong(admin.tool, addresses),
      expect: masters
        .map(({ address }) => address)
        .toSorted()
        .join('\n'),
    },
  ];
}

/** Metadata that appeared since is not overlooked; sizes and dates of a running server change. */
function dataBasis({ name, dataFolder, data }: MasterHost): Basis {
  const script =
    'for f in "$1"/metadata.* "$1"/changelog*; do case $f in *.empty|*.lock) continue ;; esac; [ -f "$f" ] && { echo some; break; }; done; true';
  return {
    host: name,
    says: `whether there is metadata in ${dataFolder}`,
    argv: ['sh', '-c', script, 'sh', dataFolder],
    expect: data.length > 0 ? 'some' : '',
  };
}

function warnings(
  found: Found,
  master: MasterHost,
  shadows: readonly MasterHost[],
  { password, metaloggers }: MasterAnswers,
): Draft['warnings'] {
  const running = [master, ...shadows].filter(({ status }) => status);
  const { data } = master;
  return [
    ...(data.length > 0 && !master.status
      ? [`${master.name} has metadata already and starts from it: ${dataText(data)}.`]
      : []),
    ...reloadWarnings(running),
    ...[master, ...shadows].flatMap(({ name, boot, status }) =>
      status ? [] : bootWarnings(name, boot),
    ),
    ...((found.moose ? metaloggers : shadows).length === 0
      ? [
          `There is no ${found.moose ? 'metalogger' : 'shadow'}: when the master is lost, so is what it knew.`,
        ]
      : []),
    ...(!found.moose && password === 'none' && ![master, ...shadows].every(hasPassword)
      ? ['Without ADMIN_PASSWORD nobody can promote a shadow or have the configuration read again.']
      : []),
    ...(found.admin
      ? []
      : [
          'No host has the administration tool: whether another master runs was not asked, and the end is not checked.',
        ]),
  ];
}

/** SIGHUP: all that is edited here is read again; for what is not, a restart would be needed. */
function reloadWarnings(running: readonly MasterHost[]): readonly string[] {
  const [deaf, others] = [false, true].map((able) =>
    running.filter(({ flavour }) => (reloadWay(flavour, 'master') !== undefined) === able),
  );
  return [
    ...(others && others.length > 0
      ? [
          `A metadata server already runs on ${listed(others.map(({ name }) => name))}: where its files are changed it reads them again (reload), and nobody is cut off. What only a restart takes (DATA_PATH, ports, the user) is not changed here.`,
        ]
      : []),
    ...(deaf && deaf.length > 0
      ? [
          `A metadata server already runs on ${listed(deaf.map(({ name }) => name))}, and nothing is known that has it read its files again: do it by hand.`,
        ]
      : []),
  ];
}
