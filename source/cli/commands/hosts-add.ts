import { targetOf, type Become, type HostEntry } from '../../core/fleet.js';
import { configFile, say, type Context } from '../context.js';
import { EXIT, usage, type ExitCode } from '../exit.js';
import { didYouMean } from '../near.js';
import {
  checkAddress,
  checkName,
  checkPort,
  checkUser,
  parseTarget,
  type Checked,
} from '../target.js';

/** The options of `holdfast hosts add`, as typed. */
export interface AddOptions {
  readonly name?: string;
  readonly address?: string;
  readonly port?: string;
  readonly user?: string;
  readonly become?: Become;
  readonly stack?: readonly string[];
  readonly local?: boolean;
}

/** `holdfast hosts add`: adds a host to the cluster, which is made if there is none yet. */
export async function hostsAdd(
  context: Context,
  target: string,
  options: AddOptions,
): Promise<ExitCode> {
  const entry = entryFrom(target, options);
  if (entry.stacks) {
    const stacks = await context.parts.stacks();
    checkStacks(
      entry.stacks,
      stacks.map(({ id }) => id),
    );
  }
  const { withHost } = await import('../config/schema.js');
  const file = await configFile(context);
  let cluster = '';
  await file.update((config) => {
    cluster = clusterToAddTo(Object.keys(config.clusters), context.globals.cluster);
    const hosts = config.clusters[cluster]?.hosts ?? [];
    if (hosts.some(({ name }) => name === entry.name)) {
      throw usage(
        `The cluster ${cluster} has a host named ${entry.name} already.`,
        'Give another with --name, or remove that one with `holdfast hosts remove`.',
      );
    }
    return withHost(config, cluster, entry);
  });
  say(context, `Added ${entry.name} (${targetOf(entry)}) to the cluster ${cluster}.\n`);
  say(context, `See whether it can be reached: holdfast hosts test ${entry.name}\n`);
  return EXIT.fine;
}

/** The host that the command line describes. Throws a `Stop` for what is not right. */
export function entryFrom(target: string, options: AddOptions): HostEntry {
  const typed = must(parseTarget(target));
  const user = once('user', typed.user, options.user && must(checkUser(options.user)));
  const port = once('port', typed.port, options.port && must(checkPort(options.port)));
  const address =
    options.address === undefined ? typed.address : must(checkAddress(options.address));
  const name = must(checkName(options.name ?? typed.address));
  const stacks = options.stack?.flatMap((ids) => ids.split(',')).filter((id) => id !== '');
  if (options.local === true && (user !== undefined || port !== undefined)) {
    throw usage('--local is this machine: it takes no user and no port.');
  }
  return {
    name,
    address,
    become: options.become ?? 'none',
    via: options.local === true ? 'local' : 'ssh',
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(stacks === undefined || stacks.length === 0 ? {} : { stacks: [...new Set(stacks)] }),
  };
}

function must<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw usage(`${checked.why.slice(0, 1).toUpperCase()}${checked.why.slice(1)}.`);
}

/** A value that may stand in the target or in an option, but not in both. */
function once<T>(
  what: string,
  inTarget: T | undefined,
  inOption: T | '' | undefined,
): T | undefined {
  if (inOption === undefined || inOption === '') return inTarget;
  if (inTarget === undefined || inTarget === inOption) return inOption;
  throw usage(`The ${what} is given twice: ${String(inTarget)} and ${String(inOption)}.`);
}

/** Refuses ids of storage systems that are not known. */
export function checkStacks(wanted: readonly string[], known: readonly string[]): void {
  for (const id of wanted) {
    if (known.includes(id)) continue;
    throw usage(
      `There is no storage system ${JSON.stringify(id)}.`,
      ...didYouMean(id, known),
      known.length === 0 ? 'None is known.' : `Known: ${known.join(', ')}.`,
    );
  }
}

/** Unlike elsewhere, a cluster that does not exist may be named: it is made. */
function clusterToAddTo(names: readonly string[], wanted: string | undefined): string {
  if (wanted !== undefined) {
    if (/^[A-Za-z0-9][\w.-]*$/.test(wanted)) return wanted;
    throw usage('A cluster name has letters, digits, dots, dashes and underscores.');
  }
  const [only] = names;
  if (names.length === 1 && only !== undefined) return only;
  if (names.length === 0 || names.includes('main')) return 'main';
  throw usage(`To which cluster? Say --cluster with one of: ${names.join(', ')}.`);
}
