import type { Mount } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

const UUID = '28BD88682F1B40A7965C648DC924160A';

/** `mounted.ocfs2 -d` and `-f`: the file systems on the machine's devices, and by whom they are mounted. */
export function mountedOcfs2({ args, fleet, machine }: Call): Ran {
  const isOcfs2 = ({ type }: Mount): boolean => type === 'ocfs2';
  const devices = [...new Set(machine.mounts.filter(isOcfs2).map(({ source }) => source))];
  if (args.includes('-d')) {
    const lines = devices.map((device) => `${device.padEnd(12)}o2cb               ${UUID}  vms\n`);
    return printed(
      `${'Device'.padEnd(12)}Stack  Cluster  F  UUID                              Label\n${lines.join('')}`,
    );
  }
  const lines = devices.map((device) => {
    const on = fleet.machines.filter(({ mounts }) =>
      mounts.some((one) => isOcfs2(one) && one.source === device),
    );
    return `${device.padEnd(12)}o2cb               ${on.map(({ name }) => name).join(', ')}\n`;
  });
  return printed(`${'Device'.padEnd(12)}Stack  Cluster  F  Nodes\n${lines.join('')}`);
}

/** `o2cb cluster-status`: the cluster of the configuration is online. */
export async function o2cb({ args, files }: Call): Promise<Ran> {
  const text = (await files?.read('/etc/ocfs2/cluster.conf')) ?? '';
  const [, name] = /^cluster:\n(?:\t.*\n)*?\tname = (\S+)$/m.exec(text) ?? [];
  if (args[0] !== 'cluster-status') return failed(1, 'o2cb: only cluster-status is simulated\n');
  return name === undefined ? failed(1, '', 'offline\n') : printed(`Cluster '${name}' is online\n`);
}
