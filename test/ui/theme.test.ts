import assert from 'node:assert/strict';
import { test } from 'node:test';
import { themeFrom } from '../../source/ui/theme/theme.js';
import { paint } from '../../source/ui/theme/line.js';
import { prepareEnvironment, requireTerminal } from '../../source/ui/environment.js';

test('the locale decides whether there is more than ASCII', () => {
  assert.equal(themeFrom({ LANG: 'de_DE.UTF-8' }).unicode, true);
  assert.equal(themeFrom({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }).unicode, false);
  assert.equal(themeFrom({}).unicode, false);
  assert.equal(themeFrom({ LANG: 'C.UTF-8', HOLDFAST_ASCII: '1' }).unicode, false);
});

test('the terminal decides how many colours there are, and its user whether', () => {
  assert.equal(themeFrom({ TERM: 'xterm-256color' }).colours, '256');
  assert.equal(themeFrom({ TERM: 'linux' }).colours, '16');
  assert.equal(themeFrom({ TERM: 'xterm-256color', NO_COLOR: '1' }).colours, 'none');
});

test('in ASCII what hosts say is ASCII too', () => {
  const theme = themeFrom({});
  assert.equal(theme.text('torchio → fiori – 存'), 'torchio -> fiori - ?');
});

test('no control character of a host gets through, whoever made the line', () => {
  const theme = themeFrom({ LANG: 'C.UTF-8' });
  const painted = paint(theme, [{ text: ' \u001B[2J\u0007evil\u202E' }], { width: 20 });
  assert.equal(painted, ' ^[[2J^Gevil<202E>');
});

test('the selected line is inverse over the whole width, with its marker', () => {
  const theme = themeFrom({ LANG: 'C.UTF-8' });
  const painted = paint(theme, [{ text: ' r0', as: 'alert' }], { width: 8, selected: true });
  assert.equal(painted, '\u001B[7m▌r0     \u001B[27m');
});

test('the environment of a CI does not silence the console, and NO_COLOR reaches all of it', () => {
  const env: Record<string, string | undefined> = {
    CI: 'true',
    CONTINUOUS_INTEGRATION: '1',
    NO_COLOR: '1',
  };
  prepareEnvironment(env);
  assert.deepEqual(env, { NO_COLOR: '1', NODE_ENV: 'production', FORCE_COLOR: '0' });
});

test('where no full screen can be drawn, it is said what to do instead', () => {
  const tty = { isTTY: true };
  assert.throws(() => requireTerminal(tty, {}, {}), /holdfast status/);
  assert.throws(() => requireTerminal(tty, tty, { TERM: 'dumb' }), /TERM=dumb/);
  requireTerminal(tty, tty, { TERM: 'xterm' });
});
