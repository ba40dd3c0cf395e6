import { GATEWAY, nicNamed, nicsOf, type Nic } from '../../fleet/nics.js';
import type { Machine } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

const EXISTS = 'RTNETLINK answers: File exists\n';

/**
 * `ip [-o] [-4|-f inet] addr show [dev X] [up] [scope global]`, `ip addr add|replace|del ADDRESS dev X`,
 * `ip link set [dev] X up|down|name Y`, `ip route show default`.
 */
export function ip({ args, machine }: Call): Ran {
  const oneLine = args.some((arg) => /^-(?:o|oneline)$/.test(arg));
  const words = args.filter((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-f');
  const [what = '', verb = 'show', ...rest] = words;
  if (/^a(?:ddr(?:ess)?)?$/.test(what)) {
    return verb === 'show' ? show(machine, rest, oneLine) : changeAddress(machine, verb, rest);
  }
  if (/^l(?:ink)?$/.test(what) && verb === 'set') {
    return setLink(machine, rest[0] === 'dev' ? rest.slice(1) : rest);
  }
  if (/^r(?:oute)?$/.test(what) && verb === 'show') return routes(machine);
  return failed(1, `Object "${what}" is unknown, try "ip help".\n`);
}

function show(machine: Machine, rest: readonly string[], oneLine: boolean): Ran {
  const device = rest.includes('dev') ? rest[rest.indexOf('dev') + 1] : undefined;
  if (device !== undefined && device !== 'lo' && !nicNamed(machine, device)) {
    return failed(1, `Device "${device}" does not exist.\n`);
  }
  const nics = nicsOf(machine).map((nic, index) => ({ nic, number: index + 2 }));
  const asked = nics.filter(
    ({ nic }) => (device === undefined || nic.name === device) && (nic.up || !rest.includes('up')),
  );
  const withLoop = rest.includes('scope') ? false : device === undefined || device === 'lo';
  const loop = oneLine ? LOOP_LINE : LOOP;
  return printed(
    (withLoop ? loop : '') +
      asked.map(({ nic, number }) => (oneLine ? lines(nic, number) : block(nic, number))).join(''),
  );
}

const LOOP_LINE =
  '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n';
const LOOP =
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n';

function lines({ name, addresses }: Nic, number: number): string {
  const each = addresses.map(
    (cidr) =>
      `${number}: ${name}    inet ${cidr}${broadcast(cidr)} scope global ${name}\\       valid_lft forever preferred_lft forever\n`,
  );
  return each.join('');
}

function block({ name, up, cable, addresses }: Nic, number: number): string {
  const hears = up && cable !== undefined;
  const flags = `BROADCAST,MULTICAST${up ? ',UP' : ''}${hears ? ',LOWER_UP' : ''}`;
  const head = `${number}: ${name}: <${flags}> mtu 1500 qdisc fq_codel state ${hears ? 'UP' : 'DOWN'} group default qlen 1000\n`;
  const each = addresses.map(
    (cidr) =>
      `    inet ${cidr}${broadcast(cidr)} scope global ${name}\n       valid_lft forever preferred_lft forever\n`,
  );
  return head + each.join('');
}

function broadcast(cidr: string): string {
  return cidr.endsWith('/24') ? ` brd ${cidr.replace(/\.\d+\/24$/, '.255')}` : '';
}

function changeAddress(machine: Machine, verb: string, rest: readonly string[]): Ran {
  const [given = ''] = rest;
  const cidr = given.includes('/') ? given : `${given}/32`;
  const device = rest[rest.indexOf('dev') + 1] ?? '';
  const nic = nicNamed(machine, device);
  if (!nic) return failed(1, `Cannot find device "${device}"\n`);
  const at = nic.addresses.indexOf(cidr);
  switch (verb) {
    case 'add':
      if (at >= 0) return failed(2, EXISTS);
      nic.addresses.push(cidr);
      return printed('');
    case 'replace':
      if (at < 0) nic.addresses.push(cidr);
      return printed('');
    case 'del':
    case 'delete':
      if (at < 0) return failed(2, 'RTNETLINK answers: Cannot assign requested address\n');
      nic.addresses.splice(at, 1);
      return printed('');
    default:
      return failed(255, `Command "${verb}" is unknown, try "ip address help".\n`);
  }
}

function setLink(machine: Machine, [device = '', verb = '', name = '']: readonly string[]): Ran {
  const nic = nicNamed(machine, device);
  if (!nic) return failed(1, `Cannot find device "${device}"\n`);
  if (verb === 'up' || verb === 'down') {
    nic.up = verb === 'up';
    return printed('');
  }
  if (verb !== 'name' || name === '') {
    return failed(255, `Error: either "dev" is duplicate, or "${verb}" is a garbage.\n`);
  }
  if (nicNamed(machine, name)) return failed(2, EXISTS);
  if (nic.up) return failed(2, 'RTNETLINK answers: Device or resource busy\n');
  nic.name = name;
  return printed('');
}

/** The route that is asked for: everything else goes by the house's gateway. */
function routes(machine: Machine): Ran {
  const out = nicsOf(machine).find(({ up, addresses }) => {
    return up && addresses.includes(`${machine.address}/24`);
  });
  return printed(out ? `default via ${GATEWAY} dev ${out.name} onlink\n` : '');
}
