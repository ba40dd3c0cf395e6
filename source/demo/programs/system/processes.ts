import type { Fleet, Machine } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

interface Process {
  readonly pid: number;
  /** As the kernel keeps it: 15 characters. */
  readonly comm: string;
  readonly command: string;
}

/** The processes that run now: the machine's own, those of its daemons and of its guests. */
function processesOf(fleet: Fleet, machine: Machine): readonly Process[] {
  const { lizardfs, ceph } = fleet;
  const here = (one: { readonly machine: string }) => one.machine === machine.name;
  const stopped = new Set([
    ...(lizardfs.chunkservers.some((one) => here(one) && !one.running) ? ['mfschunkserver'] : []),
    ...(lizardfs.metadataServers.some((one) => here(one) && !one.running) ? ['mfsmaster'] : []),
  ]);
  const daemons = [
    ...ceph.monitors
      .filter((one) => here(one) && one.running)
      .map(({ name }) => `/usr/bin/ceph-mon -f --cluster ceph --id ${name}`),
    ...ceph.managers
      .filter((one) => here(one) && one.running)
      .map(({ name }) => `/usr/bin/ceph-mgr -f --cluster ceph --id ${name}`),
    ...ceph.osds
      .filter((one) => here(one) && one.running)
      .map(({ id }) => `/usr/bin/ceph-osd -f --cluster ceph --id ${id}`),
  ];
  const guests = machine.vms
    .filter(({ running }) => running)
    .map(({ name }) => `/usr/bin/qemu-system-x86_64 -name guest=${name}`);
  const commands = ['/sbin/init', '/usr/sbin/sshd -D', ...machine.processes, ...daemons, ...guests];
  return commands
    .map((command, index) => ({
      pid: index === 0 ? 1 : 600 + index * 37,
      comm: (command.split(' ')[0]?.split('/').at(-1) ?? '').slice(0, 15),
      command,
    }))
    .filter(({ comm }) => !stopped.has(comm.slice(0, 14)) && !stopped.has(comm));
}

/** `ps` with -e/-A/aux and `-o` of pid, comm and args. */
export function ps({ args, fleet, machine }: Call): Ran {
  const processes = processesOf(fleet, machine);
  const formats = args.flatMap((arg, at) => (/^-[eA]?o$/.test(arg) ? [args[at + 1] ?? ''] : []));
  const format = formats.length === 0 ? 'pid,comm' : formats.join(',');
  const columns = format.split(',').map((column) => {
    const [name = '', title] = column.split('=');
    return { name, title: title ?? (name === 'pid' ? 'PID' : 'COMMAND') };
  });
  const value = (one: Process, name: string) => {
    if (name === 'pid') return String(one.pid).padStart(7);
    if (name === 'stat') return 'Ssl ';
    return name === 'comm' || name === 'ucmd' ? one.comm : one.command;
  };
  const head = columns.map(({ name, title }) => (name === 'pid' ? title.padStart(7) : title));
  const rows = processes.map((one) => columns.map(({ name }) => value(one, name)).join(' '));
  const shown = head.every((title) => title.trim() === '') ? rows : [head.join(' '), ...rows];
  return printed(shown.map((line) => `${line}\n`).join(''));
}

/** `pgrep [-x|-f|-a] PATTERN`; nobody: exit 1. */
export function pgrep({ args, fleet, machine }: Call): Ran {
  const flags = args.filter((arg) => arg.startsWith('-')).join('');
  const pattern = args.find((arg) => !arg.startsWith('-')) ?? '';
  const found = processesOf(fleet, machine).filter(({ comm, command }) => {
    const subject = flags.includes('f') ? command : comm;
    return flags.includes('x') ? subject === pattern : subject.includes(pattern);
  });
  const line = ({ pid, command, comm }: Process) =>
    flags.includes('a')
      ? `${pid} ${command}\n`
      : flags.includes('l')
        ? `${pid} ${comm}\n`
        : `${pid}\n`;
  return found.length > 0 ? printed(found.map(line).join('')) : failed(1, '');
}

/** `systemctl is-active UNIT…` and `is-enabled`; inactive ones: exit 3. */
export function unitState({ args, machine }: Call): Ran {
  const [verb = '', ...units] = args.filter((arg) => !arg.startsWith('-'));
  const states = units.map((unit) => machine.services.get(unit.replace(/\.service$/, '')));
  if (verb === 'is-active') {
    const text = states.map((active) => (active === true ? 'active\n' : 'inactive\n')).join('');
    return printed(text, states.includes(true) ? 0 : 3);
  }
  if (verb === 'is-enabled') {
    const known = states.every((state) => state !== undefined);
    const enabled = units.map((unit) => machine.enabled.has(unit.replace(/\.service$/, '')));
    return known
      ? printed(
          enabled.map((one) => (one ? 'enabled\n' : 'disabled\n')).join(''),
          enabled.includes(true) ? 0 : 1,
        )
      : failed(
          1,
          `Failed to get unit file state for ${units[0] ?? ''}.service: No such file or directory\n`,
        );
  }
  return failed(1, `Unknown command verb ${verb}.\n`);
}
