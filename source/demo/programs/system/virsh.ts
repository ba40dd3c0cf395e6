import { failed, printed, type Call, type Ran } from '../program.js';

/** Simulates virsh: the domains, the disks of one, and stopping or starting one. */
export function virsh({ args, machine }: Call): Ran {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const [command = '', name = ''] = words;
  const all = args.includes('--all');
  const running = machine.vms.filter((vm) => vm.running);
  if (command === 'list') {
    const shown = all ? machine.vms : running;
    if (args.includes('--name')) return printed(`${shown.map((vm) => `${vm.name}\n`).join('')}\n`);
    const rows = shown.map((vm) => {
      const number = vm.running ? String(running.indexOf(vm) + 1) : '-';
      return ` ${number.padEnd(4)} ${vm.name.padEnd(10)} ${vm.running ? 'running' : 'shut off'}`;
    });
    const head = ` ${'Id'.padEnd(4)} ${'Name'.padEnd(10)} State`;
    return printed(`${[head, '-'.repeat(29), ...rows].join('\n')}\n\n`);
  }
  const vm = machine.vms.find((one) => one.name === name);
  if (!vm) return failed(1, `error: failed to get domain '${name}'\n`, '\n');
  switch (command) {
    case 'domblklist':
      return printed(` Target   Source\n${'-'.repeat(40)}\n vda      ${vm.disk}\n\n`);
    case 'domstate':
      return printed(`${vm.running ? 'running' : 'shut off'}\n\n`);
    case 'shutdown':
    case 'destroy':
      vm.running = false;
      return printed(
        `Domain '${name}' ${command === 'destroy' ? 'destroyed' : 'is being shutdown'}\n\n`,
      );
    case 'start':
      vm.running = true;
      return printed(`Domain '${name}' started\n\n`);
    default:
      return failed(1, `error: unknown command: '${command}'\n`);
  }
}
