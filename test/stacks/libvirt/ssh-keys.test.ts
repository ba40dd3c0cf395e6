import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import type { Outcome, Reader } from '../../../source/core/host.js';
import { addKey, hasKey, readPublicKey } from '../../../source/files/authorized-keys.js';
import { parseUsers } from '../../../source/stacks/libvirt/wizards/ssh-keys/look.js';
import { sshKeysSpec } from '../../../source/stacks/libvirt/wizards/ssh-keys/index.js';
import { wholeCluster } from '../../support/surroundings.js';

const BLOB = (() => {
  const word = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([word(Buffer.from('ssh-ed25519')), word(Buffer.alloc(32, 7))]).toString(
    'base64',
  );
})();
const KEY = `ssh-ed25519 ${BLOB} ann@desk`;

/** A host that answers the wizard's look with these lines. */
function host(name: string, lines: readonly string[]): Reader {
  const stdout = [...lines, 'end', ''].join('\n');
  const outcome: Outcome = { kind: 'exited', code: 0, stdout, stderr: '' };
  return { name, run: () => Promise.resolve(outcome) };
}

async function drafted(lines: readonly string[], answers: object = {}) {
  const found = await sshKeysSpec.look([host('kvm-1', lines)], wholeCluster);
  const all = { hosts: ['kvm-1'], user: 'root', key: KEY, ...answers };
  return sshKeysSpec.plan(found, sshKeysSpec.answers.parse(all));
}

test('a public key is one line whose inside names the same type', () => {
  assert.deepEqual(readPublicKey(`  ${KEY}\n`), {
    type: 'ssh-ed25519',
    blob: BLOB,
    comment: 'ann@desk',
  });
  for (const bad of [
    '',
    'ssh-ed25519',
    `ssh-rsa ${BLOB}`,
    `ssh-ed25519 ${BLOB.slice(0, 40)}`,
    `ssh-dss ${BLOB}`,
    `command="x" ${KEY}`,
    `${KEY}\n${KEY}`,
    `${KEY}\u001b[2J`,
  ]) {
    assert.ok('because' in readPublicKey(bad), bad);
  }
});

test('a private key is refused, and nothing of it is repeated', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const read = sshKeysSpec.answers.safeParse({ hosts: ['kvm-1'], user: 'root', key: pem });
  assert.ok(!read.success);
  const said = JSON.stringify(read.error.issues);
  assert.match(said, /this is a private key/);
  assert.ok(!said.includes(pem.split('\n')[1] ?? ''));
});

test('a key is found whatever its options and comment, and not in a line that is a comment', () => {
  const key = readPublicKey(KEY);
  assert.ok(!('because' in key));
  assert.ok(hasKey(`from="10.*" ssh-ed25519 ${BLOB} other\n`, key));
  assert.ok(!hasKey(`# ${KEY}\nssh-ed25519 AAAA x\n`, key));
  assert.equal(addKey('# ours\nssh-rsa A b', key), `# ours\nssh-rsa A b\n${KEY}\n`);
});

test('a user without a file gets the folder, its owner and the file, for nobody else to read', async () => {
  const made = await drafted(['user ann ann yes /home/ann'], { user: 'ann' });
  assert.ok(made.ok);
  assert.deepEqual(
    made.draft.steps.map(({ kind, params }) => [kind, params]),
    [
      ['file.make-folder', { path: '/home/ann/.ssh', mode: '700' }],
      ['file.own', { path: '/home/ann/.ssh', user: 'ann', group: 'ann', mounted: false }],
      [
        'file.edit',
        {
          path: '/home/ann/.ssh/authorized_keys',
          before: null,
          after: `${KEY}\n`,
          mode: '600',
          owner: { user: 'ann', group: 'ann' },
        },
      ],
    ],
  );
});

test('a key that is there already is left as it is; other lines keep every byte', async () => {
  const there = await drafted(['user root root yes /root', 'file', `line no-pty ${KEY}`]);
  assert.deepEqual(there.ok && there.draft.steps, []);
  const other = await drafted(['user root root yes /root', 'file', 'line # a', 'line ', 'unended']);
  assert.ok(other.ok);
  const [edit] = other.draft.steps;
  assert.deepEqual(edit?.params, {
    path: '/root/.ssh/authorized_keys',
    before: '# a\n',
    after: `# a\n\n${KEY}\n`.replace('\n\n', '\n'),
    mode: '600',
    owner: { user: 'root', group: 'root' },
  });
});

test('a file that is a link is not followed, and a user who may manage no guests is told', async () => {
  const link = await drafted(
    ['user ann ann no /home/ann', 'odd /home/ann/.ssh/authorized_keys is a link'],
    { user: 'ann' },
  );
  assert.ok(!link.ok);
  assert.match(link.faults[0]?.says ?? '', /is a link/);
  const plain = await drafted(['user ann ann no /home/ann'], { user: 'ann' });
  assert.ok(
    plain.ok && plain.draft.warnings.some((one) => one.includes('not in the group libvirt')),
  );
});

test('sshd that looks elsewhere for keys is told, the usual place is not', () => {
  assert.equal(parseUsers(['sshd AuthorizedKeysFile .ssh/authorized_keys']).elsewhere, undefined);
  assert.match(parseUsers(['sshd AuthorizedKeysFile /etc/keys/%u']).elsewhere ?? '', /etc\/keys/);
});
