import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

/** `ping -c N -q ADDRESS`: whether a machine of the fleet answers, as iputils prints it. */
export function ping({ args, fleet, machine }: Call): Ran {
  const { values, words } = readArguments(args, new Set(['-c', '-W', '-i']));
  const [address = ''] = words;
  const sent = Number(values.get('-c') ?? 1);
  const other = fleet.machines.find((one) => one.address === address);
  const isPair = fleet.drbd.resources.some(({ replicas }) =>
    [machine.name, other?.name].every((name) => replicas.some((one) => one.machine === name)),
  );
  const answers = other?.reach === 'up' && !(isPair && fleet.drbd.linkCut);
  const head = `PING ${address} (${address}) 56(84) bytes of data.\n\n--- ${address} ping statistics ---\n`;
  return answers
    ? printed(
        `${head}${sent} packets transmitted, ${sent} received, 0% packet loss, time ${sent * 200}ms\nrtt min/avg/max/mdev = 0.211/0.240/0.270/0.029 ms\n`,
      )
    : printed(
        `${head}${sent} packets transmitted, 0 received, 100% packet loss, time ${sent * 1010}ms\n\n`,
        1,
      );
}

/** `dd if=DEVICE of=/dev/null`: reads from a disk of the machine, and does nothing else. */
export function dd({ args, machine }: Call): Ran {
  const word = (key: string): string =>
    args.find((arg) => arg.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  if (word('of') !== '/dev/null') return failed(1, 'dd: only reading is simulated\n');
  const from = word('if');
  const found = machine.disks.some(({ name }) => `/dev/${name}` === from);
  if (!found) return failed(1, `dd: failed to open '${from}': No such file or directory\n`);
  return { stdout: '', stderr: '1+0 records in\n1+0 records out\n', exit: 0 };
}
