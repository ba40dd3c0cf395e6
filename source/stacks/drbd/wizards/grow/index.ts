import { closed, open, type Answers, type Question } from '../../../../core/form.js';
import { bytes } from '../../../../core/units.js';
import { defineWizard, type WizardSpec } from '../../../../core/wizard.js';
import { GIB } from '../replicated-volume/nodes.js';
import { answersSchema, type GrowAnswers } from './answers.js';
import { growable, namesOf } from './growable.js';
import { look, type Found } from './look.js';
import { plan } from './plan.js';

/** The questions, in their order. */
function questions(found: Found, answers: Answers): readonly Question[] {
  const all = namesOf(found).map((name) => ({ name, one: growable(found, name) }));
  const first = all.find(({ one }) => typeof one !== 'string');
  const chosen = all.find(({ name }) => name === answers.resource)?.one ?? first?.one;
  const known = chosen === undefined || typeof chosen === 'string' ? undefined : chosen;
  const silent = found.hosts.flatMap((host) =>
    host.ok ? [] : [` ${host.name} cannot take part: ${host.because}.`],
  );
  return [
    {
      key: 'resource',
      ask: 'Which resource grows?',
      explains: `Its volumes on both nodes, DRBD, and the file system where it is mounted.${silent.join('')}`,
      kind: 'one',
      choices: all.map(({ name, one }) => ({
        value: name,
        cells: [
          { text: name },
          {
            text:
              typeof one === 'string'
                ? ''
                : `${bytes(one.volumeBytes)}, ${bytes(one.freeBytes)} free for it`,
          },
        ],
        gate: typeof one === 'string' ? closed(one) : open,
      })),
      ...(first && { default: first.name }),
    },
    {
      key: 'size',
      ask: 'How large is it to be?',
      explains: known
        ? `It has ${bytes(known.volumeBytes)} and can have ${bytes(known.volumeBytes + known.freeBytes)}. It is never made smaller.`
        : 'No resource can grow.',
      kind: 'number',
      unit: 'GiB',
      ...(known && {
        least: known.volumeBytes / GIB,
        most: Math.floor(((known.volumeBytes + known.freeBytes) / GIB) * 1000) / 1000,
      }),
    },
  ];
}

/** A replicated volume grows on both nodes, with what is on it. */
export const growSpec: WizardSpec<Found, GrowAnswers> = {
  id: 'drbd.grow',
  title: 'Grow a replicated volume',
  says: 'Extends the volumes on both nodes, lets DRBD take them, and lets the file system take DRBD.',
  answers: answersSchema,
  look,
  questions,
  plan,
};

/** The wizard, as the stack offers it. */
export const grow = defineWizard(growSpec);
