import { defaultAnswers, secretsIn, withoutSecrets } from '../../core/fill-form.js';
import { failureLines } from '../../core/failure.js';
import type { Plan } from '../../core/plan.js';
import { clean } from '../../core/text.js';
import type { Answers, Wizard } from '../../core/wizard.js';
import { storageProtection } from '../../tools/protection.js';
import { configuredCluster, say, type Context } from '../context.js';
import { EXIT, Stop, usage, type ExitCode } from '../exit.js';
import { draftFrom, readAnswers } from '../plans/answers.js';
import { deliver } from '../plans/deliver.js';
import { questionsJson, questionsText } from '../plans/questions.js';
import { entriesOf, reach, type Reached } from '../plans/reach.js';
import { findById, loadRegistry } from '../plans/registry.js';
import { surroundings } from '../plans/surroundings.js';
import { printJson } from '../report/plain.js';
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
      const { questions, answers } = defaultAnswers(session.questions, given);
      const asked = {
        wizard,
        hosts: readers.map(({ name }) => name),
        schema: session.schema,
        questions,
        answers: withoutSecrets(questions, answers),
      };
      if (options.json === true) context.io.out(printJson(questionsJson(asked)));
      else say(context, await questionsText(asked));
      return EXIT.fine;
    }
    const draft = draftFrom(session, given, options.answers ?? '');
    const questions = session.questions(given);
    // What was given as a secret gets into no plan, neither as an answer nor in a step.
    for (const secret of secretsIn(questions, given)) secrets.add(secret);
    const origin = originOf(wizard, withoutSecrets(questions, given));
    const about = { origin, cluster: cluster.name };
    const protection = storageProtection(cluster.neverTouch);
    return deliver(context, { draft, about, kinds, hosts, secrets, protection }, options);
  };
  return untilInterrupted(work(), () => {
    abort.abort();
    reached?.close();
  });
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
