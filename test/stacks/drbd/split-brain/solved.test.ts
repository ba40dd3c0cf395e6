import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, Outcome } from '../../../../source/core/host.js';
import { splitBrainRecovery } from '../../../../source/stacks/drbd/split-brain/recovery.js';
import { RECORDED_AT } from '../../../support/recordings.js';
import { drbd } from '../../../../source/stacks/drbd/index.js';
import { codes, nowOf, proc84, shown } from '../support.js';
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

const solvedAt = (how: string) => ({
  'cat /proc/drbd': proc84(' 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----'),
  'exec drbdsetup show': shown('r0'),
  dmesg: line(how, 'peer'),
  '/proc/uptime': '400.00 1.0\n',
});

test('on the screen a warning tells for three days what DRBD discarded by itself', async () => {
  const now = await nowOf({ fiori: solvedAt('1 primaries, automatically') });
  const found = drbd.diagnose(now).find(({ code }) => code === 'DRBD_CHANGES_DISCARDED');
  assert.ok(found, codes(now).join());
  assert.equal(found.subject, 'r0');
  assert.match(found.says, /what fiori had written to \/dev\/drbd0 was discarded.*2\.0 MiB/);
  assert.match(found.means, /Nobody was asked/);
  assert.deepEqual(found.remedies, ['drbd.split-brain']);
  const old = { ...solvedAt('1 primaries, automatically'), '/proc/uptime': '400000.00 1.0\n' };
  assert.ok(!codes(await nowOf({ fiori: old })).includes('DRBD_CHANGES_DISCARDED'));
});

test('what a person discarded is known to that person', async () => {
  const now = await nowOf({ fiori: solvedAt('manually') });
  assert.ok(!codes(now).includes('DRBD_CHANGES_DISCARDED'));
});
