import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { KeyInput } from '../../../source/ui/terminal/key-input.js';
import { keyName } from '../../../source/ui/terminal/key-names.js';
import { takeKeys } from '../../../source/ui/terminal/key-tokens.js';
import { FakeOutput } from '../../support/term.js';

const names = (input: string): readonly (string | undefined)[] =>
  takeKeys(input, true).tokens.map((token) =>
    token.kind === 'key' ? keyName(token.sequence) : `paste ${token.text}`,
  );

test('a burst is taken apart into single keys', () => {
  assert.deepEqual(names('jj\u001B[A\rG'), ['j', 'j', 'up', 'enter', 'G']);
});

test('keys of xterm, rxvt and the Linux console have one name', () => {
  assert.deepEqual(names('\u001BOP\u001B[11~\u001B[[A'), ['F1', 'F1', 'F1']);
  assert.deepEqual(names('\u001B[H\u001BOH\u001B[1~\u001B[7~'), ['home', 'home', 'home', 'home']);
  assert.deepEqual(names('\u007F\b'), ['backspace', 'backspace']);
});

test('control keys, blanks and characters beyond ASCII have names', () => {
  assert.deepEqual(names('\u0003\u0015 é存😀'), ['ctrl-c', 'ctrl-u', 'space', 'é', '存', '😀']);
});

test('what no key of ours sends is no key', () => {
  assert.deepEqual(names('\u001B[99~\u001Bq\u009B'), [undefined, undefined, undefined]);
});

test('a sequence that comes in two pieces is joined', () => {
  const first = takeKeys('j\u001B[');
  assert.deepEqual(first.tokens.length, 1);
  assert.deepEqual(takeKeys(`${first.rest}5~`).tokens, [{ kind: 'key', sequence: '\u001B[5~' }]);
});

test('pasted text is one thing, however many pieces it comes in', () => {
  const first = takeKeys('\u001B[200~rm -rf');
  assert.deepEqual(first.tokens, []);
  const all = takeKeys(`${first.rest} /\rq\u001B[201~x`);
  assert.deepEqual(all.tokens, [
    { kind: 'paste', text: 'rm -rf /\rq' },
    { kind: 'key', sequence: 'x' },
  ]);
});

test('no input is lost and none hangs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (input) => {
      const { tokens, rest } = takeKeys(input, true);
      const taken = tokens.map((t) =>
        t.kind === 'key' ? t.sequence : `\u001B[200~${t.text}\u001B[201~`,
      );
      assert.equal(taken.join('') + rest, input);
    }),
  );
});

test('an Escape that nothing follows is the key itself', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const stdin = Object.assign(new EventEmitter(), {
    setRawMode: () => undefined,
    setEncoding: () => undefined,
    resume: () => undefined,
    pause: () => undefined,
  });
  const keys: string[] = [];
  const input = new KeyInput(stdin, new FakeOutput(80, 24), {
    key: (name) => keys.push(name),
    paste: () => undefined,
  });
  input.open();
  stdin.emit('data', '\u001B');
  assert.deepEqual(keys, []);
  mock.timers.tick(30);
  assert.deepEqual(keys, ['escape']);
  input.close();
  stdin.emit('data', 'j');
  assert.deepEqual(keys, ['escape']);
  mock.timers.reset();
});
