import { uuidFor } from '../../fleet/libvirt.js';
import type { Machine, VirtualMachine } from '../../fleet/state.js';
import { printed, type Call, type Ran } from '../program.js';
import { bare, refused, table } from './table.js';

/** The commands of virsh about guests. */
export function guestCommand({ machine }: Call, command: string, args: readonly string[]): Ran {
  if (command === 'list') return list(machine, args);
  const name = args.find((arg) => !arg.startsWith('-')) ?? '';
  const vm = machine.vms.find((one) => one.name === name || uuidOf(machine, one) === name);
  if (!vm)
    return refused(
      `failed to get domain '${name}'`,
      `Domain not found: no domain with matching name '${name}'`,
    );
  switch (command) {
    case 'domblklist':
      return args.includes('--details')
        ? printed(
            table(['Type', 'Device', 'Target', 'Source'], [[typeOf(vm), 'disk', 'vda', vm.disk]]),
          )
        : printed(table(['Target', 'Source'], [['vda', vm.disk]]));
    case 'domblkerror':
      return vm.running
        ? printed('No errors found\n')
        : refused(
            'Failed to get disk errors',
            'Requested operation is not valid: domain is not running',
          );
    case 'domstate':
      return printed(`${stateOf(vm, args.includes('--reason'))}\n\n`);
    case 'dumpxml':
      return printed(`${guestXml(machine, vm)}\n`);
    case 'shutdown':
    case 'destroy':
      vm.running = false;
      return printed(
        `Domain '${vm.name}' ${command === 'destroy' ? 'destroyed' : 'is being shutdown'}\n\n`,
      );
    case 'start':
      vm.running = true;
      return printed(`Domain '${vm.name}' started\n\n`);
    default:
      return refused(`unknown command: '${command}'`, 'see virsh help');
  }
}

function uuidOf(machine: Machine, { name }: VirtualMachine): string {
  return uuidFor(machine.name, 'guest', name);
}

function typeOf({ disk }: VirtualMachine): 'file' | 'block' {
  return disk.startsWith('/dev/') ? 'block' : 'file';
}

function stateOf({ running }: VirtualMachine, reason: boolean): string {
  if (running) return reason ? 'running (booted)' : 'running';
  return reason ? 'shut off (shutdown)' : 'shut off';
}

function list(machine: Machine, args: readonly string[]): Ran {
  const running = machine.vms.filter((vm) => vm.running);
  const shown = args.includes('--all')
    ? machine.vms
    : machine.vms.filter((vm) => vm.running !== args.includes('--inactive'));
  const named = shown.map((vm) => ({ name: vm.name, uuid: uuidOf(machine, vm) }));
  const rows = shown.map((vm) => {
    const number = vm.running ? String(running.indexOf(vm) + 1) : '-';
    return [number, vm.name, vm.running ? 'running' : 'shut off'];
  });
  return bare(named, args) ?? printed(table(['Id', 'Name', 'State'], rows));
}

function guestXml(machine: Machine, vm: VirtualMachine): string {
  const id = machine.vms.filter(({ running }) => running).indexOf(vm) + 1;
  const type = typeOf(vm);
  return `<domain type='kvm'${vm.running ? ` id='${id}'` : ''}>
  <name>${vm.name}</name>
  <uuid>${uuidOf(machine, vm)}</uuid>
  <memory unit='KiB'>2097152</memory>
  <vcpu placement='static'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='${type}' device='disk'>
      <driver name='qemu' type='${type === 'file' ? 'qcow2' : 'raw'}'/>
      <source ${type === 'file' ? 'file' : 'dev'}='${vm.disk}'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='network'>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
  </devices>
</domain>
`;
}
