import type { BlockDevice, BlockDevices } from './block-devices.js';

/** The block devices of one host by what stands on what. */
export class DeviceTree {
  readonly devices: readonly BlockDevice[];
  readonly #uppers = new Map<string, BlockDevice[]>();
  readonly #byName: ReadonlyMap<string, BlockDevice>;
  readonly #asked: BlockDevices['asked'];

  constructor({ devices, asked }: Pick<BlockDevices, 'devices' | 'asked'>) {
    this.devices = devices;
    this.#asked = asked;
    this.#byName = new Map(devices.map((device) => [device.kernelName, device]));
    for (const device of devices) {
      for (const lower of device.lowers) {
        const list = this.#uppers.get(lower);
        if (list) list.push(device);
        else this.#uppers.set(lower, [device]);
      }
    }
  }

  /** The devices behind a word that the host was asked about. */
  asked(word: string): readonly BlockDevice[] {
    return (this.#asked.get(word) ?? []).flatMap((name) => this.#byName.get(name) ?? []);
  }

  /** What stands directly on a device. */
  on({ kernelName }: BlockDevice): readonly BlockDevice[] {
    return this.#uppers.get(kernelName) ?? [];
  }

  /** The device and all that stands on it. */
  family(device: BlockDevice): readonly BlockDevice[] {
    return closure(device, (one) => this.on(one));
  }

  /** The device and all that it stands on. */
  lineage(device: BlockDevice): readonly BlockDevice[] {
    return closure(device, (one) => this.#lowers(one));
  }

  /** What a partition is a part of; any other device is whole by itself. */
  whole(device: BlockDevice): BlockDevice {
    const [lower] = device.type === 'part' ? this.#lowers(device) : [];
    return lower ?? device;
  }

  #lowers({ lowers }: BlockDevice): readonly BlockDevice[] {
    return lowers.flatMap((name) => this.#byName.get(name) ?? []);
  }
}

function closure(
  device: BlockDevice,
  step: (one: BlockDevice) => readonly BlockDevice[],
): readonly BlockDevice[] {
  const seen = new Set([device]);
  for (const one of seen) for (const next of step(one)) seen.add(next);
  return [...seen];
}
