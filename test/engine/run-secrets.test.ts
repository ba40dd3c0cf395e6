import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FailureError } from '../../source/core/failure.js';
import { fillSecrets, placeholder, secretFault, secretsNamedIn } from '../../source/core/secret.js';
import { planSchema, type Plan } from '../../source/core/plan.js';
import {
  randomSecret,
  RunSecrets,
  secretsToAsk,
  settleSecrets,
  withSecrets,
} from '../../source/engine/run/run-secrets.js';
import { markPlan } from '../support/mark-host.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-run-secrets-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const plan: Plan = {
  ...markPlan([]),
  secrets: [
    { name: 'admin', says: 'the admin password', from: 'asked' },
    { name: 'shared', says: 'the shared secret', from: 'made' },
  ],
};
const none = new Map<string, string>();

test('a plan names its secrets and has no place for a value', () => {
  assert.ok(planSchema.safeParse(plan).success);
  const withValue = { ...plan, secrets: [{ ...plan.secrets?.[0], value: 'hunter2' }] };
  assert.equal(planSchema.safeParse(withValue).success, false);
});

test('what is asked for must be given; what is made is made once, and asked for if it was lost', () => {
  assert.throws(() => settleSecrets(plan, none, none, 'apply'), FailureError);
  const values = settleSecrets(plan, none, new Map([['admin', 'correct-horse']]), 'apply');
  assert.equal(values.get('admin'), 'correct-horse');
  assert.match(values.get('shared') ?? '', /^[A-Za-z2-9]{28}$/);
  assert.deepEqual(settleSecrets(plan, values, none, 'resume'), values);
  const asked = secretsToAsk(plan, new Map([['admin', 'correct-horse']]), 'resume');
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['shared'],
  );
});

test('a made secret is fit for a config file, and no two are alike', () => {
  const made = Array.from({ length: 50 }, randomSecret);
  assert.equal(new Set(made).size, 50);
  assert.ok(made.every((one) => secretFault(one) === undefined));
});

test('a secret that would change on its way is refused, and why is said without it', () => {
  assert.match(secretFault('short') ?? '', /shorter than 6/);
  assert.match(secretFault('two words') ?? '', /blank/);
  assert.match(secretFault('line\nbreak') ?? '', /blank/);
  assert.match(secretFault('schön-genug') ?? '', /ASCII/);
  assert.match(secretFault('a"quoted"b') ?? '', /one of/);
  assert.equal(secretFault('Correct-horse:battery!'), undefined);
});

test('the values outlive a crash in a file of the owner’s alone, and are gone after the end', async () => {
  const kept = new RunSecrets(folder, 'r1');
  assert.deepEqual(await kept.read(), none);
  await kept.keep(new Map([['admin', 'correct-horse']]));
  const path = join(folder, 'r1.secrets');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(
    await new RunSecrets(folder, 'r1').read(),
    new Map([['admin', 'correct-horse']]),
  );
  await kept.drop();
  assert.equal(existsSync(path), false);
  writeFileSync(path, '{"admin": tor');
  assert.deepEqual(await kept.read(), none);
  await kept.keep(new Map([['admin', 'again-and-again']]));
  assert.match(readFileSync(path, 'utf8'), /again-and-again/);
});

test('only the secrets that a command names are put into its input, and none comes back', async () => {
  const text = `a ${placeholder('admin')} b ${placeholder('shared')}`;
  assert.deepEqual(secretsNamedIn(text), ['admin', 'shared']);
  const values = new Map([['admin', 'correct-horse']]);
  assert.equal(fillSecrets(text, ['admin'], values), 'a correct-horse b <<secret:shared>>');
  assert.throws(() => fillSecrets(text, ['shared'], values), RangeError);
  let input: string | undefined;
  const host = withSecrets(
    {
      name: 'box',
      run: (command) => {
        input = command.input;
        return Promise.resolve({
          kind: 'exited',
          code: 1,
          stdout: '',
          stderr: `bad ${input ?? ''}`,
        });
      },
    },
    values,
  );
  const command = { argv: ['x'], effect: 'changes', deadline: 1, input: text } as const;
  const outcome = await host.run({ ...command, secrets: ['admin'] });
  assert.equal(input, 'a correct-horse b <<secret:shared>>');
  assert.equal(outcome.kind === 'exited' && outcome.stderr, 'bad a ••• b <<secret:shared>>');
  await host.run(command);
  assert.equal(input, text);
});
