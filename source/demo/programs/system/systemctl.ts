import { mfschunkserver } from '../lizardfs/mfschunkserver.js';
import { drbdUnit } from '../drbd/unit.js';
import { mfsmount } from '../lizardfs/mfsmount.js';
import { nfsServer } from '../nfs/server-unit.js';
import { o2cbUnit } from '../ocfs2/o2cb.js';
import { umount } from './mounts.js';
import { reboot } from '../../fleet/machines.js';
import { startsAtBoot } from '../../fleet/software.js';
import type { Machine } from '../../fleet/state.js';
import { mfsmaster } from '../lizardfs/mfsmaster.js';
import { failed, printed, type Call, type Program, type Ran } from '../program.js';
import { xapi } from '../xapi/toolstack.js';
import { rocksDaemon } from '../rocks/services.js';
import { unitState } from './processes.js';

/** Units whose program knows what is asked of it. */
const DAEMONS: Readonly<Record<string, Program>> = {
  drbd: drbdUnit,
  'lizardfs-chunkserver': mfschunkserver,
  'lizardfs-master': mfsmaster,
  'nfs-server': nfsServer,
  o2cb: o2cbUnit,
  xapi,
};

/** Units whose start and stop a Rocks cluster feels. */
const ROLL = new Set(['img-storage-nas', 'img-storage-vm', 'rabbitmq-server', 'tgtd']);

/** Units whose program the demo plays. */
export const PLAYED: readonly string[] = Object.keys(DAEMONS);

/** `systemctl` to ask after units, and to start, stop, restart and reload them. */
export async function systemctl(call: Call): Promise<Ran> {
  const { args, machine } = call;
  const properties = args.filter((_, i) => args[i - 1] === '-p');
  const rest = args.filter((arg, i) => arg !== '-p' && args[i - 1] !== '-p');
  const [verb = '', ...units] = rest.filter((arg) => !arg.startsWith('-'));
  const names = units.map((unit) => unit.replace(/\.service$/, ''));
  const known = await Promise.all(names.map((name) => isUnit(call, name)));
  const strange = names.find((_, index) => known[index] !== true);
  switch (verb) {
    case 'cat':
      return strange === undefined
        ? printed(names.map((name) => `# /lib/systemd/system/${name}.service\n[Unit]\n`).join(''))
        : failed(1, `No files found for ${strange}.service.\n`);
    case 'show':
      return printed(names.map((name) => shown(machine, name, properties)).join(''));
    case 'daemon-reload':
      return printed('');
    case 'reboot':
      reboot(call.fleet, machine);
      return printed('');
    case 'enable':
    case 'disable':
      return link(call, verb, names, strange);
    case 'start':
    case 'stop':
    case 'restart':
    case 'reload': {
      if (strange !== undefined) {
        return failed(
          5,
          `Failed to ${verb} ${strange}.service: Unit ${strange}.service not found.\n`,
        );
      }
      const runs = await Promise.all(names.map((name) => act(call, verb, name)));
      const bad = runs.find(({ exit }) => exit !== 0);
      return bad ? failed(1, bad.stderr) : printed('');
    }
    default:
      return unitState(call);
  }
}

/** A unit of a package, or one that an administrator made a file for. */
async function isUnit({ machine, files }: Call, name: string): Promise<boolean> {
  if (machine.services.has(name)) return true;
  return (await files?.read(unitPath(name))) !== undefined;
}

/** A name without a kind is a service's. */
function unitPath(name: string): string {
  return `/etc/systemd/system/${fileName(name)}`;
}

function fileName(name: string): string {
  return name.endsWith('.mount') ? name : `${name}.service`;
}

/** The link by which a unit is started at boot is made or taken away; both are told on stderr. */
function link(
  { machine }: Call,
  verb: 'enable' | 'disable',
  names: readonly string[],
  strange: string | undefined,
): Ran {
  if (strange !== undefined) {
    return failed(1, `Failed to ${verb} unit: Unit file ${strange}.service does not exist.\n`);
  }
  const path = (name: string) => `/etc/systemd/system/multi-user.target.wants/${fileName(name)}`;
  const changed = names.filter((name) => machine.enabled.has(name) !== (verb === 'enable'));
  for (const name of changed) {
    if (verb === 'enable') machine.enabled.add(name);
    else machine.enabled.delete(name);
    if (!machine.services.has(name)) machine.services.set(name, false);
  }
  const lines = changed.map((name) =>
    verb === 'enable'
      ? `Created symlink ${path(name)} → ${unitPath(name)}.\n`
      : `Removed ${path(name)}.\n`,
  );
  return { stdout: '', stderr: lines.join(''), exit: 0 };
}

function shown(machine: Machine, name: string, wanted: readonly string[]): string {
  const active = machine.services.get(name);
  const properties: Readonly<Record<string, string>> = {
    CanReload: name in DAEMONS ? 'yes' : 'no',
    ActiveState: active === true ? 'active' : 'inactive',
    UnitFileState: active === undefined ? '' : startsAtBoot(machine, name) ? 'enabled' : 'disabled',
  };
  const keys = wanted.length > 0 ? wanted : Object.keys(properties);
  return keys.map((key) => `${key}=${properties[key] ?? ''}\n`).join('');
}

async function act(call: Call, verb: string, name: string): Promise<Ran> {
  if (ROLL.has(name)) return rocksDaemon(name)({ ...call, args: [verb] });
  const daemon = DAEMONS[name];
  if (daemon) return daemon({ ...call, args: [verb] });
  if (name.endsWith('.mount')) return actOnMount(call, verb, name);
  if (verb === 'reload' && call.machine.services.get(name) !== true) {
    return failed(1, `${name}.service is not active, cannot reload.\n`);
  }
  if (verb === 'start' || verb === 'restart') {
    const ran = await startOwn(call, name);
    if (ran.exit !== 0) return ran;
  }
  call.machine.services.set(name, verb !== 'stop');
  return printed('');
}

/** Runs what a unit of the administrator's own says, and waits for its end. */
async function startOwn({ files, run }: Call, name: string): Promise<Ran> {
  const text = (await files?.read(unitPath(name))) ?? '';
  const [, line] = /^ExecStart=(.*)$/m.exec(text) ?? [];
  const ran = line === undefined ? undefined : await run?.(['sh', '-c', line]);
  if (ran === undefined || ran.exit === 0) return printed('');
  return failed(
    1,
    `Job for ${name}.service failed because the control process exited with error code. See "systemctl status ${name}.service" and "journalctl -xe" for details.\n`,
  );
}

/** A mount unit mounts what its file says, or unmounts it. */
async function actOnMount(call: Call, verb: string, name: string): Promise<Ran> {
  const text = (await call.files?.read(unitPath(name))) ?? '';
  const said = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const target = said('Where');
  const isMounted = call.machine.mounts.some((one) => one.target === target);
  const failure = `Job for ${name} failed.\nSee "systemctl status ${name}" and "journalctl -xeu ${name}" for details.\n`;
  if (verb === 'start' && !isMounted) {
    const ran = await mfsmount({ ...call, args: [target, '-o', said('Options')] });
    if (ran.exit !== 0) return failed(1, failure);
  }
  if (verb === 'stop' && isMounted) {
    const ran = umount({ ...call, args: [target] });
    if (ran.exit !== 0) return failed(1, failure);
  }
  call.machine.services.set(name, verb !== 'stop');
  return printed('');
}
