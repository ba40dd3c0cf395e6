import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Command, Outcome, Reader } from '../../../source/core/host.js';
import { drbd } from '../../../source/stacks/drbd/index.js';
import { readIdentifiers } from '../../../source/stacks/drbd/probes.js';
import { askKernel, SECRET_LINES } from '../../../source/stacks/drbd/read/hidden.js';
import { lookAtConfigs } from '../../../source/stacks/drbd/recoveries/standalone/look.js';
import { adjust } from '../../../source/stacks/drbd/steps/adjust.js';
import { look } from '../../../source/stacks/drbd/wizards/replicated-volume/look.js';
import { hideSecrets } from '../../../source/tools/secret-lines.js';
import { localHost } from '../../support/local-host.js';
import { fixturesFolder } from '../../support/recordings.js';
import { wholeCluster } from '../../support/surroundings.js';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-drbd-secrets-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const SECRET = 'correct horse; battery';
const RES = join(folder, 'r0.res');
const DUMP = `# resource r0 on here: not ignored, not stacked\n# defined at ${RES}:1\nresource r0 {\n    on here { device /dev/drbd0 minor 0; disk /dev/vdb; meta-disk internal; address ipv4 192.0.2.1:7788; }\n    net {\n        shared-secret    "${SECRET}";\n    }\n}\n`;
const SHOW = `resource "r0" {\n    net {\n        cram-hmac-alg "sha1";\n        shared-secret "${SECRET}";\n    }\n    _this_host { volume 0 { device minor 0; disk "/dev/vdb"; } }\n}\n`;
const PROC = join(folder, 'proc-drbd');

writeFileSync(RES, `resource r0 {\n  net { shared-secret "${SECRET}"; }\n}\n`);
writeFileSync(
  PROC,
  'version: 8.4.11 (api:1/proto:86-101)\n\n 0: cs:StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown   r-----\n    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0\n',
);

/** Puts a program in place that prints these texts: by its first words, or nothing. */
function program(name: string, says: Readonly<Record<string, string>>): void {
  const cases = Object.entries(says).map(([words, what]) => `'${words}'*) ${what};;`);
  writeFileSync(join(folder, name), `#!/bin/sh\ncase "$*" in ${cases.join(' ')} esac\n`);
  chmodSync(join(folder, name), 0o755);
}

function prints(text: string): string {
  const path = join(folder, `text-${readdirSync(folder).length}`);
  writeFileSync(path, text);
  return `cat ${path}`;
}

/** A host whose tools print the secret, asked by its real shell and awk; all that leaves it is kept. */
function leakyHost(dump = prints(DUMP)): { readonly host: Reader; readonly left: Outcome[] } {
  program('drbdadm', {
    '-d adjust': `echo "drbdsetup connect r0 1 --shared-secret='${SECRET}' --protocol=C"`,
    dump,
    'sh-resources': 'echo r0',
    'sh-minor': 'echo 0',
  });
  program('drbdsetup', { show: prints(SHOW), status: 'exit 20' });
  const left: Outcome[] = [];
  const run = async (command: Command<'reads'>): Promise<Outcome> => {
    const words = command.argv.map((word) => word.replaceAll('/proc/drbd', PROC));
    const argv = ['env', `PATH=${folder}:/usr/sbin:/usr/bin:/sbin:/bin`, ...words];
    const outcome = await localHost.run({ ...command, argv });
    left.push(outcome);
    return outcome;
  };
  return { host: { name: 'here', run }, left };
}

const PARTS = /correct|horse|battery/;

test('whatever asks DRBD for its configuration, no part of a secret leaves the host', async () => {
  const { host, left } = leakyHost();
  const readings = [];
  for (const probe of drbd.probes) readings.push(await probe.read(host));
  readings.push(await readIdentifiers(host, 16));
  readings.push(await askKernel(host, 'r0'));
  readings.push(await lookAtConfigs([host, host], 'r0'));
  readings.push(await look([host], wholeCluster));
  const side = { resource: 'r0', minors: [0], driver: '8.4' as const };
  const bound = adjust.bind(side);
  assert.ok(bound.ok);
  assert.deepEqual(await bound.step.check(host), { kind: 'notYet' });
  assert.ok(
    left.some((outcome) => outcome.kind === 'exited' && outcome.stdout.includes('<<kept:shared')),
  );
  assert.doesNotMatch(JSON.stringify(left), PARTS);
  assert.doesNotMatch(JSON.stringify(readings), PARTS);
});

test('a file that is broken at its secret says where, and not what stands there', async () => {
  const says = (line: number) =>
    prints(`${RES}:${line}: Parse error: ';' expected,\n\tbut got 'battery' (TK 281)\n`);
  const config = drbd.probes.find(({ id }) => id === 'drbd.config');
  const { host, left } = leakyHost(`${says(2)} >&2; exit 10`);
  const answer = await config?.read(host);
  assert.match(JSON.stringify(answer), /r0\.res:2: Parse error: \(not shown\) expected/);
  assert.doesNotMatch(JSON.stringify(left), PARTS);
  const elsewhere = leakyHost(`echo "${RES}:1: Parse error: 'minor' expected" >&2; exit 10`);
  assert.match(JSON.stringify(await config?.read(elsewhere.host)), /'minor' expected/);
  const unread = leakyHost(`echo "/no/such.res:9: Parse error: but got 'battery'" >&2; exit 10`);
  await config?.read(unread.host);
  assert.doesNotMatch(JSON.stringify(unread.left), PARTS);
});

test('no recording holds a secret', () => {
  const names = readdirSync(fixturesFolder, { recursive: true, encoding: 'utf8' });
  const texts = names.filter((name) => /\.(?:txt|out|err|json)$/.test(name));
  const telling = texts.filter((name) => {
    const text = readFileSync(join(fixturesFolder, name), 'utf8');
    return text.includes('shared-secret ') && hideSecrets(text, SECRET_LINES) !== text;
  });
  assert.deepEqual(
    telling.filter((name) => !name.endsWith('recording.json')),
    [],
  );
});
