import { answerFaults } from '../../core/check-answers.js';
import type { Fault } from '../../core/form.js';
import { jsonSchema } from '../../core/json.js';
import { clean } from '../../core/text.js';
import type { Answers, Draft, WizardSession } from '../../core/wizard.js';
import { reasonOf } from '../errors.js';
import { EXIT, Stop, usage } from '../exit.js';
import { writeWhole } from './plan-file.js';
import { decode, readInputFile } from '../inspect/input.js';

/** Reads answers from a YAML or JSON file: one mapping, by the questions' keys. Rejects with a `Stop`. */
export async function readAnswers(path: string): Promise<Answers> {
  const text = decode(await readInputFile(path));
  const read = jsonSchema.safeParse(await parseYaml(path, text));
  if (!read.success) throw notAnswers(path, 'it holds something that JSON cannot say');
  const answers = read.data;
  if (!isMapping(answers)) throw notAnswers(path, 'it is not a mapping of questions to answers');
  return answers;
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch (error) {
    throw notAnswers(path, reasonOf(error));
  }
}

function isMapping(value: unknown): value is Answers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAnswers(path: string, why: string): Stop {
  return new Stop(EXIT.unreadable, [`${path}: these are not answers: ${clean(why)}`]);
}

/** Keeps answers, without secrets, in a file that `readAnswers` reads. Rejects with a `Stop`. */
export async function writeAnswers(path: string, wizard: string, answers: Answers): Promise<void> {
  const { stringify } = await import('yaml');
  await writeWhole(
    path,
    `# Answers for: holdfast plan ${wizard} --answers FILE\n# Secrets are not kept here.\n${stringify(answers)}`,
  );
}

/** What the wizard makes of the answers. Throws a `Stop` (64) that names each that is missing or wrong. */
export function draftFrom(session: WizardSession, answers: Answers, file: string): Draft {
  const drafted = session.plan(answers);
  const wrong = answerFaults(session.questions(answers), answers);
  if (drafted.ok && wrong.length === 0) return drafted.draft;
  throw badAnswers([...wrong, ...(drafted.ok ? [] : drafted.faults)], file);
}

function badAnswers(faults: readonly Fault[], file: string): Stop {
  const lines = faults.map(({ key, says }) => `  ${clean(key || 'as a whole')}: ${clean(says)}`);
  return usage(
    `${file}: these answers are missing or wrong.`,
    // The choices and the schema may find the same fault.
    ...new Set(lines),
    '`--questions` shows the questions with what was found.',
  );
}
