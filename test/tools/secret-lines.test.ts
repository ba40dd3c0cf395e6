import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import {
  hideSecrets,
  hidingProgram,
  keepingProgram,
  readHidden,
  secretPlaces,
  type SecretLines,
} from '../../source/tools/secret-lines.js';
import { localHost } from '../support/local-host.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-secret-lines-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const CFG: SecretLines = { keys: ['ADMIN_PASSWORD', 'PASSWORD'], form: 'equals' };
const RES: SecretLines = { keys: ['shared-secret'], form: 'statement' };

function awk(program: string, ...texts: readonly string[]): { status: number | null; out: string } {
  const files = texts.map((text, index) => {
    const path = join(folder, `text-${index}`);
    writeFileSync(path, text);
    return path;
  });
  const ran = spawnSync('awk', [program, ...files], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return { status: ran.status, out: ran.stdout };
}

test('a secret is hidden wherever it stands, in a comment too, and an empty one hides nothing', () => {
  const text =
    '# ADMIN_PASSWORD =\nADMIN_PASSWORD = hunter2\n# ADMIN_PASSWORD=old one\r\nMY_PASSWORD = x\n';
  assert.equal(
    hideSecrets(text, CFG),
    '# ADMIN_PASSWORD =\nADMIN_PASSWORD = <<kept:ADMIN_PASSWORD:1>>\n# ADMIN_PASSWORD=<<kept:ADMIN_PASSWORD:2>>\r\nMY_PASSWORD = x\n',
  );
  assert.deepEqual(
    secretPlaces(text, CFG).map(({ value }) => value),
    ['hunter2', 'old one'],
  );
  assert.equal(
    hideSecrets('net { protocol C; shared-secret "a;b"; } # shared-secret old;\n', RES),
    'net { protocol C; shared-secret <<kept:shared-secret:1>>; } # shared-secret <<kept:shared-secret:2>>;\n',
  );
});

const piece = fc.constantFrom(
  ...[
    'ADMIN_PASSWORD',
    'PASSWORD',
    'shared-secret',
    '=',
    ' = ',
    ' ',
    '\t',
    '#',
    ';',
    '"',
    '{',
    '}',
  ],
  ...['\n', '\r\n', 'hunter2', 'ä', '<<kept:PASSWORD:1>>', '<<secret:a>>', '\\', '&', '/'],
);
const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

test('awk on the host and the console hide the same, once and for all', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(CFG, RES), (text, lines) => {
      const hidden = hideSecrets(text, lines);
      assert.equal(awk(hidingProgram(lines), text).out, hidden);
      assert.equal(hideSecrets(hidden, lines), hidden);
    }),
    { numRuns: 60 },
  );
});

test('what was hidden is put back to the byte from the text that it was hidden in', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(CFG, RES), (text, lines) => {
      const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
      assert.deepEqual(awk(keepingProgram(lines), text, hideSecrets(text, lines)), {
        status: 0,
        out: whole,
      });
    }),
    { numRuns: 60 },
  );
});

test('a secret that the other text has not ends in an error, not in an empty password', () => {
  const asked = 'ADMIN_PASSWORD = <<kept:ADMIN_PASSWORD:2>>\n';
  assert.equal(awk(keepingProgram(CFG), 'ADMIN_PASSWORD = one\n', asked).status, 3);
});

test('a file is read without its secrets ever leaving the host', async () => {
  const path = join(folder, 'mfsmaster.cfg');
  writeFileSync(path, 'PERSONALITY = master\nADMIN_PASSWORD = hunter2\n');
  const read = await readHidden(localHost, path, CFG);
  assert.deepEqual(read, {
    text: 'PERSONALITY = master\nADMIN_PASSWORD = <<kept:ADMIN_PASSWORD:1>>\n',
  });
  assert.deepEqual(await readHidden(localHost, join(folder, 'none'), CFG), { text: null });
});
