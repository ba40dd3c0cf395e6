import assert from 'node:assert/strict';
import { test } from 'node:test';
import { switchedOn } from '../../../../source/stacks/lizardfs/flavour/boot.js';

test('a switch that is off in any way is on, and all else stays as it is', () => {
  const text =
    '# LIZARDFSMASTER_ENABLE=false\nLIZARDFSMASTER_ENABLE=false\nX_ENABLE=\nDAEMON_OPTS=""\n';
  assert.equal(
    switchedOn(text),
    '# LIZARDFSMASTER_ENABLE=false\nLIZARDFSMASTER_ENABLE=true\nX_ENABLE=true\nDAEMON_OPTS=""\n',
  );
});

test('one that is on is left alone', () => {
  const text = 'LIZARDFSMASTER_ENABLE=true\nY_ENABLE="true"\n';
  assert.equal(switchedOn(text), text);
});
