import { upOn } from '../../fleet/drbd/side.js';
import { ocfs2On, regionOf } from '../../fleet/ocfs2.js';
import { printed, type Call, type Ran } from '../program.js';

const HEAD = 'Device      Stack  Cluster  F  ';

/** `mounted.ocfs2 -d` and `-f`: the file systems on the machine's devices, and by whom they are mounted. */
export function mountedOcfs2({ args, fleet, machine }: Call): Ran {
  // A Secondary cannot be read, and what is beneath it is in use.
  const found = upOn(fleet, machine.name).flatMap(({ resource, self }) =>
    resource.fileSystem?.type === 'ocfs2' && self.role === 'Primary'
      ? [{ device: `/dev/drbd${resource.minor}`, signature: resource.fileSystem }]
      : [],
  );
  const row = (device: string, text: string): string =>
    `${device.padEnd(12)}${'o2cb'.padEnd(19)}${text}\n`;
  if (args.includes('-d')) {
    const lines = found.map(({ device, signature: { uuid, label = '' } }) =>
      row(device, `${regionOf(uuid)}  ${label}`),
    );
    return printed(`${HEAD}UUID                              Label\n${lines.join('')}`);
  }
  const lines = found.map(({ device, signature }) => {
    const on = fleet.machines.filter((one) =>
      ocfs2On(fleet, one).some(({ uuid }) => uuid === regionOf(signature.uuid)),
    );
    return row(device, on.length > 0 ? on.map(({ name }) => name).join(', ') : 'Not mounted');
  });
  return printed(`${HEAD}Nodes\n${lines.join('')}`);
}
