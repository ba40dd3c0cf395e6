import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, Outcome, Reader } from '../../../source/core/host.js';
import { Now, type Reading } from '../../../source/core/probe.js';
import { disks } from '../../../source/stacks/disks/index.js';

/** A host with a disk sdb and a swap partition sda2, on which a plan may mount and write fstab. */
class Machine {
  mounted = false;
  swaps = '/dev/sda2';
  fstab = 'UUID=aaaa / ext4 errors=remount-ro 0 1\n';
  at = 0;
  #readings: readonly Reading<unknown>[] = [];

  readonly #host: Reader = {
    name: 'kvm',
    run: (command) => Promise.resolve(this.#answer(command)),
  };

  /** What the console knows after all probes that are due were asked. */
  async codes(): Promise<readonly string[]> {
    const readings = await Promise.all(
      disks.probes.map(async (probe): Promise<Reading<unknown>> => {
        const before = this.#readings.find((one) => one.probe === probe);
        if (before && this.at - before.at < probe.every) return before;
        const base = { probe, host: 'kvm', asked: [], at: this.at };
        const answer = await probe.read(this.#host);
        return answer.kind === 'value'
          ? { ...base, kind: 'fresh', value: answer.value, unread: answer.unread }
          : { ...base, ...answer };
      }),
    );
    this.#readings = readings;
    const hosts = [
      { name: 'kvm', target: 'kvm', phase: 'up' as const, since: 0, stacks: ['disks'] },
    ];
    return disks.diagnose(new Now(this.at, hosts, readings)).map(({ code }) => code);
  }

  #answer({ argv }: Command): Outcome {
    const text = argv.join(' ');
    if (text === 'cat /etc/fstab') return said(this.fstab);
    return said(text.includes('from memory') ? this.#devices() : '');
  }

  #devices(): string {
    const device = (name: string, type: string, uuid: string) =>
      `device NAME="${name}" KNAME="${name}" PKNAME="" TYPE="part" RO="0" SIZE="1000000" FSTYPE="${type}" LABEL="" UUID="${uuid}" MOUNTPOINT=""`;
    return [
      'from memory',
      device('sda1', 'ext4', 'aaaa'),
      device('sda2', 'swap', 'cccc'),
      device('sdb', 'xfs', 'bbbb'),
      'number sda1 8:1',
      'number sdb 8:16',
      'mount 24 1 8:1 / / rw - ext4 /dev/sda1 rw',
      ...(this.mounted ? ['mount 40 24 8:16 / /srv/images rw - xfs /dev/sdb rw'] : []),
      ...(this.swaps === '' ? [] : [`swap ${this.swaps} partition 100 0 -2`]),
    ].join('\n');
  }
}

function said(stdout: string): Outcome {
  return { kind: 'exited', code: 0, stdout, stderr: '' };
}

test('a mount and its line in fstab that a plan has just made are not told as one without the other', async () => {
  const machine = new Machine();
  assert.deepEqual(await machine.codes(), []);
  machine.mounted = true;
  machine.fstab += 'UUID=bbbb /srv/images xfs nofail 0 2\n';
  for (machine.at = 5000; machine.at < 120_000; machine.at += 5000) {
    assert.deepEqual(await machine.codes(), [], `${machine.at} ms later`);
  }
  machine.fstab = 'UUID=aaaa / ext4 errors=remount-ro 0 1\n';
  machine.at += 10_000;
  assert.deepEqual(await machine.codes(), ['FSTAB_MISSING_MOUNT']);
});

test('swap of fstab that is not used is told, however the line names it', async () => {
  const root = 'UUID=aaaa / ext4 errors=remount-ro 0 1\n';
  const codes = (line: string, swaps = ''): Promise<readonly string[]> => {
    const machine = new Machine();
    machine.fstab = `${root}${line}\n`;
    machine.swaps = swaps;
    return machine.codes();
  };
  for (const source of ['UUID=cccc', '/dev/sda2', '/swapfile']) {
    assert.deepEqual(await codes(`${source} none swap sw 0 0`), ['FSTAB_SWAP_OFF'], source);
    const used = source.startsWith('/') ? source : '/dev/sda2';
    assert.deepEqual(await codes(`${source} none swap sw 0 0`, used), [], source);
  }
  assert.deepEqual(await codes('/dev/sda2 none swap noauto 0 0'), []);
});
