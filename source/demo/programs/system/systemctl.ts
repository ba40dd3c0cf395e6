import { mfschunkserver } from '../lizardfs/mfschunkserver.js';
import { failed, printed, type Call, type Ran } from '../program.js';
import { unitState } from './processes.js';

const CHUNKSERVER = 'lizardfs-chunkserver';

/** `systemctl` to ask after units, and to start, stop, restart and reload them. */
export async function systemctl(call: Call): Promise<Ran> {
  const { args, machine } = call;
  const property = args.indexOf('-p');
  const rest = property < 0 ? args : args.filter((_, i) => i !== property && i !== property + 1);
  const [verb = '', ...units] = rest.filter((arg) => !arg.startsWith('-'));
  const names = units.map((unit) => unit.replace(/\.service$/, ''));
  const strange = names.find((name) => !machine.services.has(name));
  switch (verb) {
    case 'cat':
      return strange === undefined
        ? printed(names.map((name) => `# /lib/systemd/system/${name}.service\n[Unit]\n`).join(''))
        : failed(1, `No files found for ${strange}.service.\n`);
    case 'show':
      return printed(names.map((name) => shown(machine.services.get(name), name, args)).join(''));
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

function shown(active: boolean | undefined, name: string, args: readonly string[]): string {
  if (args.includes('CanReload')) return `CanReload=${name === CHUNKSERVER ? 'yes' : 'no'}\n`;
  return `ActiveState=${active === true ? 'active' : 'inactive'}\n`;
}

async function act(call: Call, verb: string, name: string): Promise<Ran> {
  if (name === CHUNKSERVER) return mfschunkserver({ ...call, args: [verb] });
  if (verb === 'reload' && call.machine.services.get(name) !== true) {
    return failed(1, `${name}.service is not active, cannot reload.\n`);
  }
  call.machine.services.set(name, verb !== 'stop');
  return printed('');
}
