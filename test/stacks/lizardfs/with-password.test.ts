import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { withPassword } from '../../../source/stacks/lizardfs/tools/with-password.js';
import { localHost } from '../../support/local-host.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-with-password-'));
after(() => {
  rmSync(folder, { recursive: true });
});

test('the password goes from its file to the tool on the host itself, and is in no argument', async () => {
  const config = join(folder, 'mfsmaster.cfg');
  const admin = join(folder, 'lizardfs-admin');
  writeFileSync(
    config,
    '# ADMIN_PASSWORD =\nADMIN_PASSWORD=old\n ADMIN_PASSWORD = correct-horse \n',
  );
  writeFileSync(admin, '#!/bin/sh\nread -r p\necho "$@" "$p" >&2\n');
  chmodSync(admin, 0o755);
  const command = withPassword(config, admin, ['promote-shadow'], { host: '10.0.0.2', port: 9421 });
  assert.doesNotMatch(JSON.stringify(command), /correct-horse/);
  const outcome = await localHost.run(command);
  assert.ok(outcome.kind === 'exited');
  assert.deepEqual(outcome, {
    kind: 'exited',
    code: 0,
    stdout: '',
    stderr: 'promote-shadow 10.0.0.2 9421 correct-horse\n',
  });
});

test('where none is set the tool is not asked, and it is said', async () => {
  const config = join(folder, 'empty.cfg');
  writeFileSync(config, '# ADMIN_PASSWORD = commented\n');
  const place = { host: '10.0.0.2', port: 9421 };
  const outcome = await localHost.run(
    withPassword(config, '/bin/false', ['promote-shadow'], place),
  );
  assert.ok(outcome.kind === 'exited');
  assert.equal(outcome.code, 78);
  assert.match(outcome.stderr, /no ADMIN_PASSWORD is set in/);
});
