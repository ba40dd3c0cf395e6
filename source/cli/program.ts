import { Command, Option } from 'commander';
import { configPath } from './config-path.js';
import { openConsole } from './commands/console.js';
import type { Context, Globals } from './context.js';
import { demo, type DemoOptions } from './commands/demo.js';
import { usage, type ExitCode } from './exit.js';
import { hostsAdd, type AddOptions } from './commands/hosts-add.js';
import { hostsList } from './commands/hosts-list.js';
import { hostsRemove } from './commands/hosts-remove.js';
import { hostsTest } from './commands/hosts-test.js';
import { inspect } from './commands/inspect.js';
import type { Io } from './io.js';
import { neverTouchAdd, neverTouchList, neverTouchRemove } from './commands/never-touch.js';
import { didYouMean } from './near.js';
import type { Parts } from './parts.js';
import { addPlans } from './program-plans.js';
import { DEFAULT_TIMEOUT, parseSeconds, status } from './commands/status.js';

interface Json {
  readonly json?: boolean;
}

const AFTER_HELP = `
Exit codes: 0 fine, 1 warning, 2 alert, 3 not known, 64 wrong use, 65 unreadable input,
69 something is missing on this machine, 70 a fault of Holdfast itself.`;

/**
 * The command line. Each command's exit code goes to `ended`; Commander's own errors and the
 * commands' are thrown.
 */
export function program(io: Io, parts: Parts, ended: (code: ExitCode) => void): Command {
  const root = new Command('holdfast');
  const run = async (doIt: (context: Context) => Promise<ExitCode>): Promise<void> => {
    ended(await doIt({ io, parts, globals: root.opts<Globals>() }));
  };
  root
    .description('A console for the storage under hypervisors. Without a command it opens.')
    .version(parts.version)
    .option('--cluster <name>', 'the cluster that is meant, if there are several')
    .option('--config <file>', 'another configuration than the usual one')
    .option('--ssh-config <file>', 'another OpenSSH configuration than ~/.ssh/config')
    .option('--read-only', 'offer nothing that changes a host')
    .option('--ascii', 'write nothing beyond ASCII')
    .helpCommand(true)
    .addHelpText('after', AFTER_HELP)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => undefined })
    .argument('[command]')
    .usage('[options] [command]')
    .action((word: string | undefined) =>
      run((context) => {
        if (word !== undefined) throw unknownCommand(root, word);
        return openConsole(context);
      }),
    );
  addHosts(root, run);
  addNeverTouch(root, run);
  addReports(root, run);
  addPlans(root, run);
  root
    .command('config')
    .description('the configuration')
    .command('path')
    .description('print where it is kept')
    .action(() => run(configPath));
  return root;
}

type Run = (doIt: (context: Context) => Promise<ExitCode>) => Promise<void>;

function unknownCommand(root: Command, word: string): Error {
  const names = root.commands.map((command) => command.name());
  return usage(
    `There is no command ${JSON.stringify(word)}.`,
    ...didYouMean(word, names),
    '`holdfast --help` shows them all.',
  );
}

function addHosts(root: Command, run: Run): void {
  const hosts = root.command('hosts').description('the hosts of a cluster');
  hosts
    .command('add')
    .description('add a host, as you would reach it with ssh')
    .argument('<host>', 'NAME or [user@]address[:port]; a name from ~/.ssh/config will do')
    .option('--name <name>', 'what to call it; else its address')
    .option('--address <address>', 'where it is, when HOST is only its name')
    .option('--port <port>', 'its SSH port')
    .option('--user <user>', 'the user to log in as')
    .addOption(
      new Option('--become <how>', 'how commands become root').choices([
        'none',
        'sudo',
        'sudo-password',
      ]),
    )
    .option('--stack <id...>', 'the storage systems on it; else they are found by looking')
    .option('--local', 'it is this very machine: no SSH')
    .action((host: string, options: AddOptions) =>
      run((context) => hostsAdd(context, host, options)),
    );
  hosts
    .command('list')
    .description('list them')
    .option('--json', 'as JSON')
    .action((options: Json) => run((context) => hostsList(context, options)));
  hosts
    .command('remove')
    .description('forget a host; nothing is done on it')
    .argument('<name>')
    .action((name: string) => run((context) => hostsRemove(context, name)));
  hosts
    .command('test')
    .description('try to reach them, step by step')
    .argument('[name...]', 'some hosts; else all')
    .option('--json', 'as JSON')
    .action((names: string[], options: Json) =>
      run((context) => hostsTest(context, names, options)),
    );
}

function addNeverTouch(root: Command, run: Run): void {
  const list = root
    .command('never-touch')
    .description('the disks of a cluster that no plan may touch')
    .option('--json', 'as JSON')
    .action((options: Json) => run((context) => neverTouchList(context, options)));
  list
    .command('add')
    .description('protect disks; nothing is done on a host')
    .argument('<id...>', 'a name in /dev/disk/by-id, a WWN or a serial number')
    .action((ids: string[]) => run((context) => neverTouchAdd(context, ids)));
  list
    .command('remove')
    .description('protect a disk no longer')
    .argument('<id>')
    .action((id: string) => run((context) => neverTouchRemove(context, id)));
}

function addReports(root: Command, run: Run): void {
  root
    .command('status')
    .description('look once and print what is wrong; for cron, monitoring and logs')
    .option('--json', 'as JSON')
    .option('--timeout <seconds>', 'how long to wait', parseSeconds, DEFAULT_TIMEOUT)
    .action((options: Json & { timeout: number }) => run((context) => status(context, options)));
  root
    .command('inspect')
    .description('say what is in a captured output; needs no host')
    .argument('[probe]', 'the kind of output, as --list shows it')
    .argument('[file]', 'the file that holds it; else standard input')
    .option('--list', 'list the kinds of output that can be read')
    .option('--json', 'as JSON')
    .action(
      (probe: string | undefined, file: string | undefined, options: Json & { list?: boolean }) =>
        run((context) => inspect(context, probe, file, options)),
    );
  root
    .command('demo')
    .description('try it on a simulated fleet; needs no host')
    .option('--scenario <name>', 'what has happened to the fleet')
    .option('--list', 'list the scenarios')
    .option('--json', 'print the report as JSON instead of opening the console')
    .action((options: DemoOptions) => run((context) => demo(context, options)));
}
