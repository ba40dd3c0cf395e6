import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  parseRes,
  printRes,
  replaceSection,
  resSections,
  resValue,
  setResStatement,
} from '../../source/files/drbd-res.js';

const TEXT = `# the mail store
resource r0 {
  protocol C;   # old place
  net {
    allow-two-primaries yes;
    shared-secret "a \\"b\\" {c};";
  }
  on fiori {
    device /dev/drbd0 minor 0;
    disk /dev/vg0/small; address 192.0.2.1:7788;
    meta-disk internal;
  }
  on torchio { disk /dev/vg0/small; }
}
`;

test('a .res file that is read and printed is the same bytes', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('resource r0 {', '}', 'protocol C;', '"a b"', '# x\n', '\n', ' ', ';', '{'),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      assert.equal(printRes(parseRes(text)), text);
    }),
  );
});

test('sections, statements and quoted words are read', () => {
  const { pieces, faults } = parseRes(TEXT);
  const [resource] = resSections(pieces, 'resource', 'r0');
  assert.ok(resource);
  assert.deepEqual(resValue(resource.body, 'protocol'), ['C']);
  const [net] = resSections(resource.body, 'net');
  assert.deepEqual(resValue(net?.body ?? [], 'shared-secret'), ['a "b" {c};']);
  const [fiori] = resSections(resource.body, 'on', 'fiori');
  assert.deepEqual(resValue(fiori?.body ?? [], 'device'), ['/dev/drbd0', 'minor', '0']);
  assert.deepEqual(faults, []);
});

test('a statement that is set changes its own bytes alone', () => {
  const { pieces } = parseRes(TEXT);
  const [resource] = resSections(pieces, 'resource');
  const [net] = resSections(resource?.body ?? [], 'net');
  assert.ok(net);
  const changed = replaceSection(pieces, net, setResStatement(net, 'allow-two-primaries', 'no'));
  assert.equal(printRes({ pieces: changed }), TEXT.replace('primaries yes', 'primaries no'));
});

test('a statement that is added stands beneath its neighbours', () => {
  const { pieces } = parseRes(TEXT);
  const [resource] = resSections(pieces, 'resource');
  const [net] = resSections(resource?.body ?? [], 'net');
  assert.ok(net);
  const text = printRes({
    pieces: replaceSection(pieces, net, setResStatement(net, 'after-sb-0pri', 'disconnect')),
  });
  assert.equal(text, TEXT.replace('{c};";\n', '{c};";\n    after-sb-0pri disconnect;\n'));
});

test('a missing last brace is told, as drbdadm does not', () => {
  const { faults } = parseRes('resource r0 {\n  protocol C;\n');
  assert.deepEqual(faults, ['`resource r0` has no closing brace']);
});

test('a statement without its end is told', () => {
  assert.equal(parseRes('resource r0 { protocol C }').faults.length, 1);
});
