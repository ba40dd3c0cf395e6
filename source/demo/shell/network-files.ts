import { nicsOf, type Nic } from '../fleet/nics.js';
import type { Machine } from '../fleet/state.js';

const FOLDER = '/sys/class/net';
const named = new WeakMap<Machine, Set<string>>();

/** What /sys/class/net says of each card; the folder of a name that no card has any more is gone. */
export function networkFiles(machine: Machine): [string, string | undefined][] {
  const nics = nicsOf(machine);
  const known = named.get(machine) ?? new Set<string>();
  const gone = [...known].filter((name) => !nics.some((nic) => nic.name === name));
  named.set(machine, new Set(nics.map(({ name }) => name)));
  return [
    [`${FOLDER}/lo/address`, '00:00:00:00:00:00\n'],
    [`${FOLDER}/lo/flags`, '0x9\n'],
    ...gone.map((name): [string, undefined] => [`${FOLDER}/${name}`, undefined]),
    ...nics.flatMap(ofCard),
  ];
}

function ofCard({ name, mac, driver, speed, cable, up }: Nic): [string, string | undefined][] {
  const folder = `${FOLDER}/${name}`;
  const hears = cable !== undefined;
  return [
    [`${folder}/address`, `${mac}\n`],
    [`${folder}/addr_assign_type`, '0\n'],
    [`${folder}/flags`, up ? '0x1003\n' : '0x1002\n'],
    [`${folder}/operstate`, up && hears ? 'up\n' : 'down\n'],
    [`${folder}/device/uevent`, `DRIVER=${driver}\n`],
    // To read them of a card that is down is an error.
    [`${folder}/carrier`, up ? `${Number(hears)}\n` : undefined],
    [`${folder}/speed`, up ? `${hears ? speed : -1}\n` : undefined],
  ];
}
