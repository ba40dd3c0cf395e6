import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, Outcome } from '../../../../source/core/host.js';
import { splitBrainRecovery } from '../../../../source/stacks/drbd/split-brain/recovery.js';
import { RECORDED_AT } from '../../../support/recordings.js';
import { hostsOf } from './support.js';

async function happened(lines: string): Promise<string> {
  const hosts = new Map(
    [...(await hostsOf('calm'))].map(([name, host]) => [
      name,
      {
        name,
        run: (command: Command<'reads'>): Promise<Outcome> => {
          const line = command.argv.join(' ');
          const say = (stdout: string) =>
            Promise.resolve({ kind: 'exited' as const, code: 0, stdout, stderr: '' });
          if (line.includes('dmesg')) return say(name === 'fiori' ? lines : '');
          return line.includes('/proc/uptime') ? say('400.00 1.0\n') : host.run(command);
        },
      },
    ]),
  );
  return (await splitBrainRecovery(() => RECORDED_AT).gather('r0', hosts)).happened;
}

const line = (how: string, from: string) =>
  `[  296.4] block drbd0: Split-Brain detected, ${how} solved. Sync from ${from} node\n[  296.9] block drbd0: Began resync as SyncTarget (will sync 2048 KB [512 bits set]).\n`;

test('what DRBD’s own rules discarded is told, with how much and when', async () => {
  const said = await happened(line('1 primaries, automatically', 'peer'));
  assert.match(said, /DRBD solved a split brain by its after-sb rules/);
  assert.match(said, /what fiori had written .* was discarded, torchio was the source\. 2\.0 MiB/);
  assert.match(said, /At \d\d:\d\d/);
});

test('the source’s own log names the other side as the one that lost', async () => {
  assert.match(await happened(line('manually', 'this')), /by hand: what torchio had written/);
});

test('a log that tells of no split brain adds nothing', async () => {
  assert.doesNotMatch(
    await happened('[ 1.0] block drbd0: conn( A -> Connected )\n'),
    /split brain/,
  );
});
