import type { Case, Recovery, WayOut } from '../../core/recovery.js';
import { defaultAnswers, withoutSecrets } from '../../core/fill-form.js';
import { clean, listed } from '../../core/text.js';
import type { Answers, WizardSession } from '../../core/wizard.js';
import { storageProtection } from '../../tools/protection.js';
import { configuredCluster, say, type Context } from '../context.js';
import { EXIT, Stop, usage, type ExitCode } from '../exit.js';
import { caseJson, caseText } from '../plans/case-text.js';
import { draftFrom, readAnswers } from '../plans/answers.js';
import { questionsJson, questionsText } from '../plans/questions.js';
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
  readonly questions?: boolean;
  readonly answers?: string;
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
  const given = options.answers === undefined ? {} : await readAnswers(options.answers);
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
    const way = wayOf(found, victim);
    const keepCopy = options.keepCopy === true;
    const session = way.asks?.({ keepCopy });
    if (session && options.questions === true) {
      await tellQuestions(context, { recovery, session, given, hosts, options });
      return EXIT.fine;
    }
    const draft =
      session && options.answers !== undefined
        ? draftFrom(session, given, options.answers)
        : draftOf(way, keepCopy);
    const origin = originOf(recovery, resource, options, given);
    const about = { origin, cluster: cluster.name };
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

interface Asking {
  readonly recovery: Recovery;
  readonly session: WizardSession;
  readonly given: Answers;
  readonly hosts: Reached['hosts'];
  readonly options: RecoverOptions;
}

/** What a way out asks before it plans, as `holdfast plan --questions` tells it of a wizard. */
async function tellQuestions(
  context: Context,
  { recovery, session, given, hosts, options }: Asking,
): Promise<void> {
  const { questions, answers } = defaultAnswers(session.questions, given);
  const asked = {
    wizard: recovery,
    hosts: [...hosts.keys()],
    schema: session.schema,
    questions,
    answers: withoutSecrets(questions, answers),
  };
  if (options.json === true) context.io.out(printJson(questionsJson(asked)));
  else say(context, await questionsText(asked));
}

function originOf(
  { id }: Recovery,
  resource: string,
  { victim = '', keepCopy = false }: RecoverOptions,
  given: Answers,
) {
  return { kind: 'recovery', id, answers: { resource, victim, keepCopy, ...given } } as const;
}
