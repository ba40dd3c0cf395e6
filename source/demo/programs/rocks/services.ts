import { serviceChanged } from '../../fleet/rocks/roll/services.js';
import { nodeOf } from '../../fleet/rocks/state.js';
import { nexusesOf } from '../../fleet/rocks/storage/iscsi.js';
import type { Machine } from '../../fleet/state.js';
import { failed, printed, type Call, type Program, type Ran } from '../program.js';

/** Whether a machine has CentOS 6: no systemd, and its scripts answer themselves. */
export function isSysV({ os }: Pick<Machine, 'os'>): boolean {
  return os.startsWith('CentOS release 6');
}

/** What systemctl starts and stops here, beside the service's own state. */
export function rocksDaemon(unit: string): Program {
  return ({ args, fleet, machine }) => {
    const [verb = ''] = args;
    const up = verb !== 'stop';
    if (verb === 'restart') serviceChanged(fleet, machine, unit, false);
    machine.services.set(unit, up);
    serviceChanged(fleet, machine, unit, up);
    return printed('');
  };
}

/** `service NAME status|start|stop|restart`, with LSB's exit codes. */
export async function service(call: Call): Promise<Ran> {
  const { args, machine, fleet } = call;
  const [name = '', verb = ''] = args;
  const active = machine.services.get(name);
  if (active === undefined)
    return failed(verb === 'status' ? 4 : 1, `${name}: unrecognized service\n`);
  const node = nodeOf(fleet, machine);
  if (verb === 'status') {
    // Each start of a daemon is another process.
    const pid = 2417 + (node?.daemon.run ?? 0);
    return active
      ? printed(`${name} (pid  ${pid}) is running...\n`)
      : printed(`${name} is stopped\n`, 3);
  }
  const isUsed = node?.targets.some((one) => nexusesOf(fleet, node, one).length > 0) === true;
  // The script of EL6 does not take targets away from those who use them.
  if (name === 'tgtd' && verb !== 'start' && isUsed && isSysV(machine)) {
    return failed(1, '', 'Stopping SCSI target daemon: initiators still connected[FAILED]\n');
  }
  if (!/^(?:start|stop|restart)$/.test(verb)) {
    return failed(1, `Usage: ${name} {start|stop|status|restart]\n`);
  }
  const ran = await rocksDaemon(name)({ ...call, args: [verb] });
  const said = isSysV(machine)
    ? `${verb === 'stop' ? 'Shutting down' : 'Starting'} ${name}: [  OK  ]\n`
    : `Redirecting to /bin/systemctl ${verb} ${name}.service\n`;
  return { ...ran, stdout: said };
}

/** `chkconfig [--list] NAME`, and `chkconfig NAME on|off`. */
export function chkconfig({ args, machine }: Call): Ran {
  const [name = '', to] = args.filter((arg) => !arg.startsWith('--'));
  if (!machine.services.has(name)) {
    return failed(1, `error reading information on service ${name}: No such file or directory\n`);
  }
  if (to === 'on') machine.enabled.add(name);
  else if (to === 'off') machine.enabled.delete(name);
  if (to !== undefined) return printed('');
  const on = machine.enabled.has(name) ? 'on' : 'off';
  const levels = [0, 1, 2, 3, 4, 5, 6].map((level) => {
    return `${level}:${level >= 2 && level <= 5 ? on : 'off'}`;
  });
  return printed(`${name}\t${levels.join('\t')}\n`, on === 'on' ? 0 : 1);
}
