import { libvirtOn, uuidFor } from '../../fleet/libvirt.js';
import type { Machine } from '../../fleet/state.js';
import { printed, type Call, type Ran } from '../program.js';
import { bare, labelled, refused, table } from './table.js';

/** `net-…` of virsh. */
export function networkCommand(call: Call, verb: string, args: readonly string[]): Ran {
  const { networks } = libvirtOn(call.machine);
  if (verb === 'list') return list(call.machine, args);
  if (verb === 'define') return define(call.machine, call.input);
  const name = args.find((arg) => !arg.startsWith('-')) ?? '';
  const network = networks.find((one) => one.name === name || one.uuid === name);
  if (!network) {
    const why = `Network not found: no network with matching name '${name}'`;
    return refused(`failed to get network '${name}'`, why);
  }
  const not = (what: string, why: string) =>
    refused(`Failed to ${what} network ${name}`, `Requested operation is not valid: ${why}`);
  switch (verb) {
    case 'info':
      return labelled([
        ['Name', network.name],
        ['UUID', network.uuid],
        ['Active', network.active ? 'yes' : 'no'],
        ['Persistent', 'yes'],
        ['Autostart', network.autostart ? 'yes' : 'no'],
        ['Bridge', /<bridge name='([^']*)'/.exec(network.xml)?.[1] ?? '-'],
      ]);
    case 'dumpxml':
      return printed(`${network.xml}\n`);
    case 'start':
      if (network.active) return not('start', 'network is already active');
      network.active = true;
      return printed(`Network ${name} started\n\n`);
    case 'destroy':
      if (!network.active) return not('destroy', `network '${name}' is not active`);
      network.active = false;
      return printed(`Network ${name} destroyed\n\n`);
    case 'undefine':
      if (!network.active) networks.splice(networks.indexOf(network), 1);
      return printed(`Network ${name} has been undefined\n\n`);
    case 'autostart':
      network.autostart = !args.includes('--disable');
      return printed(`Network ${name} ${network.autostart ? '' : 'un'}marked as autostarted\n\n`);
    default:
      return refused(`unknown command: 'net-${verb}'`, 'see virsh help');
  }
}

function list(machine: Machine, args: readonly string[]): Ran {
  const shown = libvirtOn(machine)
    .networks.filter(({ active }) => active || args.includes('--all'))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const rows = shown.map(({ name, active, autostart }) => {
    return [name, active ? 'active' : 'inactive', autostart ? 'yes' : 'no', 'yes'];
  });
  return bare(shown, args) ?? printed(table(['Name', 'State', 'Autostart', 'Persistent'], rows));
}

/** libvirt adds a UUID and a MAC where the definition has none. */
function define(machine: Machine, xml: string): Ran {
  const name = /<name>([^<]*)<\/name>/.exec(xml)?.[1] ?? '';
  if (name === '') {
    return refused('Failed to define network from /dev/stdin', 'XML error: Missing name');
  }
  const uuid = /<uuid>([^<]*)<\/uuid>/.exec(xml)?.[1] ?? uuidFor(machine.name, 'network', name);
  const { networks } = libvirtOn(machine);
  const full = xml.includes('<uuid>')
    ? xml
    : xml.replace('</name>\n', `</name>\n  <uuid>${uuid}</uuid>\n`);
  if (!networks.some((one) => one.uuid === uuid)) {
    networks.push({ name, uuid, xml: full, active: false, autostart: false });
  }
  return printed(`Network ${name} defined from /dev/stdin\n\n`);
}
