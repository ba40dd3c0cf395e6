import { closed, open, type Answers, type Question } from '../../../../core/form.js';
import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { addressQuestion } from '../replicated-volume/address-question.js';
import type { FoundHost } from '../replicated-volume/look.js';
import { answersSchema, type ReplaceAnswers } from './answers.js';
import { look, type Found } from './look.js';
import { orphan, plan } from './plan.js';

/** The questions, in their order. */
function questions(found: Found, answers: Answers): readonly Question[] {
  const known = found.hosts.filter((host) => host.ok);
  const having = known.filter((host) =>
    host.resources.some(({ name }) => typeof orphan(found, host, name) !== 'string'),
  );
  const first = known.find(({ name }) => name === answers.first) ?? having[0] ?? known[0];
  const others = known.filter((host) => host !== first);
  const second = others.find(({ name }) => name === answers.second) ?? others[0];
  const resources = (first?.resources ?? []).map(({ name }) => ({
    name,
    one: first ? orphan(found, first, name) : '',
  }));
  const ready = resources.find(({ one }) => typeof one !== 'string');
  return [
    hostQuestion(found.hosts, 'first', first?.name),
    {
      key: 'resource',
      ask: 'Whose peer is gone?',
      explains: 'It goes on being used while the new node gets its copy.',
      kind: 'one',
      choices: resources.map(({ name, one }) => ({
        value: name,
        cells: [{ text: name }, { text: typeof one === 'string' ? '' : `${one.gone} is gone` }],
        gate: typeof one === 'string' ? closed(one) : open,
      })),
      ...(ready && { default: ready.name }),
    },
    hostQuestion(found.hosts, 'second', second?.name),
    ...(second ? [addressQuestion('address', second, first)] : []),
  ];
}

function hostQuestion(
  hosts: readonly FoundHost[],
  key: 'first' | 'second',
  name: string | undefined,
): Question {
  return {
    key,
    ask: key === 'first' ? 'Which node has the data?' : 'Which node takes the place?',
    explains:
      key === 'first'
        ? 'The one that lives: its file is changed, and its data is copied.'
        : 'It gets the volume that the file names, made if it is not there.',
    kind: 'one',
    choices: hosts.map((host) => ({
      value: host.name,
      cells: [{ text: host.name }, { text: host.ok ? `DRBD ${host.facts.kernel ?? ''}` : '' }],
      gate: host.ok ? open : closed(host.because),
    })),
    ...(name !== undefined && { default: name }),
  };
}

/** A node of another name takes the place of one that is gone for good. */
export const replaceNodeSpec: WizardSpec<Found, ReplaceAnswers> = {
  id: 'drbd.replace-node',
  title: 'Replace a lost node',
  says: 'Puts another node in the place of one that is gone: its name and address in both files, its volume, and the whole copy.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const replaceNode = defineWizard(replaceNodeSpec);
