import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command, Outcome, Reader } from '../../source/core/host.js';
import { surveyCommand } from '../../source/core/survey.js';
import { stacks } from '../../source/stacks/index.js';
import { blockDevicesCommand } from '../../source/tools/block-commands.js';
import { shellHosts, type ShellHost } from '../support/shells.js';
import { wholeCluster } from '../support/surroundings.js';

/** What a shell says of a script that it does not understand, or of a word that it does not know. */
const COMPLAINTS =
  /syntax|bad substitution|unexpected|illegal|unterminated|unrecognized|invalid option|bad number|unknown (?:option|predicate|operand)/i;

/** A reader that remembers its scripts, and what was said of them. */
function listening({ name, host }: ShellHost) {
  const said: { readonly script: string; readonly outcome: Outcome }[] = [];
  const reader: Reader = {
    name,
    run: async (command) => {
      const outcome = await host.run(command);
      if (command.argv[0] === 'sh') said.push({ script: command.argv.join(' '), outcome });
      return outcome;
    },
  };
  return { reader, said };
}

/** Every script that the program sends to look at a host. */
async function lookAll(reader: Reader): Promise<void> {
  for (const stack of stacks) {
    for (const probe of stack.probes) await probe.read(reader);
    for (const wizard of stack.wizards ?? []) await wizard.begin([reader], wholeCluster);
  }
  const commands: readonly Command<'reads'>[] = [
    surveyCommand(stacks),
    blockDevicesCommand(),
    blockDevicesCommand('/dev/null', 'vg:none', 'at:/none', 'in:/none/of/it'),
  ];
  for (const command of commands) await reader.run(command);
}

for (const shell of shellHosts) {
  test(`no script that looks at a host is misread by ${shell.name}`, async () => {
    const { reader, said } = listening(shell);
    await lookAll(reader);
    assert.ok(said.length >= 8, `only ${said.length} scripts`);
    for (const { script, outcome } of said) {
      assert.ok(outcome.kind === 'exited', script);
      assert.doesNotMatch(outcome.stderr, COMPLAINTS, script);
      assert.notEqual(outcome.code, 127, script);
    }
  });
}
