import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shortTime } from '../../../source/ui/layout/age.js';
import { bar } from '../../../source/ui/layout/bar.js';
import { fit } from '../../../source/ui/layout/fit.js';
import { sparkline } from '../../../source/ui/layout/sparkline.js';
import { cut, widthOf } from '../../../source/ui/layout/width.js';
import { wrap } from '../../../source/ui/layout/wrap.js';
import { glyphsFor } from '../../../source/ui/theme/glyphs.js';
import { makeTheme } from '../../../source/ui/theme/theme.js';

const theme = makeTheme({ unicode: true, colours: '256' });
const ascii = makeTheme({ unicode: false, colours: 'none' });

test('names are cut in the middle, sentences at the end', () => {
  assert.equal(cut('ata-CT250MX200SSD1_15371037C4260', 15, 'middle', '…'), 'ata-CT2…37C4260');
  assert.equal(cut('the link was lost', 9, 'end', '…'), 'the link…');
});

test('whatever a host says, it takes exactly the width of its place', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.integer({ min: 0, max: 30 }),
      fc.constantFrom('middle' as const, 'end' as const),
      fc.constantFrom(theme, ascii),
      (text, width, where, look) => {
        assert.equal(widthOf(fit(look, text, width, { cut: where })), width);
      },
    ),
  );
});

test('wide characters are never cut in half', () => {
  assert.equal(fit(theme, '存储服务器', 6), '存储… ');
});

test('numbers align at the right', () => {
  assert.equal(fit(theme, '62 %', 6, { align: 'right' }), '  62 %');
});

test('wrapping loses no word and exceeds no width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 3, max: 30 }),
      (words, width) => {
        const lines = wrap(words.join(' '), width);
        assert.ok(lines.every((line) => line.length <= width));
        assert.equal(lines.join('').replaceAll(' ', ''), words.join(''));
      },
    ),
  );
});

test('a sparkline keeps the peaks when there are more values than cells', () => {
  const values = Array.from({ length: 100 }, (_, at) => (at === 50 ? 9 : 1));
  const line = sparkline(glyphsFor(true), values, 10);
  assert.equal(widthOf(line), 10);
  assert.equal(line.replaceAll('▁', ''), '█');
});

test('a sparkline of equal values is flat, and one of none is empty', () => {
  assert.equal(sparkline(glyphsFor(true), [5, 5, 5], 10), '▁▁▁');
  assert.equal(sparkline(glyphsFor(true), [], 10), '');
});

test('a bar is as long as its share, in eighths where the terminal has them', () => {
  assert.equal(bar(glyphsFor(true), 0.5, 10), '▕████    ▏');
  assert.equal(bar(glyphsFor(false), 0.5, 10), '[####    ]');
  assert.equal(bar(glyphsFor(true), 7, 10), '▕████████▏');
  assert.equal(bar(glyphsFor(true), Number.NaN, 10), '▕        ▏');
});

test('ages take five cells at most', () => {
  const ages = [0, 59_000, 60_000, 47 * 3_600_000, 48 * 3_600_000, 1e13].map(shortTime);
  assert.deepEqual(ages, ['0 s', '59 s', '1 m', '47 h', '2 d', '999 d']);
});
