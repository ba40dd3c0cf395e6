import { nobody } from '../../core/ask.js';
import { FailureError, failureLines } from '../../core/failure.js';
import type { HostEntry } from '../../core/fleet.js';
import { quoteAll } from '../../core/quote.js';
import { columns } from '../columns.js';
import { showClusters } from './console.js';
import { say, type Context } from '../context.js';
import { EXIT, Stop, usage, type ExitCode } from '../exit.js';
import { canDraw } from '../io.js';
import { didYouMean } from '../near.js';
import type { Demo, DemoPart } from '../parts.js';
import { printJson } from '../report/plain.js';
import { shellFor } from '../shell.js';
import { report } from './status.js';

/** The options of `holdfast demo`. */
export interface DemoOptions {
  readonly scenario?: string;
  readonly json?: boolean;
  readonly list?: boolean;
}

/** `holdfast demo`: a simulated fleet, shown in the console or, without a terminal, as a report. */
export async function demo(context: Context, options: DemoOptions): Promise<ExitCode> {
  const part = await context.parts.demo();
  if (options.list === true) {
    printScenarios(context, part, options.json === true);
    return EXIT.fine;
  }
  const scenario = chosenScenario(part, options.scenario);
  const fleet = await part.start(scenario).catch(notInstalled);
  try {
    return options.json === true || !canDraw(context.io)
      ? await reportOn(context, fleet, scenario, options.json === true)
      : await show(context, fleet);
  } finally {
    await fleet.stop();
  }
}

function printScenarios(context: Context, { scenarios }: DemoPart, json: boolean): void {
  if (json) {
    context.io.out(printJson(scenarios.map(({ id, says }) => ({ scenario: id, says }))));
    return;
  }
  const lines = columns(scenarios.map(({ id, says }) => [id, says]));
  say(context, lines.map((line) => `${line}\n`).join(''));
}

function chosenScenario({ scenarios }: DemoPart, asked: string | undefined): string {
  const ids = scenarios.map(({ id }) => id);
  const wanted = asked ?? ids[0] ?? '';
  if (ids.includes(wanted)) return wanted;
  throw usage(
    `There is no scenario ${JSON.stringify(wanted)}.`,
    ...didYouMean(wanted, ids),
    '`holdfast demo --list` shows them all.',
  );
}

function notInstalled(error: unknown): never {
  if (!(error instanceof FailureError)) throw error;
  throw new Stop(EXIT.unavailable, failureLines(error.failure));
}

function wayInto({ sshConfigFile, identityFile, knownHostsFile }: Demo) {
  return { sshConfigFile, identityFiles: [identityFile], knownHostsFile };
}

async function reportOn(
  context: Context,
  fleet: Demo,
  scenario: string,
  json: boolean,
): Promise<ExitCode> {
  const connector = await context.parts.connector({ ...wayInto(fleet), asker: nobody });
  return report(context, clusterFor(context, fleet), connector, {
    json,
    heading: `A simulated fleet, scenario ${scenario}: nothing of this is real.`,
  });
}

async function show(context: Context, fleet: Demo): Promise<ExitCode> {
  const cluster = clusterFor(context, fleet);
  const [first] = cluster.hosts;
  const shell = first && shellFor(aliased(first), fleet.sshConfigFile, context.io.env);
  const way =
    shell && 'argv' in shell
      ? ` While it runs, its hosts can be reached from elsewhere: ${quoteAll(shell.argv)}`
      : '';
  await showClusters(context, {
    cluster,
    clusters: [cluster],
    way: wayInto(fleet),
    folder: fleet.folder,
    simulated: {
      says: `This fleet is simulated, in this process; nothing of it is real.${way}`,
      incidents: fleet.incidents,
    },
  });
  return EXIT.fine;
}

function clusterFor({ globals }: Context, { cluster }: Demo) {
  return globals.readOnly === true ? { ...cluster, readOnly: true } : cluster;
}

/** The fleet's config for OpenSSH knows each host by its name. */
function aliased({ name, become, via }: HostEntry): HostEntry {
  return { name, address: name, become, via };
}
