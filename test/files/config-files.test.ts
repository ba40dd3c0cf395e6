import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  iniValue,
  parseIni,
  printIni,
  sectionsOf,
  setIniValue,
  withoutIniValue,
} from '../../source/files/ini.js';
import { parseKeyValue, printKeyValue, setValue, valueOf } from '../../source/files/key-value.js';
import {
  exportFault,
  exportsOf,
  parseExports,
  printExports,
  withExports,
} from '../../source/files/mfsexports.js';
import {
  goalFault,
  goalsOf,
  parseGoals,
  printGoals,
  setGoal,
} from '../../source/files/mfsgoals.js';

const piece = fc.constantFrom(
  ...[
    'KEY',
    'A_1',
    ' ',
    '\t',
    '=',
    ':',
    '#',
    ';',
    '[',
    ']',
    '\n',
    '\r\n',
    '1',
    '2 two',
    '_',
    '$xor2',
    '* / rw',
    '10.0.0.0/8',
    ',',
  ],
);
const anyText = fc.oneof(
  fc.string(),
  fc.array(piece).map((pieces) => pieces.join('')),
);

test('each of the formats that is read and printed is the same bytes', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(printKeyValue(parseKeyValue(text)), text);
      assert.equal(printExports(parseExports(text)), text);
      assert.equal(printGoals(parseGoals(text)), text);
      assert.equal(printIni(parseIni(text)), text);
    }),
  );
});

test('a value that was set is read again, and setting it twice changes nothing', () => {
  const word = fc.stringMatching(/^[!-~]([ -~]*[!-~])?$/);
  fc.assert(
    fc.property(anyText, word, (text, value) => {
      const file = setValue(parseKeyValue(text), 'KEY', value);
      const again = parseKeyValue(printKeyValue(file));
      assert.equal(valueOf(again, 'KEY'), value);
      assert.equal(printKeyValue(setValue(again, 'KEY', value)), printKeyValue(file));
    }),
  );
});

const DIST = '## Personality\n# PERSONALITY = master\n\n## Where\n# MASTER_HOST = mfsmaster\n';

test('a setting goes beneath the comment that shows it, else to the end, else in its own place', () => {
  const file = setValue(setValue(parseKeyValue(DIST), 'PERSONALITY', 'shadow'), 'NEW', '1');
  const text =
    '## Personality\n# PERSONALITY = master\nPERSONALITY = shadow\n\n## Where\n# MASTER_HOST = mfsmaster\nNEW = 1\n';
  assert.equal(printKeyValue(file), text);
  assert.equal(
    printKeyValue(setValue(file, 'PERSONALITY', 'master')),
    text.replace('= shadow', '= master'),
  );
});

test('of a key that is set twice the last holds, a # in a value is part of it, and a line break is refused', () => {
  const file = parseKeyValue('A=1\nA = 2 # no comment\n');
  assert.equal(valueOf(file, 'A'), '2 # no comment');
  assert.equal(printKeyValue(setValue(file, 'A', '3')), 'A=1\nA = 3\n');
  assert.throws(() => setValue(file, 'A', '1\nPERSONALITY = master'), RangeError);
});

const EXPORTS = '# range path options\n*  /  rw,alldirs,maproot=0 # all\n\n* . rw\n# end\n';

test('exports that stay keep their lines, others go, new ones come after the last', () => {
  const file = parseExports(EXPORTS);
  const entries = exportsOf(file);
  const root = { range: '*', path: '/', options: ['rw', 'alldirs', 'maproot=0'] };
  assert.deepEqual(entries, [root, { range: '*', path: '.', options: ['rw'] }]);
  assert.equal(withExports(file, entries), file);
  const net = { range: '10.20.0.0/24', path: '/', options: ['rw'] };
  assert.equal(
    printExports(withExports(file, [root, net])),
    '# range path options\n*  /  rw,alldirs,maproot=0 # all\n10.20.0.0/24 / rw\n\n# end\n',
  );
});

test('an export that the master would not read is named, and a password is never written', () => {
  const fault = (range: string, path = '/', ...options: readonly string[]) =>
    exportFault({ range, path, options });
  for (const range of ['*', '10.0.0.1', '10.0.0.1-10.0.0.9', '10.0.0.0/8', '10.0.0.0/255.0.0.0']) {
    assert.equal(fault(range, '/', 'rw', 'maproot=0:0', 'mingoal=2'), undefined);
  }
  assert.match(fault('10.0.0') ?? '', /is no range/);
  assert.match(fault('10.0.0.0/33') ?? '', /is no range/);
  assert.match(fault('*', 'vms') ?? '', /is no path/);
  assert.match(fault('*', '/', 'rw', 'sync') ?? '', /"sync" is no option/);
  assert.match(fault('*', '/', 'password=x') ?? '', /is no option/);
});

test('goals are read with comments behind them, changed in their place, and refused where the master would', () => {
  const file = parseGoals('# goals\n1 1 : _\n2 2 : _ _ # two\n\n# 17 ec : $ec(5,2)\n');
  assert.deepEqual(goalsOf(file).at(-1), { id: 2, name: '2', definition: '_ _' });
  const ssd = { id: 2, name: 'fast', definition: 'ssd _' };
  assert.match(printGoals(setGoal(file, ssd)), /^# goals\n1 1 : _\n2 fast : ssd _\n\n/);
  const ec = { id: 9, name: 'ec', definition: '$ec(3,2) { ssd ssd }' };
  assert.match(printGoals(setGoal(file, ec)), /# two\n9 ec : \$ec\(3,2\) \{ ssd ssd \}\n\n/);
  assert.equal(goalFault({ id: 41, name: 'x', definition: '_' })?.includes('1 to 40'), true);
  assert.match(goalFault({ id: 1, name: 'x', definition: '$xor1' }) ?? '', /is no definition/);
  assert.match(goalFault({ id: 1, name: 'x y', definition: '_' }) ?? '', /is no name/);
});

const REPO =
  '[base]\nname=Base\nmirrorlist=http://m/?a=b\n  more\n#baseurl=http://c/\ngpgcheck=1\n\n[updates]\nname=Updates\n';

test('a repo file’s section gets a value where it belongs, and a key is taken out with what goes on with it', () => {
  const file = parseIni(REPO);
  assert.deepEqual(sectionsOf(file), ['base', 'updates']);
  assert.equal(iniValue(file, 'base', 'mirrorlist'), 'http://m/?a=b');
  const edited = setIniValue(
    withoutIniValue(file, 'base', 'mirrorlist'),
    'base',
    'baseurl',
    'http://v/',
  );
  assert.equal(
    printIni(edited),
    '[base]\nname=Base\n#baseurl=http://c/\ngpgcheck=1\nbaseurl=http://v/\n\n[updates]\nname=Updates\n',
  );
  assert.equal(iniValue(edited, 'updates', 'baseurl'), undefined);
  assert.throws(() => setIniValue(file, 'none', 'a', 'b'), RangeError);
});
