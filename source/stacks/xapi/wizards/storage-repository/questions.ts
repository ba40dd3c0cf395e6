import { open, type Question } from '../../../../core/form.js';
import type { Answers } from '../../../../core/wizard.js';
import { chosenPool, poolQuestion } from '../pools.js';
import type { Found } from './look.js';
import { uuidInPath } from './plan.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const pool = poolQuestion(found.pools, found.notAsked);
  const { location, explains } = suggestion(found, answers);
  const existing = answers.mode === 'existing';
  const uuid: Question = {
    key: 'uuid',
    ask: 'Which UUID has it?',
    explains:
      'The one that it had before, where backups of its metadata should fit. Empty: that of the folder’s name, or a new one.',
    kind: 'text',
    default: uuidInPath(text(answers.location, location)) ?? '',
  };
  return [
    pool,
    {
      key: 'mode',
      ask: 'A new repository, or one that is there already?',
      explains:
        'One that is there is attached with all its disks; nothing in it is touched either way.',
      kind: 'one',
      choices: [
        {
          value: 'new',
          cells: [{ text: 'new' }, { text: 'in a folder without disks' }],
          gate: open,
        },
        {
          value: 'existing',
          cells: [{ text: 'existing' }, { text: 'its disks are found by their names' }],
          gate: open,
        },
      ],
      default: 'new',
    },
    { key: 'location', ask: 'In which folder?', explains, kind: 'text', default: location },
    {
      key: 'name',
      ask: 'What is it called?',
      explains: 'The name that XenCenter and Xen Orchestra show.',
      kind: 'text',
      default: 'LizardFS',
    },
    {
      key: 'contentType',
      ask: 'What is it for?',
      explains: 'Disks of virtual machines, or images of media.',
      kind: 'one',
      choices: [
        { value: 'user', cells: [{ text: 'user' }, { text: 'disks' }], gate: open },
        { value: 'iso', cells: [{ text: 'iso' }, { text: 'media' }], gate: open },
      ],
      default: 'user',
    },
    ...(existing ? [uuid] : []),
  ];
}

function text(answer: unknown, otherwise: string): string {
  return typeof answer === 'string' ? answer : otherwise;
}

/** A folder of a file system that all hosts of the pool share, and what was seen of others. */
function suggestion(
  found: Found,
  answers: Answers,
): { readonly location: string; readonly explains: string } {
  const { pools, folders } = found;
  const key = typeof answers.pool === 'string' ? answers.pool : (pools[0]?.key ?? '');
  const chosen = chosenPool(found, key);
  const hosts = typeof chosen === 'string' ? [] : chosen.members.map(({ host }) => host);
  const [first = [], ...others] = hosts.map((host) => folders.get(host) ?? []);
  const shared = first.filter(({ path }) => {
    return others.every((list) => list.some((folder) => folder.path === path));
  });
  const explains = 'It must lie on a mounted file system that all hosts share.';
  if (answers.mode === 'existing') {
    const [used] = shared.toSorted((a, b) => b.disks - a.disks);
    return { location: used?.path ?? '/mnt/lizardfs/xen-sr', explains };
  }
  const root = shared.toSorted((a, b) => a.path.length - b.path.length)[0]?.path;
  return {
    location: root === undefined ? '/mnt/lizardfs/xen-sr' : `${root}/xen-sr`,
    explains: `${explains} It is made if it is not there.`,
  };
}
