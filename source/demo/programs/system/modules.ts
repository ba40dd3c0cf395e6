import { load, LOADABLE, modulesOf, unload } from '../../fleet/modules.js';
import { upOn } from '../../fleet/drbd/side.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

/** `modprobe [-n] [-q] [-r] MODULE`. */
export function modprobe({ args, machine, fleet }: Call): Ran {
  const { flags, words } = readArguments(args);
  const [name = ''] = words;
  if (!Object.hasOwn(LOADABLE, name)) {
    const says = `modprobe: FATAL: Module ${name} not found in directory /lib/modules/${machine.kernel}\n`;
    return failed(1, flags.has('-q') ? '' : says);
  }
  if (flags.has('-n')) return printed('');
  if (!flags.has('-r')) {
    load(machine, name);
    return printed('');
  }
  if (name === 'drbd' && upOn(fleet, machine.name).length > 0) {
    return failed(1, `modprobe: FATAL: Module ${name} is in use.\n`);
  }
  unload(machine, name);
  return printed('');
}

/** `modinfo -F version MODULE`. */
export function modinfo({ args, machine }: Call): Ran {
  const name = args.at(-1) ?? '';
  if (!Object.hasOwn(LOADABLE, name))
    return failed(1, `modinfo: ERROR: Module ${name} not found.\n`);
  const version = LOADABLE[name] ?? '';
  if (args[0] === '-F') return printed(version === '' ? '' : `${version}\n`);
  const file = `/lib/modules/${machine.kernel}/kernel/${name}.ko`;
  return printed(
    `filename:       ${file}\n${version === '' ? '' : `version:        ${version}\n`}`,
  );
}

/** `lsmod`. */
export function lsmod({ machine }: Call): Ran {
  const rows = [...modulesOf(machine)].map((name) => `${name.padEnd(22)} 434176  0\n`);
  return printed(`${'Module'.padEnd(24)}Size  Used by\n${rows.join('')}`);
}
