import { answersAt, hasAddress, nicNamed, nicsOf } from '../../fleet/nics.js';
import type { Fleet, Machine } from '../../fleet/state.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

const VALUED = new Set(['-c', '-i', '-I', '-M', '-s', '-w', '-W']);

/** `ping [-c COUNT] [-I INTERFACE] ADDRESS`: what is silent is not waited for. */
export function ping({ args, fleet, machine }: Call): Ran {
  const { values, words } = readArguments(args, VALUED);
  const [address = ''] = words;
  const count = Number(values.get('-c') ?? '4');
  const through = values.get('-I');
  const asked = through === undefined ? undefined : nicNamed(machine, through);
  if (through !== undefined && !asked) return failed(2, `ping: unknown iface ${through}\n`);
  const from = asked ? [asked] : nicsOf(machine);
  const heard =
    hasAddress(machine, address) ||
    (!isCutOff(fleet, machine, address) &&
      from.some((nic) => answersAt(fleet.machines, nic, address)));
  const answers = Array.from(
    { length: heard ? count : 0 },
    (_, index) => `64 bytes from ${address}: icmp_seq=${index + 1} ttl=64 time=0.214 ms\n`,
  );
  const sum = `${count} packets transmitted, ${answers.length} received, ${heard ? 0 : 100}% packet loss, time ${(count - 1) * 1000}ms`;
  const head = `PING ${address} (${address}) 56(84) bytes of data.\n`;
  return printed(
    `${head}${answers.join('')}\n--- ${address} ping statistics ---\n${sum}\n`,
    heard ? 0 : 1,
  );
}

/** DRBD's link between the two machines of a pair is cut. */
function isCutOff({ drbd, machines }: Fleet, machine: Machine, address: string): boolean {
  const other = machines.find((one) => one.address === address);
  return (
    drbd.linkCut &&
    drbd.resources.some(({ replicas }) =>
      [machine.name, other?.name].every((name) => replicas.some((one) => one.machine === name)),
    )
  );
}
