import type { Fault } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import { parseKeyValue, valueOf } from '../../../../files/key-value.js';
import type { MasterAnswers } from './answers.js';
import type { Found, MasterHost } from './look.js';
import { dataText, hasPassword } from './questions.js';

/** The chosen hosts, or all that stands against the answers. */
export type Checked =
  | { readonly ok: true; readonly master: MasterHost; readonly shadows: readonly MasterHost[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Holds the answers against what was found; every fault is named, not only the first. */
export function checkAnswers(found: Found, answers: MasterAnswers): Checked {
  const faults: Fault[] = [];
  const find = (key: string, name: string): MasterHost | undefined => {
    const host = found.hosts.find((one) => one.name === name);
    if (host?.ok) return host;
    const because = host?.because ?? 'it is not among the hosts that were looked at';
    faults.push({ key, says: `${name}: ${because}` });
    return undefined;
  };
  const master = find('master', answers.master);
  const shadows = answers.shadows.flatMap((name) => find('shadows', name) ?? []);
  if (answers.shadows.includes(answers.master)) {
    faults.push({ key: 'shadows', says: `${answers.master} is the master` });
  }
  if (new Set(answers.shadows).size < answers.shadows.length) {
    faults.push({ key: 'shadows', says: 'a host is named twice' });
  }
  if (!master) return { ok: false, faults };
  const chosen = [master, ...shadows];
  faults.push(...oneMaster(found, master), ...oneSpace(found, master), ...running(master, shadows));
  faults.push(...productFaults(found, answers));
  const prefixes = new Set(chosen.map(({ flavour }) => flavour.family?.packages.master));
  if (prefixes.size > 1) faults.push({ key: 'shadows', says: 'they are of different products' });
  const some = !found.moose && chosen.some(hasPassword) && !chosen.every(hasPassword);
  if (answers.password === 'make' && some) {
    const having = listed(chosen.filter(hasPassword).map(({ name }) => name));
    faults.push({ key: 'password', says: `${having} has one already: give that one, or none` });
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, master, shadows };
}

/** MooseFS has other means than LizardFS and SaunaFS, and they have not its. */
function productFaults(
  { moose }: Found,
  { masterHost, shadows, goals, classes, metaloggers }: MasterAnswers,
): readonly Fault[] {
  const fault = (key: string, says: string): Fault => ({ key, says });
  if (!moose) {
    const only = 'only MooseFS has them';
    return [
      ...(masterHost === '' ? [fault('masterHost', 'it must be given')] : []),
      ...(classes.length > 0 ? [fault('classes', only)] : []),
      ...(metaloggers.length > 0 ? [fault('metaloggers', only)] : []),
    ];
  }
  const known = new Set(moose.loggers.map(({ host }) => host));
  const there = new Set(moose.classes.map(({ name }) => name));
  const names = classes.map(({ name }) => name);
  return [
    ...(shadows.length > 0
      ? [fault('shadows', 'MooseFS has none without PRO: choose metaloggers, of which one is made')]
      : []),
    ...(goals.length > 0
      ? [fault('goals', 'MooseFS has no mfsgoals.cfg: it has storage classes')]
      : []),
    ...metaloggers.flatMap((name) =>
      known.has(name) ? [] : [fault('metaloggers', `${name} has no mfsmetalogger`)],
    ),
    ...(classes.length > 0 && !moose.mount
      ? [fault('classes', 'no host has it mounted, and they are made through a mount: do it later')]
      : []),
    ...names.flatMap((name, index) =>
      there.has(name) || names.indexOf(name) < index
        ? [fault('classes', `${name} is there already; mfsscadmin(1) changes it`)]
        : [],
    ),
  ];
}

/** A second master would take writes that the first does not know of. */
function oneMaster(found: Found, master: MasterHost): readonly Fault[] {
  const others = found.masters.filter(({ host }) => host !== master.name);
  const asleep = found.hosts.flatMap((host) => {
    const text = host.ok ? host.server.text : null;
    if (!host.ok || host.name === master.name || host.status) return [];
    // MooseFS starts without a config as well.
    if (text === null && host.flavour.family?.id !== 'moosefs') return [];
    const says = valueOf(parseKeyValue(text ?? ''), 'PERSONALITY') ?? 'master';
    // What a metalogger keeps makes no master of its host.
    const own = host.data.filter((file) => !/_ml(?:_|\.)/.test(file.name));
    return says.toLowerCase() === 'master' && own.length > 0 ? [host] : [];
  });
  return [
    ...others.map(({ host, address }) => ({
      key: 'master',
      says: `${host} runs as master (${address}): choose it, or move the master by its recovery`,
    })),
    ...asleep.map(({ name, server }) => ({
      key: 'master',
      says: `${name}: ${found.moose ? '' : `${server.path} says that it is the master, and `}it has metadata: it would be a second one as soon as it starts`,
    })),
  ];
}

/** An empty name space beside one that has files would lose them. */
function oneSpace(found: Found, master: MasterHost): readonly Fault[] {
  if (master.data.length > 0) return [];
  return found.hosts.flatMap((host) =>
    host.ok && host.name !== master.name && host.data.length > 0
      ? [
          {
            key: 'master',
            says: `${master.name} has no metadata, and ${host.name} has: ${dataText(host.data)}. An empty file system is not made beside it`,
          },
        ]
      : [],
  );
}

function running(master: MasterHost, shadows: readonly MasterHost[]): readonly Fault[] {
  const wrong = [
    ...(master.status && master.status.personality !== 'master' ? [master] : []),
    ...shadows.filter(({ status }) => status && status.personality !== 'shadow'),
  ];
  return wrong.map(({ name, status }) => ({
    key: name === master.name ? 'master' : 'shadows',
    says: `${name} runs as ${status?.personality ?? ''}: to change that is a matter for the recovery`,
  }));
}
