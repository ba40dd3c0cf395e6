import { defaultAnswers } from '../core/check-answers.js';
import { failureLines } from '../core/failure.js';
import type { Cluster } from '../core/fleet.js';
import type { Reader } from '../core/host.js';
import type { Plan } from '../core/plan.js';
import { clean } from '../core/text.js';
import type { Answers, Surroundings, Wizard } from '../core/wizard.js';
import { configuredCluster, say, type Context } from './context.js';
import { EXIT, Stop, usage, type ExitCode } from './exit.js';
import { draftFrom, readAnswers } from './plans/answers.js';
import { deliver } from './plans/deliver.js';
import { questionsJson, questionsText } from './plans/questions.js';
import { entriesOf, reach, type Reached } from './plans/reach.js';
import { findById, loadRegistry } from './plans/registry.js';
import { printJson } from './report/plain.js';
import { untilInterrupted } from './status.js';

/** The options of `holdfast plan`. */
export interface PlanOptions {
  readonly questions?: boolean;
  readonly answers?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** `holdfast plan`: a wizard without a screen. It looks at hosts and changes nothing. */
export async function plan(
  context: Context,
  id: string,
  names: readonly string[],
  options: PlanOptions,
): Promise<ExitCode> {
  const { wizards, kinds } = await loadRegistry(context);
  const wizard = findById('wizard', id, wizards, 'holdfast wizards');
  if (options.questions !== true && options.answers === undefined) {
    throw usage(
      'Say --questions to see what is asked, or --answers FILE to make the plan.',
      `holdfast plan ${id} --questions`,
    );
  }
  const given = options.answers === undefined ? {} : await readAnswers(options.answers);
  const { cluster } = await configuredCluster(context);
  const entries = entriesOf(cluster, names);
  const abort = new AbortController();
  let reached: Reached | undefined;
  const work = async (): Promise<ExitCode> => {
    reached = await reach(context, entries, abort.signal);
    const { hosts, failures, secrets } = reached;
    // What stands on a disk may be known to another host alone, so none is left out unasked.
    if (failures.size > 0) throw missing([...failures.values()].flatMap(failureLines));
    const readers = [...hosts.values()];
    const session = await wizard.begin(readers, surroundings(cluster, readers));
    if (options.questions === true) {
      const asked = {
        wizard,
        hosts: readers.map(({ name }) => name),
        schema: session.schema,
        ...defaultAnswers(session.questions, given),
      };
      if (options.json === true) context.io.out(printJson(questionsJson(asked)));
      else say(context, await questionsText(asked));
      return EXIT.fine;
    }
    const draft = draftFrom(session, given, options.answers ?? '');
    const about = { origin: originOf(wizard, given), cluster: cluster.name };
    return deliver(context, { draft, about, kinds, hosts, secrets }, options);
  };
  return untilInterrupted(work(), () => {
    abort.abort();
    reached?.close();
  });
}

/** What the wizard cannot learn from the hosts that it looks at. */
function surroundings(cluster: Cluster, asked: readonly Reader[]): Surroundings {
  const names = new Set(asked.map(({ name }) => name));
  const left = cluster.hosts.filter(({ name }) => !names.has(name));
  const notAsked = left.map(({ name }) => ({ host: name, because: 'it was left out' }));
  return { neverTouch: cluster.neverTouch, notAsked };
}

function originOf({ id }: Wizard, answers: Answers): Plan['origin'] {
  return { kind: 'wizard', id, answers };
}

function missing(lines: readonly string[]): Stop {
  return new Stop(EXIT.alert, [
    ...lines.map(clean),
    'No plan is made without a look at every host that it may concern.',
    'Name the hosts to look at, if it can be left out: holdfast plan WIZARD HOST…',
  ]);
}
