import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import {
  judgeKey,
  keyFingerprint,
  knownHostName,
  knownTypes,
  parseKnownHosts,
  printKnownHost,
} from '../../source/transport/known-hosts.js';

function blob(type: string, body: string): Buffer {
  const part = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  return Buffer.concat([part(type), part(body)]);
}

const KEY = blob('ssh-ed25519', 'the key of the host, 32 bytes...');
const OTHER = blob('ssh-ed25519', 'the key of another host, 32 b...');
const RSA = blob('ssh-rsa', 'an rsa key');
const base64 = KEY.toString('base64');

/** What the lines say of KEY under a name. */
function verdict(text: string, name = 'pve1', key = KEY): string {
  return judgeKey(parseKnownHosts(text, '/f'), name, key).kind;
}

test('a name stands on a line of its own, with commas, in any case and with its port', () => {
  assert.equal(verdict(`pve1 ssh-ed25519 ${base64}\n`), 'known');
  assert.equal(verdict(`pve9,PVE1,10.0.0.1 ssh-ed25519 ${base64} a comment`), 'known');
  assert.equal(verdict(`[pve1]:2222 ssh-ed25519 ${base64}`), 'unknown');
  assert.equal(verdict(`[pve1]:2222 ssh-ed25519 ${base64}`, knownHostName('Pve1', 2222)), 'known');
  assert.equal(verdict(`# pve1 ssh-ed25519 ${base64}`), 'unknown');
});

test('wildcards match, and a negated name takes its line away', () => {
  assert.equal(verdict(`pve? ssh-ed25519 ${base64}`), 'known');
  assert.equal(verdict(`*.lan,p*1 ssh-ed25519 ${base64}`), 'known');
  assert.equal(verdict(`pve*,!pve1 ssh-ed25519 ${base64}`), 'unknown');
  assert.equal(verdict(`p.e1 ssh-ed25519 ${base64}`), 'unknown');
});

test('a pattern of many stars costs no time', () => {
  const line = `${'*a'.repeat(2000)}b ssh-ed25519 ${base64}`;
  const start = performance.now();
  assert.equal(verdict(line, 'a'.repeat(2000)), 'unknown');
  assert.ok(performance.now() - start < 1000);
});

test('hashed names are known, as OpenSSH writes them', () => {
  const salt = Buffer.from('0123456789abcdefghij');
  const hash = createHmac('sha1', salt).update('pve1').digest('base64');
  const line = `|1|${salt.toString('base64')}|${hash} ssh-ed25519 ${base64}\n`;
  assert.equal(verdict(line), 'known');
  assert.equal(verdict(line, 'pve2'), 'unknown');
  assert.equal(printKnownHost('pve1', KEY, salt), line);
});

test('another key under the name is a change, with the line that knows it', () => {
  const text = `# mine\npve2 ssh-ed25519 ${base64}\npve1 ssh-rsa AAAA\npve1 ssh-ed25519 ${base64}\n`;
  const changed = judgeKey(parseKnownHosts(text, '/f'), 'pve1', OTHER);
  assert.equal(changed.kind === 'changed' && changed.line.line, 4);
});

test('a key of a type that is not known counts as a change where others are known', () => {
  assert.equal(verdict(`pve1 ssh-ed25519 ${base64}`, 'pve1', RSA), 'changed');
});

test('a revoked key is refused wherever else it is known', () => {
  const text = `pve1 ssh-ed25519 ${base64}\n@revoked * ssh-ed25519 ${base64}\n`;
  assert.equal(verdict(text), 'revoked');
  assert.equal(verdict(text, 'pve1', OTHER), 'changed');
});

test('a certificate authority makes no key known, and is told', () => {
  const found = judgeKey(
    parseKnownHosts(`@cert-authority *.lan ssh-ed25519 ${base64}`, '/f'),
    'pve1.lan',
    KEY,
  );
  assert.equal(found.kind === 'unknown' && found.authority?.line, 1);
});

test('what is no line of the format is passed over', () => {
  const text = `\n  \ngarbage\n@unknown pve1 ssh-ed25519 ${base64}\n|1|broken ssh-ed25519 ${base64}\n`;
  assert.equal(verdict(text), 'unknown');
});

test('the types that are known come in the order of the lines', () => {
  const text = `pve1 ssh-rsa A\npve1 ssh-ed25519 B\n@revoked pve1 ssh-dss C\npve1 ssh-rsa D\n`;
  assert.deepEqual(knownTypes(parseKnownHosts(text, '/f'), 'pve1'), ['ssh-rsa', 'ssh-ed25519']);
});

test('a fingerprint is printed as ssh-keygen prints it', () => {
  assert.match(keyFingerprint(KEY), /^SHA256:[A-Za-z0-9+/]{43}$/);
});
