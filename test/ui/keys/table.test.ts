import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEY_COMMANDS } from '../../../source/ui/keys/commands.js';
import { matchEntries, type PaletteEntry } from '../../../source/ui/keys/palette.js';

test('no key does two things in the same context', () => {
  const seen = KEY_COMMANDS.flatMap(({ context, keys }) => keys.map((key) => `${context} ${key}`));
  assert.equal(new Set(seen).size, seen.length);
});

test('every command has a key, a word and a sentence', () => {
  for (const { keys, says, id } of KEY_COMMANDS) {
    assert.ok(keys.length > 0, id);
    assert.match(says, /^[A-Z].*\.$/, id);
  }
});

const entry = (title: string, says = ''): PaletteEntry => ({
  title,
  says,
  key: '',
  does: { kind: 'cluster', cluster: title },
});
const titles = (entries: readonly PaletteEntry[]): readonly string[] =>
  entries.map(({ title }) => title);

test('the palette puts beginnings before middles before scattered letters', () => {
  const entries = ['xenon hosts', 'a ghost', 'hosts', 'hub of six tests'].map((title) =>
    entry(title),
  );
  assert.deepEqual(titles(matchEntries(entries, 'hos')), [
    'hosts',
    'xenon hosts',
    'a ghost',
    'hub of six tests',
  ]);
});

test('the palette finds by explanation what it does not find by name', () => {
  const entries = [entry('copy', 'to the clipboard'), entry('quit', 'the end')];
  assert.deepEqual(titles(matchEntries(entries, 'clipboard')), ['copy']);
  assert.deepEqual(titles(matchEntries(entries, 'zzz')), []);
});
