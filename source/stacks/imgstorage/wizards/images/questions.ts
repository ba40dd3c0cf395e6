import {
  closed,
  open,
  type Answers,
  type Choice,
  type Gate,
  type Question,
} from '../../../../core/form.js';
import { clean } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import { phaseOf } from '../../phase.js';
import type { Image } from '../../view.js';
import {
  attributeOf,
  containerFault,
  containerNamed,
  imageNamed,
  nasFault,
  nasNamed,
  poolsOf,
  roomText,
  syncsTo,
  type Found,
} from '../found.js';
import { mapFault, removeFault, unmapFault } from './gates.js';

/** The questions, in their order; which follow hangs on what is to be done. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const { action } = answers;
  if (action === 'unmap') return [actionQuestion, imageQuestion(found, unmapFault, 'unmapped')];
  if (action === 'remove') return [actionQuestion, imageQuestion(found, removeFault, 'removed')];
  if (action !== 'map') return [actionQuestion];
  const isNew = imageNamed(found, answers.image) === undefined;
  return [
    actionQuestion,
    imageQuestion(found, mapFault, 'mapped'),
    ...(isNew ? newImage(found, answers) : []),
    ...whereTo(found, answers),
  ];
}

const actionQuestion: Question = {
  key: 'action',
  ask: 'What is to be done?',
  explains:
    'What belongs to a virtual machine is mapped and unmapped by starting and stopping it; this is for the rest.',
  kind: 'one',
  choices: [
    {
      value: 'map',
      cells: [{ text: 'map' }, { text: 'an image, new or there already, to a container' }],
      gate: open,
    },
    {
      value: 'unmap',
      cells: [{ text: 'unmap' }, { text: 'and wait until its data is back on the NAS' }],
      gate: open,
    },
    {
      value: 'remove',
      cells: [{ text: 'remove' }, { text: 'an image and its snapshots, for good' }],
      gate: open,
    },
  ],
};

function imageQuestion(
  { images }: Found,
  faultOf: (image: Image) => string | undefined,
  done: 'mapped' | 'unmapped' | 'removed',
): Question {
  const fresh: Choice = {
    value: '',
    cells: [{ text: 'a new one' }, { text: '' }, { text: '' }, { text: '' }],
    gate: open,
  };
  return {
    key: 'image',
    ask: `Which image is ${done}?`,
    explains:
      done === 'removed'
        ? 'It is destroyed with all its snapshots. Only one that is not mapped can be removed.'
        : 'What stands in the way is said behind it.',
    kind: 'one',
    choices: [
      ...(done === 'mapped' ? [fresh] : []),
      ...images.map((image): Choice => {
        const fault = faultOf(image);
        const gate: Gate = fault === undefined ? open : closed(clean(fault));
        const size = image.volume?.size;
        return {
          value: image.subject,
          cells: [
            { text: image.subject },
            { text: phaseOf(image) },
            { text: size == null ? '' : bytes(size) },
            { text: clean(image.vm ?? '') },
          ],
          gate,
        };
      }),
    ],
    ...(done === 'mapped' && { default: '' }),
  };
}

function newImage(found: Found, answers: Answers): readonly Question[] {
  const able = found.nas.filter((one) => nasFault(one) === undefined);
  const nas = nasNamed(found, answers.nas) ?? able[0];
  return [
    {
      key: 'nas',
      ask: 'On which NAS?',
      explains: 'Where the new image is to lie.',
      kind: 'one',
      choices: found.nas.map((one): Choice => {
        const fault = nasFault(one);
        return {
          value: one.name,
          cells: [{ text: clean(one.name) }],
          gate: fault === undefined ? open : closed(clean(fault)),
        };
      }),
      ...(able[0] && { default: able[0].name }),
    },
    {
      key: 'zpool',
      ask: 'In which of its pools?',
      explains: 'The volume is made there, and its whole size is set aside for it.',
      kind: 'one',
      choices: (nas ? poolsOf(nas) : []).map((pool): Choice => ({
        value: pool.name,
        cells: [{ text: clean(pool.name) }, { text: roomText(pool) }],
        gate: open,
      })),
      ...(nas && poolsOf(nas)[0] && { default: poolsOf(nas)[0]?.name ?? '' }),
    },
    {
      key: 'name',
      ask: 'What is it called?',
      explains: 'That of a virtual machine’s disk is its name with -vol behind it.',
      kind: 'text',
      default: '',
      needed: true,
    },
    {
      key: 'gigabytes',
      ask: 'How large?',
      explains: 'It cannot be changed by the roll afterwards.',
      kind: 'number',
      default: 36,
      least: 1,
      most: 65_536,
      whole: true,
      unit: 'GiB',
    },
  ];
}

function whereTo(found: Found, answers: Answers): readonly Question[] {
  const able = found.containers.filter((one) => containerFault(one) === undefined);
  const container = containerNamed(found, answers.container) ?? able[0];
  const copies = container !== undefined && syncsTo(found, container.name);
  const mode = answers.mode ?? (copies ? 'copied' : 'direct');
  const told = container && attributeOf(found, container.name, 'vm_container_zpool');
  const remotePool: Question = {
    key: 'remotePool',
    ask: 'In which of its pools does the copy lie?',
    explains:
      'The image’s whole size is set aside there; what is written until the copy is merged comes on top.',
    kind: 'one',
    choices: (container ? poolsOf(container) : []).map((pool): Choice => ({
      value: pool.name,
      cells: [{ text: clean(pool.name) }, { text: roomText(pool) }],
      gate: open,
    })),
    ...(told !== undefined && { default: told }),
  };
  return [
    {
      key: 'container',
      ask: 'To which container?',
      explains: 'It alone may log in at the image’s target.',
      kind: 'one',
      choices: found.containers.map((one): Choice => {
        const fault = containerFault(one);
        return {
          value: one.name,
          cells: [
            { text: clean(one.name) },
            { text: syncsTo(found, one.name) ? 'copies images' : 'over iSCSI' },
          ],
          gate: fault === undefined ? open : closed(clean(fault)),
        };
      }),
      ...(able[0] && { default: able[0].name }),
    },
    {
      key: 'mode',
      ask: 'How is it used there?',
      explains:
        'Copied: fast and local once the copy is there, copied back when it is unmapped. Direct: all goes to the NAS.',
      kind: 'one',
      choices: [
        { value: 'copied', cells: [{ text: 'copied' }, { text: 'img_sync' }], gate: open },
        { value: 'direct', cells: [{ text: 'direct' }, { text: 'over iSCSI' }], gate: open },
      ],
      default: copies ? 'copied' : 'direct',
    },
    ...(mode === 'copied' ? [remotePool] : []),
  ];
}
