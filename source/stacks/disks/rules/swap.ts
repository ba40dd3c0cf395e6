import type { Finding } from '../../../core/finding.js';
import type { HostName } from '../../../core/host.js';
import { quote } from '../../../core/quote.js';
import { fstabEntries, type Fstab, type FstabEntry } from '../../../files/fstab.js';
import type { BlockDevice, BlockDevices } from '../../../tools/block-devices.js';
import { deviceNames } from '../../../tools/block-names.js';
import { make, quoted } from './make.js';

/** Swap that /etc/fstab names and the kernel does not use. */
export function swapOff(host: HostName, fstab: Fstab, devices: BlockDevices): readonly Finding[] {
  const due = fstabEntries(fstab).filter(
    ({ type, options }) => type === 'swap' && !options.includes('noauto'),
  );
  return due.flatMap((entry) => {
    const device = deviceOf(entry, devices);
    const isOn = device ? device.swap : devices.swaps.includes(entry.source);
    return isOn ? [] : [off(host, fstab, entry, device)];
  });
}

function off(
  host: HostName,
  fstab: Fstab,
  entry: FstabEntry,
  device: BlockDevice | undefined,
): Finding {
  const { source } = entry;
  const isDevice = /^\/dev\/|=/.test(source);
  const other = device?.signatures.find((one) => one !== 'swap');
  const because =
    isDevice && !device ? '; there is no such device' : other ? `; it holds ${other}` : '';
  return make({
    host,
    thing: `swap ${source}`,
    code: 'FSTAB_SWAP_OFF',
    severity: 'warning',
    title: 'swap of fstab is not used',
    says: `${host || 'The host'} is to swap to ${source}, and does not${because}.`,
    means: other
      ? 'Once something else is on the device, the line is wrong: swap made there again would destroy it.'
      : 'Without it the kernel kills processes sooner when memory runs out, storage daemons among them. The next start waits 90 s for a device that is not there.',
    todo: other
      ? 'Take the line out of /etc/fstab, or correct its source.'
      : `\`swapon ${quote(source)}\` if it is to be used, else take the line out of /etc/fstab.`,
    evidence: quoted(
      host,
      'cat /etc/fstab',
      fstab.lines.flatMap((line) =>
        line.kind === 'entry' && line.entry === entry ? [line.raw] : [],
      ),
    ),
  });
}

/** The device that a source of fstab(5) means: a tag, or any of its names. */
function deviceOf({ source }: FstabEntry, { devices }: BlockDevices): BlockDevice | undefined {
  const [, tag, value = ''] = /^(UUID|LABEL|PARTUUID|PARTLABEL|ID)="?([^"]*)"?$/.exec(source) ?? [];
  switch (tag) {
    case undefined:
      return devices.find((device) => deviceNames(device).includes(source));
    case 'UUID':
      return devices.find(({ uuid }) => uuid !== '' && uuid.toLowerCase() === value.toLowerCase());
    case 'LABEL':
      return devices.find(({ label }) => label !== '' && label === value);
    default: {
      const link = `/dev/disk/by-${tag.toLowerCase()}/${value}`;
      return devices.find(({ links }) => links.includes(link));
    }
  }
}
