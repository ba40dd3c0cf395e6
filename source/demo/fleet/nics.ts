import type { Machine } from './state.js';

/** A network card of a machine, as its kernel knows it. */
export interface Nic {
  name: string;
  readonly mac: string;
  /** `igb` */
  readonly driver: string;
  /** Mbit/s. */
  readonly speed: number;
  /** What its cable leads to: cards of one network hear each other; undefined: it is not plugged in. */
  cable: string | undefined;
  up: boolean;
  /** With their prefix: `10.20.0.21/24`. */
  readonly addresses: string[];
}

/** The network in which all machines are, and the console reaches them. */
const HOUSE = 'house';

/** Of the house, which leads everywhere else. */
export const GATEWAY = '10.20.0.1';

const running = new WeakMap<Machine, Nic[]>();

/** The cards of a machine; a virtual machine host has two more than it uses. */
export function nicsOf(machine: Machine): Nic[] {
  return running.get(machine) ?? powerOn(machine);
}

/** The cards as the kernel finds them at boot: what was set on them by hand is gone. */
export function powerOn(machine: Machine): Nic[] {
  const cables = new Map(running.get(machine)?.map(({ mac, cable }) => [mac, cable]));
  const nics = firstNics(machine);
  for (const nic of nics) if (cables.has(nic.mac)) nic.cable = cables.get(nic.mac);
  running.set(machine, nics);
  return nics;
}

function firstNics({ address, kind }: Machine): Nic[] {
  const card = (index: number, cable: string): Nic => ({
    name: `eth${index}`,
    mac: `52:54:00:14:${hex(Number(address.split('.').at(-1)))}:${hex(index)}`,
    driver: 'igb',
    speed: 1000,
    cable,
    up: index === 0,
    addresses: index === 0 ? [`${address}/24`] : [],
  });
  const spare = kind === 'kvm' ? [card(1, 'cluster'), card(2, 'spare')] : [];
  return [card(0, HOUSE), ...spare];
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** The card that is called so; what follows a colon is a label of its addresses. */
export function nicNamed(machine: Machine, name: string): Nic | undefined {
  const [card] = name.split(':');
  return nicsOf(machine).find((nic) => nic.name === card);
}

/** The addresses on which a machine is there, its own first, without their prefixes. */
export function addressesOf(machine: Machine): readonly string[] {
  return nicsOf(machine).flatMap(({ up, addresses }) => (up ? addresses.map(bare) : []));
}

/** Whether a machine is reached at an address. */
export function hasAddress(machine: Machine, address: string): boolean {
  return addressesOf(machine).includes(address);
}

/** Whether something answers at an address through this card. */
export function answersAt(machines: readonly Machine[], from: Nic, address: string): boolean {
  if (!from.up || from.cable === undefined) return false;
  if (from.cable === HOUSE && address === GATEWAY) return true;
  return machines.some(
    (machine) =>
      machine.reach !== 'dead' &&
      nicsOf(machine).some(
        ({ up, cable, addresses }) =>
          up && cable === from.cable && addresses.map(bare).includes(address),
      ),
  );
}

function bare(cidr: string): string {
  return cidr.replace(/\/.*$/, '');
}
