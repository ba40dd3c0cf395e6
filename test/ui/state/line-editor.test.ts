import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editKey, insert, lineEdit, moveCursor } from '../../../source/ui/state/line-editor.js';

/** A line with `|` where the cursor is. */
function line(text: string) {
  return { text: text.replace('|', ''), cursor: text.indexOf('|') };
}

function shown(edit: ReturnType<typeof editKey>): string | undefined {
  return edit && `${edit.text.slice(0, edit.cursor)}|${edit.text.slice(edit.cursor)}`;
}

test('keys change a line where its cursor stands', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['ab|cd', 'x', 'abx|cd'],
    ['ab|cd', 'space', 'ab |cd'],
    ['ab|cd', 'backspace', 'a|cd'],
    ['ab|cd', 'delete', 'ab|d'],
    ['ab|cd', 'ctrl-d', 'ab|d'],
    ['ab|cd', 'ctrl-u', '|cd'],
    ['ab|cd', 'ctrl-k', 'ab|'],
    ['one two |three', 'ctrl-w', 'one |three'],
    ['|', 'backspace', '|'],
    ['ab|', 'delete', 'ab|'],
  ];
  for (const [before, key, after] of cases) {
    assert.equal(shown(editKey(line(before), key)), after, `${key} in ${before}`);
  }
  assert.equal(editKey(line('a|'), 'F5'), undefined);
});

test('what people see as one character is taken as one', () => {
  const family = '👨‍👩‍👧';
  assert.equal(shown(editKey(lineEdit(`a${family}`), 'backspace')), 'a|');
  const left = moveCursor(lineEdit(`a${family}b`), 'left');
  assert.equal(shown(moveCursor(left, 'left')), `a|${family}b`);
  assert.equal(shown(moveCursor(moveCursor(left, 'left'), 'right')), `a${family}|b`);
});

test('the cursor stays within the line, and a paste stays in one', () => {
  assert.equal(shown(moveCursor(line('|ab'), 'left')), '|ab');
  assert.equal(shown(moveCursor(line('ab|'), 'right')), 'ab|');
  assert.equal(shown(moveCursor(moveCursor(line('a|b'), 'start'), 'end')), 'ab|');
  assert.equal(shown(insert(line('a|b'), 'x\ny')), 'ax|b');
  assert.equal(insert(lineEdit('a'.repeat(999)), 'bcd').text.length, 1000);
});
