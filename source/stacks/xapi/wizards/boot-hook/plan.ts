import type { Fault } from '../../../../core/form.js';
import type { Json } from '../../../../core/json.js';
import type { Basis, Confirmation } from '../../../../core/plan.js';
import { listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { fstabEntries, parseFstab } from '../../../../files/fstab.js';
import { hookUnit, startScript, UNIT_FOLDER } from '../../boot-hook.js';
import { mountOf, plainPath, type MountPoint } from '../../read/mount-table.js';
import { BOOT_ID } from '../../steps/reboot-test.js';
import type { Plug, Repository } from '../../view.js';
import { ourMembers, type OurMember } from '../pools.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { HookAnswers } from './answers.js';
import { hookDriver } from './driver-text.js';
import type { Found, HookHost } from './look.js';
import { scriptText, unitText, type HookSpec } from './texts.js';

/** A host that gets the hook, with all that its steps are made from. */
export interface Target {
  readonly member: OurMember;
  readonly host: HookHost;
  readonly spec: HookSpec;
  /** The mount that must be there, as the pool's hosts have it. */
  readonly mount: MountPoint;
  /** The folder of the repository. */
  readonly location: string;
}

/** The plan: on each host the script, then what calls it at boot, the master last. */
export function plan(found: Found, answers: HookAnswers): Drafted {
  const pool = found.pools.find(({ repositories }) => {
    return repositories.some(({ sr }) => sr.uuid === answers.repository);
  });
  const repository = pool?.repositories.find(({ sr }) => sr.uuid === answers.repository);
  const members = pool ? ourMembers(pool, found.notAsked) : 'there is no such repository';
  if (!repository || typeof members === 'string') {
    const says = `${answers.repository}: ${typeof members === 'string' ? members : 'there is no such repository'}`;
    return { ok: false, faults: [{ key: 'repository', says }] };
  }
  const targets = members.map((member) => targetOf(found, repository, member));
  const faults = targets.flatMap((one) => ('says' in one ? [one] : []));
  if (faults.length > 0) return { ok: false, faults };
  const ready = targets.flatMap((one) => ('spec' in one ? [one] : []));
  return draftFor(repository, ready, answers);
}

/** The same for some hosts of the pool alone: what a recovery puts back. */
export function draftFor(
  { sr, label }: Repository,
  targets: readonly Target[],
  { way, rebootTest }: Pick<HookAnswers, 'way' | 'rebootTest'>,
): Drafted {
  const steps = new Steps('one by one');
  const faults: Fault[] = [];
  for (const target of targets) {
    addScript(steps, target);
    if (way === 'unit') addUnit(steps, target);
    else faults.push(...addDriver(steps, target));
  }
  if (faults.length > 0) return { ok: false, faults };
  if (rebootTest) for (const target of targets) addReboot(steps, target, label);
  const names = targets.map(({ host }) => host.name);
  return {
    ok: true,
    draft: {
      title: `Boot hook of ${label} on ${listed(names)}`,
      steps: steps.list,
      basis: rebootTest ? targets.map(bootBasis) : [],
      confirmations: rebootTest ? targets.map(rebootConfirmation) : [],
      loses: [],
      putBack:
        way === 'unit'
          ? 'The unit is disabled, unit and script are taken away or put back as they were. A reboot cannot be taken back.'
          : 'FileSR.py and the script are put back as they were. A reboot cannot be taken back.',
      warnings: [
        ...(way === 'driver'
          ? [
              'The next update of the storage drivers replaces FileSR.py and the hook with it; Holdfast tells when it does.',
            ]
          : [
              'An upgrade that installs the system anew takes unit and script away; Holdfast tells when it does.',
            ]),
        ...(rebootTest
          ? []
          : [`Whether ${sr.uuid.slice(0, 8)} comes back after a reboot is known only after one.`]),
      ],
    },
  };
}

/** What a member gets; or what stands against it. */
export function targetOf(found: Found, repository: Repository, member: OurMember): Target | Fault {
  const { sr, plugs, label } = repository;
  const fault = (says: string): Fault => ({ key: 'repository', says: `${member.host}: ${says}` });
  const host = found.hosts.get(member.host);
  if (!host) return fault(found.failures.get(member.host) ?? 'it was not looked at');
  const own = plugs.find(({ member: one }) => one.uuid === member.uuid);
  if (!own) return fault(`it is not connected to ${label}`);
  const mount = mountFor(own, plugs);
  if (typeof mount === 'string') return fault(mount);
  const entry = fstabEntries(parseFstab(host.fstab ?? '')).find(
    ({ target }) => plainPath(target) === mount.target,
  );
  const how = entry ? ['mount', '--', mount.target] : mountByHand(mount);
  if (!how) {
    return fault(
      `/etc/fstab has no line for ${mount.target}, and how a ${mount.type} is mounted is not known: add the line first`,
    );
  }
  const spec = {
    sr: sr.uuid,
    srName: label,
    mountPoint: mount.target,
    services: host.services,
    mount: how,
  };
  const location = plainPath(own.pbd.config.get('location') ?? mount.target);
  return { member, host, spec, mount, location };
}

/** The mount beneath a PBD: its own, or that of another host where its own is not there now. */
export function mountFor(own: Plug, plugs: readonly Plug[]): MountPoint | string {
  const location = own.pbd.config.get('location') ?? '';
  const path = plainPath(location);
  for (const plug of [own, ...plugs]) {
    if (plainPath(plug.pbd.config.get('location') ?? '') !== path) continue;
    const mount = mountOf(plug.member.local?.value.mounts ?? [], path);
    if (mount && mount.target !== '/') return mount;
  }
  return `nothing is mounted at ${location} on any host of the pool`;
}

/** LizardFS without a line in fstab: the client's own program, with the master that is in use. */
function mountByHand({ target, source, type }: MountPoint): readonly string[] | undefined {
  const [, master, port = '9421'] = /^(?:mfs|sfs)#([\w.-]+)(?::(\d+))?/.exec(source) ?? [];
  if (!type.startsWith('fuse') || master === undefined) return undefined;
  return ['mfsmount', target, '-H', master, '-P', port];
}

function edit(
  host: HookHost,
  path: string,
  after: string,
  more: Readonly<Record<string, Json>> = {},
): Json {
  return { path, before: host.files.get(path) ?? null, after, ...more };
}

function addScript(steps: Steps, { host, spec }: Target): void {
  const path = startScript(spec.sr);
  const more = { mode: '755', checker: ['sh', '-n', '{}'] };
  steps.add(host.name, 'file.edit', edit(host, path, scriptText(spec), more));
  // An edit leaves an old file's mode as it was, and one that may not be run is a lost hook, too.
  steps.add(host.name, 'command.run', {
    title: 'let it be run',
    on: path,
    argv: ['chmod', '755', path],
    effect: 'changes',
    shows: {
      argv: ['sh', '-c', 'if [ -x "$1" ]; then echo yes; fi', 'sh', path],
      expect: 'yes',
    },
  });
}

function addUnit(steps: Steps, { host, spec }: Target): void {
  const unit = hookUnit(spec.sr);
  steps.add(host.name, 'file.edit', edit(host, `${UNIT_FOLDER}/${unit}`, unitText(spec)));
  steps.add(host.name, 'command.run', {
    title: 'enable the unit',
    on: unit,
    argv: ['sh', '-c', 'systemctl daemon-reload && systemctl enable "$1"', 'sh', unit],
    effect: 'changes',
    shows: { argv: ['systemctl', 'is-enabled', unit], expect: 'enabled' },
    undo: { says: `disable ${unit}`, argv: ['systemctl', 'disable', unit] },
  });
}

/** Python compiles the new text before it takes effect, without leaving a file of its own behind. */
const COMPILES = 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")';

function addDriver(steps: Steps, { host, spec }: Target): readonly Fault[] {
  const { name, driver } = host;
  const fault = (says: string): Fault => ({ key: 'way', says: `${name}: ${says}` });
  if (!driver) return [fault('no FileSR.py or no Python was found')];
  const edited = hookDriver(driver.text, spec.sr, startScript(spec.sr));
  if (!edited.ok) return [fault(`${driver.path}: ${edited.because}`)];
  const checker = [driver.python, '-c', COMPILES, '{}'];
  steps.add(name, 'file.edit', edit(host, driver.path, edited.text, { checker }));
  return [];
}

function addReboot(steps: Steps, target: Target, label: string): void {
  const { member, host, spec, location } = target;
  steps.add(host.name, 'xapi.reboot-test', {
    sr: spec.sr,
    srName: label,
    host: member.uuid,
    location,
    hostName: host.name,
    bootId: host.bootId,
  });
}

/** A boot in between was without the hook, or nobody saw what it came to. */
function bootBasis({ host }: Target): Basis {
  return { host: host.name, says: 'its boot', argv: BOOT_ID.argv, expect: host.bootId };
}

function rebootConfirmation({ host, member }: Target): Confirmation {
  return {
    word: host.name,
    accepts: `${host.name}${member.isMaster ? ', the master of the pool,' : ''} is rebooted`,
  };
}
