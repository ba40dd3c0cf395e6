import type { Command } from 'commander';
import { apply, type ApplyOptions } from './commands/apply.js';
import type { Context } from './context.js';
import type { ExitCode } from './exit.js';
import { plan, type PlanOptions } from './commands/plan.js';
import { recover, type RecoverOptions } from './commands/recover.js';
import { resume, type GoOnOptions } from './commands/resume.js';
import { runsShow } from './commands/runs-show.js';
import { runs } from './commands/runs.js';
import { undo } from './commands/undo.js';
import { unlock, type UnlockOptions } from './commands/unlock.js';
import { wizards } from './commands/wizards.js';

interface Json {
  readonly json?: boolean;
}

type Run = (doIt: (context: Context) => Promise<ExitCode>) => Promise<void>;

/** Adds the commands that make plans and carry them out. */
export function addPlans(root: Command, run: Run): void {
  addMaking(root, run);
  addRunning(root, run);
}

function addMaking(root: Command, run: Run): void {
  root
    .command('wizards')
    .description('list what can be set up')
    .option('--json', 'as JSON')
    .action((options: Json) => run((context) => wizards(context, options)));
  root
    .command('plan')
    .description('make a plan with a wizard; changes nothing')
    .argument('<wizard>', 'as `holdfast wizards` lists it')
    .argument('[host...]', 'the hosts to look at; else all of the cluster')
    .option('--questions', 'show what is asked, with what was found')
    .option('--answers <file>', 'the answers, YAML or JSON')
    .option('-o, --output <file>', 'write the plan to this file')
    .option('--json', 'as JSON')
    .action((wizard: string, hosts: string[], options: PlanOptions) =>
      run((context) => plan(context, wizard, hosts, options)),
    );
  root
    .command('recover')
    .description('say what is wrong from all sides; with a victim, make the plan; changes nothing')
    .argument('[recovery]', 'as --list shows it')
    .option('--list', 'list the recoveries')
    .option('--resource <name>', 'what is to be recovered')
    .option('--victim <value>', 'which way out: who loses')
    .option('--keep-copy', 'keep a copy of what is lost, where there is room')
    .option('-o, --output <file>', 'write the plan to this file')
    .option('--json', 'as JSON')
    .action((recovery: string | undefined, options: RecoverOptions) =>
      run((context) => recover(context, recovery, options)),
    );
}

function addRunning(root: Command, run: Run): void {
  root
    .command('apply')
    .description('show a plan, ask, and carry it out')
    .argument('<plan>', 'the file that `plan` or `recover` wrote')
    .option('--yes', 'answer the question; confirms nothing')
    .option(
      '--confirm <word>',
      'a confirmation that the plan asks for; may be repeated',
      collect,
      [],
    )
    .option(
      '--secrets <file>',
      'the secrets that the plan needs; a file that is yours alone (0600)',
    )
    .option('--json', 'tell what happens as JSON, a line each')
    .action((file: string, options: ApplyOptions) =>
      run((context) => apply(context, file, options)),
    );
  const list = root
    .command('runs')
    .description('what was carried out from this machine, the newest first')
    .option('--json', 'as JSON')
    .action((options: Json) => run((context) => runs(context, options)));
  list
    .command('show')
    .description('one run, step by step')
    .argument('<run>')
    .action((name: string, _options: Json, command: Command) =>
      run((context) => runsShow(context, name, command.optsWithGlobals<Json>())),
    );
  root
    .command('resume')
    .description('look at the hosts and go on with a run that was broken off')
    .argument('<run>')
    .option('--yes', 'answer the question')
    .option('--secrets <file>', 'the secrets of the plan, where they are not known any more')
    .option('--json', 'tell what happens as JSON, a line each')
    .action((name: string, options: GoOnOptions) =>
      run((context) => resume(context, name, options)),
    );
  root
    .command('undo')
    .description('take back what a run did')
    .argument('<run>')
    .option('--yes', 'answer the question')
    .option('--json', 'tell what happens as JSON, a line each')
    .action((name: string, options: GoOnOptions) => run((context) => undo(context, name, options)));
  root
    .command('unlock')
    .description('take the lock of a host away from whoever holds it')
    .argument('<host>')
    .option('--yes', 'answer the question')
    .option('--force <run>', 'override a refusal for the lock of this run')
    .action((host: string, options: UnlockOptions) =>
      run((context) => unlock(context, host, options)),
    );
}

function collect(word: string, words: readonly string[]): readonly string[] {
  return [...words, word];
}
