import { mfschunkserver } from '../lizardfs/mfschunkserver.js';
import { mfsmaster } from '../lizardfs/mfsmaster.js';
import { failed, printed, type Call, type Program, type Ran } from '../program.js';
import { unitState } from './processes.js';

/** Units whose program knows what is asked of it. */
const DAEMONS: Readonly<Record<string, Program>> = {
  'lizardfs-chunkserver': mfschunkserver,
  'lizardfs-master': mfsmaster,
};

/** `systemctl` to ask after units, and to start, stop, restart and reload them. */
export async function systemctl(call: Call): Promise<Ran> {
  const { args, machine } = call;
  const properties = args.filter((_, i) => args[i - 1] === '-p');
  const rest = args.filter((arg, i) => arg !== '-p' && args[i - 1] !== '-p');
  const [verb = '', ...units] = rest.filter((arg) => !arg.startsWith('-'));
  const names = units.map((unit) => unit.replace(/\.service$/, ''));
  const strange = names.find((name) => !machine.services.has(name));
  switch (verb) {
    case 'cat':
      return strange === undefined
        ? printed(names.map((name) => `# /lib/systemd/system/${name}.service\n[Unit]\n`).join(''))
        : failed(1, `No files found for ${strange}.service.\n`);
    case 'show':
      return printed(
        names.map((name) => shown(machine.services.get(name), name, properties)).join(''),
      );
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

function shown(active: boolean | undefined, name: string, wanted: readonly string[]): string {
  const properties: Readonly<Record<string, string>> = {
    CanReload: name in DAEMONS ? 'yes' : 'no',
    ActiveState: active === true ? 'active' : 'inactive',
    UnitFileState: active === undefined ? '' : 'enabled',
  };
  const keys = wanted.length > 0 ? wanted : Object.keys(properties);
  return keys.map((key) => `${key}=${properties[key] ?? ''}\n`).join('');
}

async function act(call: Call, verb: string, name: string): Promise<Ran> {
  const daemon = DAEMONS[name];
  if (daemon) return daemon({ ...call, args: [verb] });
  if (verb === 'reload' && call.machine.services.get(name) !== true) {
    return failed(1, `${name}.service is not active, cannot reload.\n`);
  }
  call.machine.services.set(name, verb !== 'stop');
  return printed('');
}
