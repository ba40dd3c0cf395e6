import type { Connector } from '../../core/connection.js';
import type { Cluster } from '../../core/fleet.js';
import type { World } from '../../engine/watch/world.js';
import { configuredCluster, note, say, type Context } from '../context.js';
import { EXIT, Stop, usage, type ExitCode } from '../exit.js';
import { exitFor } from '../report/exit-rule.js';
import { printJson } from '../report/plain.js';
import { statusJson } from '../report/status-json.js';
import { statusText } from '../report/status-text.js';
import { askerFor } from '../terminal-asker.js';

/** How long a report is waited for, in seconds, unless told. */
export const DEFAULT_TIMEOUT = 15;

/** `holdfast status`: one bounded look at a cluster, printed. */
export async function status(
  context: Context,
  options: { readonly json?: boolean; readonly timeout?: number },
): Promise<ExitCode> {
  const { cluster } = await configuredCluster(context);
  const asker = askerFor(context.io);
  const connector = await context.parts.connector(wayTo(context, asker));
  const exit = await report(context, cluster, connector, options);
  for (const line of asker.unanswered()) note(context, line);
  return exit;
}

/** What the connector needs to know from the command line. */
export function wayTo<A>(context: Context, asker: A): { asker: A; sshConfigFile?: string } {
  const { sshConfig } = context.globals;
  return { asker, ...(sshConfig === undefined ? {} : { sshConfigFile: sshConfig }) };
}

/** Looks once at a cluster and prints what is there, as text or as JSON. */
export async function report(
  context: Context,
  cluster: Cluster,
  connector: Connector,
  options: { readonly json?: boolean; readonly timeout?: number; readonly heading?: string },
): Promise<ExitCode> {
  const stacks = await context.parts.stacks();
  const { create, pollOnce } = await context.parts.watch();
  const watch = create({ cluster, stacks, connector });
  const timeout = (options.timeout ?? DEFAULT_TIMEOUT) * 1000;
  const world = await untilInterrupted(pollOnce(watch, timeout), watch.stop);
  printWorld(context, world, options);
  return exitFor(world);
}

function printWorld(
  context: Context,
  world: World,
  options: { readonly json?: boolean; readonly heading?: string },
): void {
  if (options.json === true) {
    context.io.out(printJson(statusJson(world, exitFor(world), context.parts.version)));
    return;
  }
  if (options.heading !== undefined) say(context, `${options.heading}\n\n`);
  say(context, statusText(world));
}

/** Waits for a promise; Ctrl-C ends the wait, lets `stop` close what is open, and stops with 130. */
export async function untilInterrupted<T>(wait: Promise<T>, stop: () => void): Promise<T> {
  let interrupt = (): void => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(new Stop(EXIT.interrupted, ['Interrupted.']));
  });
  process.once('SIGINT', interrupt);
  try {
    return await Promise.race([wait, interrupted]);
  } finally {
    process.removeListener('SIGINT', interrupt);
    stop();
  }
}

/** Reads the value of `--timeout`, in seconds. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= 3600) return seconds;
  throw usage(`--timeout takes a number of seconds above 0 and up to 3600, not ${text}.`);
}
