import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../source/core/json.js';
import { answerFaults } from '../../source/core/check-answers.js';
import {
  defaultAnswers,
  fillForm,
  secretsIn,
  withoutSecrets,
} from '../../source/core/fill-form.js';
import { mirrorQuestions } from '../support/mirror-form.js';

test('a form begins with the defaults of what is asked', () => {
  const { answers, questions } = fillForm(mirrorQuestions, {});
  assert.deepEqual(
    questions.map(({ key }) => key),
    ['disks', 'kind', 'name', 'password', 'size', 'shares', 'start'],
  );
  assert.deepEqual(answers, {
    disks: [],
    kind: 'raid1',
    name: 'mirror',
    size: 10,
    shares: [],
    start: true,
  });
});

test('what is not asked, not offered or of another shape is left out of a form', () => {
  const { answers } = fillForm(mirrorQuestions, {
    disks: ['sda', 'sdc', 'sdz'],
    loss: ['sdb ext4'],
    kind: 'raid0',
    size: 'ten',
    shares: [{ range: 'a', other: 1 }, 'b'],
  });
  assert.deepEqual(answers.disks, ['sdc']);
  assert.equal('loss' in answers, false);
  assert.equal(answers.kind, 'raid1');
  assert.equal(answers.size, 10);
  assert.deepEqual(answers.shares, [{ range: 'a' }]);
});

test('an answers file keeps what it says, so that its faults can be named', () => {
  const { answers, questions } = defaultAnswers(mirrorQuestions, {
    disks: ['sdb', 'sda'],
    size: 100,
  });
  assert.deepEqual(
    answerFaults(questions, answers).map(({ key, says }) => `${key}: ${says.slice(0, 24)}`),
    ['disks: sda: it is mounted at / ', 'size: 100 GiB is more than 99 '],
  );
  assert.ok(questions.some(({ key }) => key === 'loss'));
});

test('too few choices and numbers that are not whole are faults', () => {
  const { questions } = defaultAnswers(mirrorQuestions);
  assert.deepEqual(answerFaults(questions, { disks: [], size: 1.5 }), [
    { key: 'disks', says: 'choose at least one' },
    { key: 'size', says: '1.5 is not a whole number' },
  ]);
});

test('a number that was not given is a fault at its own question', () => {
  const { questions } = defaultAnswers(mirrorQuestions);
  assert.deepEqual(answerFaults(questions, { disks: ['sdc'] }), [
    { key: 'size', says: 'it must be given' },
  ]);
});

test('a fault in a row names its row and its column', () => {
  const table = {
    key: 'shares',
    ask: '',
    explains: '',
    kind: 'table' as const,
    row: 'share',
    columns: [
      {
        key: 'port',
        ask: '',
        explains: '',
        kind: 'number' as const,
        most: 65_535,
        column: { title: 'PORT', min: 5 },
      },
    ],
    default: [],
    least: 2,
  };
  assert.deepEqual(answerFaults([table], { shares: [{ port: 70_000 }] }), [
    { key: 'shares', says: 'there must be at least 2 shares' },
    { key: 'shares.0.port', says: '70000 is more than 65535' },
  ]);
});

test('secrets are found wherever they stand, and left out of what is kept', () => {
  const { questions } = defaultAnswers(mirrorQuestions);
  const answers = {
    password: 'sesame',
    name: 'm',
    shares: [
      { range: 'a', pin: '1234' },
      { range: 'b', pin: '' },
    ],
  };
  assert.deepEqual(secretsIn(questions, answers), ['sesame', '1234']);
  assert.deepEqual(withoutSecrets(questions, answers), {
    name: 'm',
    shares: [{ range: 'a' }, { range: 'b' }],
  });
});

test('an answer that an object inherits is none', () => {
  class Sized {
    readonly [key: string]: Json;
    declare readonly size: number;
  }
  Object.defineProperty(Sized.prototype, 'size', { value: 100 });
  const inherited = new Sized();
  assert.deepEqual(answerFaults(mirrorQuestions({}), inherited), [
    { key: 'size', says: 'it must be given' },
  ]);
});
