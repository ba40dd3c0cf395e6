import type { Case, Recovery, WayOut } from '../../core/recovery.js';
import { clean, listed } from '../../core/text.js';
import { storageProtection } from '../../tools/protection.js';
import { configuredCluster, say, type Context } from '../context.js';
import { EXIT, Stop, usage, type ExitCode } from '../exit.js';
import { caseJson, caseText } from '../plans/case-text.js';
import { deliver, type Making } from '../plans/deliver.js';
import { noteSilent, reach, readersOf, type Reached } from '../plans/reach.js';
import { findById, loadRegistry } from '../plans/registry.js';
import { printJson } from '../report/plain.js';
import { untilInterrupted } from './status.js';
import { printList } from './wizards.js';

/** The options of `holdfast recover`. */
export interface RecoverOptions {
  readonly list?: boolean;
  readonly resource?: string;
  readonly victim?: string;
  readonly keepCopy?: boolean;
  readonly output?: string;
  readonly json?: boolean;
}

/** `holdfast recover`: gathers the evidence of one trouble; with a victim, makes the plan. */
export async function recover(
  context: Context,
  id: string | undefined,
  options: RecoverOptions,
): Promise<ExitCode> {
  const { recoveries, kinds } = await loadRegistry(context);
  if (options.list === true) {
    printList(context, recoveries, options.json === true, 'recovery');
    return EXIT.fine;
  }
  if (id === undefined) throw usage('Which recovery? `holdfast recover --list` shows them all.');
  const recovery = findById('recovery', id, recoveries, 'holdfast recover --list');
  const { resource } = options;
  if (resource === undefined) throw usage(`Say what is to be recovered with --resource NAME.`);
  const { cluster } = await configuredCluster(context);
  const abort = new AbortController();
  let reached: Reached | undefined;
  const work = async (): Promise<ExitCode> => {
    reached = await reach(context, cluster.hosts, abort.signal);
    noteSilent(context, reached);
    const { hosts, secrets } = reached;
    const found = await recovery.gather(resource, readersOf(cluster, reached));
    const { victim } = options;
    if (victim === undefined || !found.mendable) {
      const json = options.json === true;
      if (json) context.io.out(printJson(caseJson(recovery.id, resource, found)));
      else say(context, caseText(recovery.title, resource, found));
      return EXIT.warning;
    }
    const draft = draftOf(wayOf(found, victim), options.keepCopy === true);
    const about = { origin: originOf(recovery, resource, options), cluster: cluster.name };
    const protection = storageProtection(cluster.neverTouch);
    return deliver(context, { draft, about, kinds, hosts, secrets, protection }, options);
  };
  return untilInterrupted(work(), () => {
    abort.abort();
    reached?.close();
  });
}

function wayOf({ ways }: Case, victim: string): WayOut {
  const found = ways.find(({ value }) => value === victim);
  if (found) return found;
  const values = ways.map(({ value }) => clean(value));
  throw usage(
    `${JSON.stringify(victim)} cannot be the victim.`,
    values.length === 0 ? 'There is no way out from here.' : `Choose ${listed(values)}.`,
  );
}

function draftOf(way: WayOut, keepCopy: boolean): Making['draft'] {
  const drafted = way.plan({ keepCopy });
  if (drafted.ok) return drafted.draft;
  throw new Stop(EXIT.alert, [
    `No plan is made that gives up ${clean(way.value)}:`,
    ...drafted.faults.flatMap(({ key, says, byHand = [] }) => [
      `  ${key === '' ? '' : `${clean(key)}: `}${clean(says)}`,
      ...byHand.map(({ host, line }) => `    on ${clean(host)}: ${clean(line)}`),
    ]),
  ]);
}

function originOf({ id }: Recovery, resource: string, options: RecoverOptions) {
  const { victim = '', keepCopy = false } = options;
  return { kind: 'recovery', id, answers: { resource, victim, keepCopy } } as const;
}
