import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { StorageGraph } from '../../source/core/graph.js';
import { judge } from '../../source/core/mute.js';
import type { Now } from '../../source/core/probe.js';
import { multipath } from '../../source/stacks/multipath/index.js';
import { enterLab, lab, leaveLab } from '../support/lab.js';
import { readNow } from '../support/lab-now.js';

/** Two virtual machines with a real kernel: fiori has two iSCSI paths to a disk of torchio. */
const skip = await enterLab('iscsi', 'multipath on a real kernel');
after(leaveLab);

const look = () => readNow(multipath, ['fiori']);

function codes(now: Now): string[] {
  return multipath.diagnose(now).map(({ code, subject }) => `${code} ${subject}`);
}

/** Looks again and again, as the console does, until it sees this. */
async function until(seen: (now: Now) => boolean): Promise<Now> {
  const end = Date.now() + 90_000;
  for (;;) {
    const now = await look();
    if (seen(now)) return now;
    assert.ok(Date.now() < end, `after 90 s there is still: ${codes(now).join(', ') || 'nothing'}`);
  }
}

test('a real map with two paths is read whole and is healthy', { skip }, async () => {
  const now = await until(
    (n) => codes(n).length === 0 && multipath.pane.metrics(n)[0]?.value === 2,
  );
  for (const probe of multipath.probes) {
    for (const reading of now.known(probe)) assert.deepEqual(reading.unread, [], probe.id);
  }
  const [map, first] = multipath.pane.draw(now).rows;
  assert.equal(map?.cells[2]?.text, '2/2');
  assert.equal(map.cells[5]?.text, '512 MiB');
  assert.match(first?.cells[0]?.text ?? '', /^\d+:0:0:1 sd[ab]$/);
  assert.match(first?.cells[4]?.text ?? '', /^192\.0\.2\.\d+:3260$/);
});

test(
  'a link that is cut is one cause with the lost path beneath it, and heals',
  { skip },
  async () => {
    await lab('cut', 'b');
    try {
      const now = await until((n) => {
        const seen = codes(n).join();
        return seen.includes('LAST_PATH') && seen.includes('PORTAL_DOWN');
      });
      const judged = judge(multipath.diagnose(now), new StorageGraph([multipath.graph(now)]));
      const portal = 'MULTIPATH_PORTAL_DOWN/192.0.2.130:3260';
      assert.deepEqual(
        judged.map(({ finding, severity, causedBy }) => [finding.code, severity, causedBy]),
        [
          ['MULTIPATH_LAST_PATH', 'alert', portal],
          ['MULTIPATH_PORTAL_DOWN', 'alert', undefined],
        ],
      );
    } finally {
      await lab('heal', 'b');
    }
    await until((n) => codes(n).length === 0);
  },
);
