import type { Fleet, Machine } from '../fleet/state.js';
import { FIRST_SR, FIRST_UNIT, poolOn } from '../fleet/xapi.js';

/** What a member of a pool has in its files: who it is, its driver, and the boot hook. */
export function poolFiles(fleet: Fleet, machine: Machine): Record<string, string> {
  const pool = poolOn(fleet, machine.name);
  const host = pool?.hosts.find((one) => one.machine === machine.name);
  if (!pool || !host) return {};
  const master = pool.hosts.find(({ uuid }) => uuid === pool.master);
  const address = fleet.machines.find(({ name }) => name === master?.machine)?.address ?? '';
  const [brand = '', version = ''] = machine.os.split(' ');
  return {
    '/etc/xensource-inventory': [
      `PRODUCT_BRAND='${brand}'`,
      `PRODUCT_VERSION='${version}'`,
      `INSTALLATION_UUID='${host.uuid}'`,
      "MANAGEMENT_INTERFACE='xenbr0'",
      '',
    ].join('\n'),
    '/etc/xensource/pool.conf': host === master ? 'master' : `slave:${address}`,
    '/opt/xensource/sm/FileSR.py': DRIVER,
    ...(machine.services.has(FIRST_UNIT) ? hookFiles() : {}),
  };
}

function hookFiles(): Record<string, string> {
  const script = `/usr/local/sbin/${FIRST_UNIT}.sh`;
  const mark = `# boot hook of the storage repository ${FIRST_SR}`;
  return {
    [script]: `#!/bin/sh\n${mark}\nmountpoint -q /mnt/lizardfs || mount -- /mnt/lizardfs\n`,
    [`/etc/systemd/system/${FIRST_UNIT}.service`]: [
      mark,
      '[Unit]',
      'Description=What the storage repository LizardFS stands on',
      'Wants=network-online.target',
      'After=network-online.target',
      'Before=xapi.service',
      '',
      '[Service]',
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=${script}`,
      '',
      '[Install]',
      'WantedBy=multi-user.target',
      '',
    ].join('\n'),
  };
}

/** A driver in the shape of the real one, as far as its boot hook is concerned. */
const DRIVER = `#!/usr/bin/python
# Simulated: a driver of file repositories in the shape of the real one.
import util
import SR


class FileSR(SR.SR):
    """Repository in a folder"""

    def attach(self, sr_uuid):
        if not self._checkmount():
            util.ioretry(lambda: util.makedirs(self.path))
            util.pread(["mount", self.remotepath, self.path, "-o", "bind"])
        self.attached = True

    def detach(self, sr_uuid):
        if self._checkmount():
            util.pread(["umount", self.path])
        self.attached = False
`;
