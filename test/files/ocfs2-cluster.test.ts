import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  clusterConfFaults,
  clusterFaults,
  clustersOf,
  parseClusterConf,
  printClusterConf,
  withCluster,
  type ClusterDefinition,
} from '../../source/files/ocfs2-cluster.js';
import { setShellSetting } from '../../source/files/shell-settings.js';

const fiori = { name: 'fiori', number: 1, address: '192.0.2.1', port: 7777 };
const torchio = { name: 'torchio', number: 2, address: '192.0.2.2', port: 7777 };
const WANTED: ClusterDefinition = { name: 'ocfs2', nodes: [fiori, torchio], heartbeat: 'local' };

function made(text: string, wanted = WANTED): string {
  const result = withCluster(parseClusterConf(text), wanted);
  assert.ok(result.ok, result.ok ? '' : result.because);
  return printClusterConf(result.file);
}

test('a cluster is written with TABs and a blank line between the stanzas, and read again', () => {
  const text = made('');
  assert.equal(
    text,
    `cluster:
\tnode_count = 2
\tname = ocfs2
\theartbeat_mode = local

node:
\tip_port = 7777
\tip_address = 192.0.2.1
\tnumber = 1
\tname = fiori
\tcluster = ocfs2

node:
\tip_port = 7777
\tip_address = 192.0.2.2
\tnumber = 2
\tname = torchio
\tcluster = ocfs2
`,
  );
  assert.deepEqual(clustersOf(parseClusterConf(text)), [{ ...WANTED, nodeCount: 2 }]);
  assert.equal(made(text), text);
});

test('a node that comes later is added and counted; comments and the rest stay', () => {
  const before = `# ours\n${made('', { ...WANTED, nodes: [fiori] })}`;
  const after = made(before);
  assert.ok(after.startsWith('# ours\ncluster:\n\tnode_count = 2\n'));
  assert.equal(clustersOf(parseClusterConf(after))[0]?.nodes.length, 2);
});

test('a node that is there with another address or number is left alone and told', () => {
  const before = made('', { ...WANTED, nodes: [fiori, { ...torchio, address: '192.0.2.9' }] });
  const result = withCluster(parseClusterConf(before), WANTED);
  assert.ok(!result.ok);
  assert.match(result.because, /torchio or its number otherwise/);
});

test('another cluster in the file, or a file that o2cb cannot read, is not touched', () => {
  const other = withCluster(parseClusterConf(made('', { ...WANTED, name: 'other' })), WANTED);
  assert.ok(!other.ok && other.because.includes('another cluster, other'));
  const broken = withCluster(parseClusterConf('cluster:\nname = ocfs2\n'), WANTED);
  assert.ok(!broken.ok && broken.because.includes('it needs a TAB'));
});

test('parameters after blanks are read, as o2cb does; in the first column they are not', () => {
  const spaces = parseClusterConf('cluster:\n        name = ocfs2\n        node_count = 0\n');
  assert.deepEqual([clusterConfFaults(spaces), clustersOf(spaces)[0]?.name], [[], 'ocfs2']);
  const bare = parseClusterConf('cluster:\nname = ocfs2\n');
  assert.equal(clusterConfFaults(bare)[0]?.line, 2);
});

test('names that are too long, numbers and addresses that occur twice are faults', () => {
  const says = clusterFaults({
    name: 'a-cluster-with-a-long-name',
    nodes: [fiori, { ...torchio, number: 1, address: '192.0.2.1' }],
    heartbeat: 'local',
  }).join('\n');
  assert.match(says, /at most 16 letters/);
  assert.match(says, /two nodes have the number 1/);
  assert.match(says, /two nodes have the address 192.0.2.1/);
});

test('any text is read, and printed back to the byte', () => {
  const line = fc.oneof(fc.constantFrom('node:', '\tname = a', 'x = 1', '', '# c'), fc.string());
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), (lines, newline) => {
      const text = lines.join('\n') + (newline ? '\n' : '');
      assert.equal(printClusterConf(parseClusterConf(text)), text);
    }),
  );
});

test('a setting of a shell file is changed where it stands, and nothing else', () => {
  const text = '# why\nO2CB_ENABLED=false\n\nO2CB_BOOTCLUSTER="ocfs2"';
  assert.equal(setShellSetting(text, 'O2CB_ENABLED', 'true'), text.replace('false', 'true'));
  assert.equal(setShellSetting(text, 'O2CB_BOOTCLUSTER', 'ocfs2'), text);
  assert.equal(setShellSetting('', 'A', 'b'), 'A=b\n');
  assert.throws(() => setShellSetting('', 'A', '$(reboot)'), RangeError);
});
