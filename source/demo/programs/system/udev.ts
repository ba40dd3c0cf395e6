import { powerOn } from '../../fleet/nics.js';
import type { Kind } from '../../fleet/state.js';
import { failed, printed, type Call, type Ran } from '../program.js';

/** Of the systemd that each system has. */
const VERSION: Readonly<Record<Kind, number>> = {
  xenserver: 219,
  'bare-xen': 219,
  'bare-debian': 247,
  chunkserver: 252,
  kvm: 252,
  ceph: 252,
  san: 252,
  'rocks-frontend': 219,
  'rocks-nas': 219,
  'rocks-container': 219,
};

const LINKS = '/etc/systemd/network';

/** `udevadm --version`. */
export function udevadm({ args, machine }: Call): Ran {
  if (args.some((arg) => /^(?:--version|-V|version)$/.test(arg))) {
    return printed(`${VERSION[machine.kind]}\n`);
  }
  return /^(?:settle|trigger|control)$/.test(args[0] ?? '')
    ? printed('')
    : failed(1, `udevadm: only --version, settle, trigger and control are simulated\n`);
}

/** Names the cards of a machine that boots, by the `.link` files of the administrator. */
export async function nameCards({ machine, files }: Call): Promise<void> {
  const nics = powerOn(machine);
  for (const file of (await files?.list(LINKS))?.toSorted() ?? []) {
    const text = file.endsWith('.link') ? await files?.read(`${LINKS}/${file}`) : undefined;
    const [, mac] = /^(?:Permanent)?MACAddress=(\S+)$/m.exec(text ?? '') ?? [];
    const [, name] = /^Name=(\S+)$/m.exec(text ?? '') ?? [];
    const nic = nics.find((one) => one.mac === mac?.toLowerCase());
    if (nic && name !== undefined) nic.name = name;
  }
}
