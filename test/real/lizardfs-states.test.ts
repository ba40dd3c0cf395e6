import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { netMissing, netUp, type Net } from '../support/net-hosts.js';
import { play, stageOf } from '../support/play.js';
import { fixturesFolder, situations } from '../support/recordings.js';

/**
 * Every captured state of a real LizardFS, SaunaFS and MooseFS, played by programs behind a real
 * sshd and looked at by the console itself: what it is called, how grave it is, and the three words
 * of the overview.
 */
const why = netMissing();
if (why !== undefined && process.env.CI === 'true') throw new Error(`no hosts: ${why}`);
if (why !== undefined) console.error(`SKIPPED, states of LizardFS behind a real sshd: ${why}`);

const bin = fileURLToPath(new URL('../../../bin/holdfast.js', import.meta.url));
/** As many hosts as any situation has. */
const STAGES = ['s1', 's2', 's3'];

interface Told {
  /** Problems that are no consequence of others, each once. */
  readonly problems: readonly string[];
  readonly summary: readonly [string, string, string];
}

function told(problems: readonly string[], first: string, second = '', third = ''): Told {
  return { problems, summary: [first, second, third] };
}

const expected: Readonly<Record<string, Told>> = {
  healthy: told(['notice GOAL_ONE'], '3/3 servers', 'all 37 chunks at goal', '9 % used'),
  'one-cs-down': told(
    ['alert CHUNKSERVER_DOWN', 'alert CHUNKS_LOST', 'notice GOAL_ONE'],
    '2/3 servers',
    '2 chunks lost',
    'copying 7 chunks',
  ),
  'one-cs-down-after-replication': told(
    ['alert CHUNKSERVER_DOWN', 'alert CHUNKS_LOST', 'notice GOAL_ONE'],
    '2/3 servers',
    '2 chunks lost',
    '9 % used',
  ),
  'two-cs-down': told(
    ['alert CHUNKSERVER_DOWN', 'alert CHUNKS_LOST', 'notice GOAL_ONE'],
    '1/3 servers',
    '16 chunks lost',
    '9 % used',
  ),
  'all-cs-down': told(
    ['alert CHUNKSERVER_DOWN', 'alert CHUNKS_LOST', 'notice GOAL_ONE'],
    '0/3 servers',
    '37 chunks lost',
    '',
  ),
  'hung-cs': told(
    ['alert CHUNKSERVER_SILENT', 'notice GOAL_ONE', 'warning PARTIAL'],
    '3/3 servers',
    'all 37 chunks at goal',
    '9 % used',
  ),
  'damaged-disk': told(
    ['alert CHUNKS_LOST', 'alert DISK_DAMAGED', 'notice GOAL_ONE'],
    '3/3 servers',
    '1 chunk lost',
    '10 % used',
  ),
  'disk-marked-for-removal': told(
    ['notice GOAL_ONE', 'warning DISK_REMOVAL'],
    '3/3 servers',
    'all 43 chunks at goal',
    '10 % used',
  ),
  'disk-path-missing': told(
    ['alert DISK_DAMAGED', 'notice GOAL_ONE'],
    '3/3 servers',
    'all 43 chunks at goal',
    '10 % used',
  ),
  'master-down': told(['alert NO_MASTER'], 'no master'),
  'hung-master': told(['alert NO_MASTER'], 'no master'),
  'asked-at-shadow': told(['warning ASKED_SHADOW'], 'master not found'),
  'shadow-down': told(
    ['alert SHADOW_DOWN', 'notice GOAL_ONE'],
    '3/3 servers',
    'all 43 chunks at goal',
    '10 % used',
  ),
  promoted: told(
    ['alert CHUNKS_LOST', 'alert NO_CHUNKSERVER', 'notice GOAL_ONE', 'warning NO_SHADOW'],
    '0/0 servers',
    '43 chunks lost',
  ),
  'promoted-moved': told(
    ['notice GOAL_ONE', 'warning NO_SHADOW'],
    '3/3 servers',
    'all 43 chunks at goal',
    '10 % used',
  ),
  'two-masters': told(
    ['alert TWO_MASTERS', 'notice GOAL_ONE'],
    'two masters',
    'all 43 chunks at goal',
    '10 % used',
  ),
  'moosefs-healthy': told(['notice GOAL_ONE'], '3/3 servers', 'all 17 chunks at goal', '4 % used'),
  'moosefs-cs-stopped': told(
    ['alert CHUNKSERVER_DOWN', 'alert CHUNKS_LOST', 'notice GOAL_ONE'],
    '2/3 servers',
    '2 chunks lost',
    '4 % used',
  ),
  'moosefs-cs-dropped': told(
    ['alert CHUNKSERVER_DOWN', 'alert CHUNKS_LOST', 'notice GOAL_ONE'],
    '2/3 servers',
    '2 chunks lost',
    '5 % used',
  ),
  'moosefs-cs-silent': told(
    ['alert CHUNKSERVER_SILENT', 'notice GOAL_ONE', 'warning PARTIAL'],
    '3/3 servers',
    'all 17 chunks at goal',
    '4 % used',
  ),
  'moosefs-disk-lost': told(
    ['alert CHUNKS_LOST', 'alert DISK_DAMAGED', 'notice GOAL_ONE'],
    '3/3 servers',
    '1 chunk lost',
    '4 % used',
  ),
  'moosefs-master-down': told(['alert NO_MASTER'], 'no master'),
  'moosefs-master-hung': told(['alert NO_MASTER'], 'no master'),
};

let net: Net;

before(async () => {
  if (why !== undefined) return;
  const prepare = (name: string, folder: string) => stageOf(join(folder, name));
  net = await netUp(STAGES, { stacks: ['lizardfs'], prepare });
});

after(async () => {
  if (why === undefined) await net.down();
});

const report = z.object({
  stacks: z.array(z.object({ summary: z.array(z.string()) })),
  problems: z.array(
    z.object({ code: z.string(), severity: z.string(), causedBy: z.unknown().optional() }),
  ),
});

async function lookAt(situation: string): Promise<Told> {
  const folder = join(fixturesFolder, 'lizardfs', situation);
  const recorded = readdirSync(folder).sort();
  const hosts = await Promise.all(
    recorded.map(async (name, index) => {
      const stage = STAGES[index] ?? '';
      await play(join(net.folder, stage), join(folder, name));
      return { name, address: net.host(stage).address, stacks: ['lizardfs'] };
    }),
  );
  const config = join(net.folder, `${situation}.json`);
  const clusters = { lab: { hosts } };
  writeFileSync(config, JSON.stringify({ version: 1, clusters }), { mode: 0o600 });
  const ways = ['--config', config, '--ssh-config', net.sshConfigFile];
  const argv = [bin, ...ways, 'status', '--json', '--timeout', '40'];
  const { stdout } = await execa(process.execPath, argv, { reject: false, stdin: 'ignore' });
  const { stacks, problems } = report.parse(JSON.parse(stdout));
  // The disks of this machine are its own affair.
  const open = problems.filter(
    ({ code, causedBy }) => causedBy === undefined && code.startsWith('LIZARDFS_'),
  );
  const [first = '', second = '', third = ''] = stacks[0]?.summary ?? [];
  return {
    problems: [
      ...new Set(open.map(({ code, severity }) => `${severity} ${code.replace('LIZARDFS_', '')}`)),
    ].sort(),
    summary: [first, second, third],
  };
}

test('every captured state is in the table', () => {
  assert.deepEqual(Object.keys(expected).sort(), [...situations('lizardfs')].sort());
});

for (const situation of situations('lizardfs')) {
  test(
    `${situation}: called what it is, and as grave as it is`,
    { skip: why ?? false },
    async () => {
      const seen = await lookAt(situation);
      assert.deepEqual(seen, expected[situation]);
    },
  );
}
