import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StorageGraph } from '../../../source/core/graph.js';
import { judge } from '../../../source/core/mute.js';
import { diagnose } from '../../../source/stacks/xapi/diagnose.js';
import { graph } from '../../../source/stacks/xapi/graph.js';
import { xapi } from '../../../source/stacks/xapi/index.js';
import { recordedNow, situations } from '../../support/recordings.js';

/** What each situation must be called, and on what; in brackets: only a consequence. */
const expected: Readonly<Record<string, readonly string[]>> = {
  calm: [],
  'pbd-unplugged': ['PBD_UNPLUGGED/LizardFS on xs-2'],
  'hook-lost': ['HOOK_LOST/LizardFS on xs-2'],
  'location-not-mounted': ['LOCATION_NOT_MOUNTED/LizardFS on xs-2'],
  'bound-beneath': ['SR_SHOWS_BENEATH/LizardFS on xs-2'],
  'master-away': ['NO_ANSWER/10.20.0.11'],
  'nearly-full': ['SR_NEARLY_FULL/LizardFS'],
  full: ['SR_FULL/LizardFS'],
  maintenance: ['HOST_DISABLED/xs-2'],
  'host-not-heard': ['HOST_NOT_LIVE/xs-2'],
  'pbd-missing': ['PBD_MISSING/LizardFS'],
  'two-pools': ['SR_IN_TWO_POOLS/LizardFS'],
};

test('every recorded situation has an expectation', () => {
  assert.deepEqual([...situations('xapi')].sort(), Object.keys(expected).sort());
});

for (const situation of situations('xapi')) {
  test(`${situation}: the findings are exactly the expected ones`, async () => {
    const now = await recordedNow(xapi, situation);
    const judged = judge(diagnose(now), new StorageGraph([graph(now)]));
    const found = judged.map(({ key, causedBy }) => {
      const short = key.replace(/^XAPI_/, '');
      return causedBy === undefined ? short : `(${short})`;
    });
    assert.deepEqual(found.toSorted(), expected[situation]);
  });

  test(`${situation}: everything that was printed is understood`, async () => {
    const now = await recordedNow(xapi, situation);
    for (const reading of now.readings) {
      if (reading.kind === 'fresh') assert.deepEqual(reading.unread, [], reading.probe.id);
    }
  });
}

test('a repository stands on its PBDs, these on the mount, and virtual machines on it', async () => {
  const fragment = graph(await recordedNow(xapi, 'calm'));
  const joined = new StorageGraph([fragment]);
  const mount = fragment.nodes.find(({ kind, host }) => kind === 'mount' && host === 'xs-2');
  assert.equal(mount?.name, '/mnt/lizardfs');
  const above = [...joined.above([mount.id])].map((id) => joined.node(id)?.kind);
  assert.deepEqual(
    [...new Set(above)],
    ['PBD', 'storage repository', 'virtual disk', 'virtual machine'],
  );
  const fates = joined.whatIf([mount.id]);
  const sr = fragment.nodes.find(({ kind }) => kind === 'storage repository');
  assert.equal(fates.get(sr?.id ?? ''), 'degraded');
  const mounts = fragment.nodes.filter(({ kind }) => kind === 'mount').map(({ id }) => id);
  assert.equal(joined.whatIf(mounts).get(sr?.id ?? ''), 'dead');
});

test('what runs on a repository that is unplugged is told by name', async () => {
  const [finding] = diagnose(await recordedNow(xapi, 'pbd-unplugged'));
  assert.match(finding?.means ?? '', /Disks of files and accounts, which run, are on it\./);
  assert.deepEqual(finding?.evidence[0]?.lines[0]?.slice(0, 9), 'uuid ( RO');
});

test('with the master away the pool says so in its own words, and nothing is made up', async () => {
  const now = await recordedNow(xapi, 'master-away');
  const failed = now.readings.find(({ probe }) => probe.id === 'xapi.storage');
  assert.ok(failed?.kind === 'failed');
  assert.match(failed.failure.means, /master/);
});

test('two pools are asked each for itself and drawn one beneath the other', async () => {
  const now = await recordedNow(xapi, 'two-pools');
  const asked = now.readings.filter(({ probe }) => probe.id === 'xapi.storage');
  assert.deepEqual(
    asked.map(({ host }) => host),
    ['xs-1', 'xs-2'],
  );
  const rows = xapi.pane.draw(now).rows.filter(({ depth = 0 }) => depth === 0);
  assert.equal(rows.length, 2);
});

test('a mount whose server has another address on one host is shown on each, and not as good', async () => {
  const elsewhere = (output: string): string =>
    output.includes('pool slave:')
      ? output.replace(/^hosts \S+ xs-1 mfsmaster$/m, 'hosts 10.20.0.99 mfsmaster')
      : output;
  const tableOf = async (altered?: (output: string) => string) => {
    const now = await recordedNow(xapi, 'calm', altered);
    const row = xapi.pane.draw(now).rows.find(({ cells }) => cells[0]?.text === 'LizardFS');
    const block = row?.details().blocks.find(({ kind }) => kind === 'table');
    assert.ok(block?.kind === 'table');
    const at = block.columns.findIndex(({ title }) => title === 'server');
    return block.rows.map((cells) => [cells[at]?.text, cells[at]?.tone]);
  };
  assert.deepEqual(await tableOf(), [
    ['mfsmaster (10.20.0.11)', undefined],
    ['mfsmaster (10.20.0.11)', undefined],
  ]);
  assert.deepEqual(await tableOf(elsewhere), [
    ['mfsmaster (10.20.0.11)', 'warning'],
    ['mfsmaster (10.20.0.99)', 'warning'],
  ]);
});

/** The findings of the calm pool where xs-2 says something else of itself. */
async function calmBut(change: (output: string) => string) {
  const now = await recordedNow(xapi, 'calm', (output) =>
    output.includes('pool slave:') || output.includes('host-metrics-live')
      ? change(output)
      : output,
  );
  return diagnose(now);
}

test('an update that replaced the driver, or took the unit away, left a script that nothing calls', async () => {
  const script = '/usr/local/sbin/sr-start-e8c4a1b2.sh';
  const withoutUnit = (output: string) =>
    output.replace(/^unit active [^]*?(?=^driver)/m, '').replace(/\n*$/, '\n');
  const hooked = (output: string) => `${withoutUnit(output)}line             _run("${script}")\n`;
  assert.deepEqual(await calmBut(hooked), []);
  const [lost, ...more] = await calmBut(withoutUnit);
  assert.deepEqual(more, []);
  assert.equal(lost?.code, 'XAPI_HOOK_LOST');
  assert.match(lost.says, /nothing calls \/usr\/local\/sbin\/sr-start-e8c4a1b2\.sh at boot/);
  assert.match(lost.means, /An update that replaces FileSR\.py takes a hook in it away/);
});

test('hosts of a pool that run different versions are told, with which runs what', async () => {
  const found = await calmBut((output) =>
    output.replace(/(xs-2[^]*product_version: )8\.2\.1/, '$18.3.0'),
  );
  assert.deepEqual(
    found.map(({ code }) => code),
    ['XAPI_VERSIONS_DIFFER'],
  );
  assert.match(found[0]?.says ?? '', /8\.2\.1 on xs-1; .*8\.3\.0 on xs-2/);
});

test('a host that takes itself for the master of a pool that has another is told', async () => {
  const found = await calmBut((output) => output.replace(/^pool slave:.*$/m, 'pool master'));
  const two = found.find(({ code }) => code === 'XAPI_TWO_MASTERS');
  assert.deepEqual([two?.subject, two?.severity, two?.hosts], ['xs-2', 'alert', ['xs-2']]);
});
