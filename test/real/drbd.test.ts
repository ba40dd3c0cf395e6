import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Now } from '../../source/core/probe.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { enterLab, LAB_NODES, leaveLab, load, onBoth, type Scene } from '../support/lab.js';
import { readNow } from '../support/lab-now.js';

const skip = await enterLab('clean', 'the real DRBD');
after(leaveLab);

async function areLoaded(): Promise<readonly string[]> {
  return onBoth('test -e /proc/drbd && echo loaded || echo not loaded');
}

/** Every probe answered, and nothing of what it read was left over. */
function isReadWhole(now: Now): void {
  for (const probe of drbd.probes) {
    for (const reading of now.of(probe)) {
      const where = `${reading.host} ${probe.id}`;
      assert.equal(reading.kind, 'fresh', `${where}: ${JSON.stringify(reading)}`);
      assert.deepEqual(reading.unread, [], where);
    }
  }
}

test(
  'looking at a host without DRBD finds nothing and does not load its module',
  { skip },
  async () => {
    const now = await readNow(drbd, LAB_NODES);
    isReadWhole(now);
    assert.deepEqual(drbd.diagnose(now), []);
    assert.deepEqual(await areLoaded(), ['not loaded', 'not loaded']);
  },
);

/** What is found in the lab's states of a resource r0, both of whose sides are Primary. */
const FOUND: readonly { readonly scene: Scene; readonly codes: readonly string[] }[] = [
  { scene: 'drbd', codes: [] },
  { scene: 'ocfs2', codes: [] },
  { scene: 'sb', codes: ['DRBD_SPLIT_BRAIN'] },
];

for (const { scene, codes } of FOUND) {
  test(
    `a real DRBD in the state ${scene} is read to the last line and judged with proof`,
    { skip },
    async (t) => {
      const missing = await load(scene);
      if (missing !== false) {
        t.skip(missing);
        return;
      }
      const now = await readNow(drbd, LAB_NODES);
      isReadWhole(now);
      const { rows } = drbd.pane.draw(now);
      assert.ok(rows.length > 0 && rows.every(({ id }) => !/^drbd\d+$/.test(id)));
      const findings = drbd.diagnose(now);
      assert.deepEqual([...new Set(findings.map(({ code }) => code))], codes);
      assert.ok(findings.every(({ evidence }) => evidence.length > 0));
    },
  );
}
