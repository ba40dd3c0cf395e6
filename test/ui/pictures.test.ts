import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openScreen } from '../support/term.js';
import { svgOf } from '../support/svg.js';

test('a screen becomes a picture with its text and colours', async () => {
  const screen = await openScreen();
  const picture = svgOf(screen.output.emulator);
  await screen.close();
  assert.match(picture, /^<svg /);
  assert.match(picture, /split\u00A0brain/);
  assert.match(picture, /fill="rgb\(255,0,0\)"/);
  assert.doesNotMatch(picture, /href|<script|<image/);
});
