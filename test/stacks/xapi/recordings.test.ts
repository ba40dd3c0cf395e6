import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from '../../../source/core/host.js';
import { surveyCommand } from '../../../source/core/survey.js';
import { diskQuestions } from '../../../source/stacks/xapi/probes/disks.js';
import { poolQuestions } from '../../../source/stacks/xapi/probes/pool.js';
import { storageQuestions } from '../../../source/stacks/xapi/probes/storage.js';
import { localFactsCommand } from '../../../source/stacks/xapi/read/local-facts.js';
import { recordedHost } from '../../../source/transport/recorded.js';
import { machineHosts } from '../../support/machines.js';
import { fixturesFolder, situations } from '../../support/recordings.js';
import { fleetIn, madeSituations } from './situations.js';

const COMMANDS: Readonly<Record<string, Command<'reads'>>> = {
  survey: surveyCommand([]),
  local: localFactsCommand,
  'pool-list': poolQuestions.pools.command,
  'host-list': poolQuestions.hosts.command,
  'sr-list': storageQuestions.srs.command,
  'pbd-list': storageQuestions.pbds.command,
  'vdi-list': diskQuestions.vdis.command,
  'vbd-list': diskQuestions.vbds.command,
};

/** Clocks run on, and a simulated host asks the real one. */
const settled = (text: string): string => text.replace(/^clock .*$/m, 'clock 0');

test('every situation has its recording', () => {
  assert.deepEqual([...situations('xapi')].sort(), Object.keys(madeSituations).sort());
});

for (const [situation, { says, hosts }] of Object.entries(madeSituations)) {
  // HOLDFAST_RECORD=1 makes the recordings anew.
  test(`${situation}: the recording is what the simulated pool says`, async () => {
    const machines = await machineHosts(fleetIn(situation), hosts);
    if (process.env.HOLDFAST_RECORD === '1') {
      rmSync(join(fixturesFolder, 'xapi', situation), { recursive: true, force: true });
    }
    for (const [name, host] of machines) {
      const folder = join(fixturesFolder, 'xapi', situation, name);
      if (process.env.HOLDFAST_RECORD === '1') {
        mkdirSync(folder, { recursive: true });
        const commands = [];
        for (const [file, command] of Object.entries(COMMANDS)) {
          const outcome = await host.run(command);
          assert.equal(outcome.kind, 'exited');
          const { code: exit, stdout, stderr } = outcome;
          if (stdout !== '') writeFileSync(join(folder, `${file}.txt`), settled(stdout));
          if (stderr !== '') writeFileSync(join(folder, `${file}.err.txt`), stderr);
          commands.push({
            argv: command.argv,
            ...(exit !== 0 && { exit }),
            ...(stdout !== '' && { stdout: `${file}.txt` }),
            ...(stderr !== '' && { stderr: `${file}.err.txt` }),
          });
        }
        const about = `Simulated, not captured: ${says}. XCP-ng 8.2.1 of the demo fleet.`;
        const text = JSON.stringify({ about, commands }, undefined, 2);
        writeFileSync(join(folder, 'recording.json'), `${text}\n`);
      }
      assert.match(readFileSync(join(folder, 'recording.json'), 'utf8'), /Simulated, not captured/);
      const recorded = await recordedHost(name, folder);
      for (const command of Object.values(COMMANDS)) {
        const [now, then] = [await host.run(command), await recorded.run(command)];
        assert.ok(now.kind === 'exited' && then.kind === 'exited');
        assert.deepEqual(
          { ...then, stdout: settled(then.stdout) },
          { ...now, stdout: settled(now.stdout) },
        );
      }
    }
  });
}
