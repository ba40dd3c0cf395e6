import { closed, open, type Choice, type Question } from '../../../../core/form.js';
import { hookWords } from '../../hook.js';
import type { PoolPicture, Repository } from '../../view.js';
import { ourMembers, type NotAsked } from '../pools.js';
import type { Found } from './look.js';

/** The questions, in their order. */
export function questions(found: Found): readonly Question[] {
  const choices = found.pools.flatMap((pool) =>
    pool.repositories
      .filter(({ sr }) => sr.type === 'file')
      .map((repository) => repositoryChoice(pool, repository, found.notAsked)),
  );
  // One that nothing mounts at boot is what the wizard is for.
  const bare = found.pools.flatMap(({ repositories }) =>
    repositories.filter(({ plugs }) => needsHook(plugs)).map(({ sr }) => sr.uuid),
  );
  const able = choices.filter(({ gate }) => gate.open);
  const first = able.find(({ value }) => bare.includes(value)) ?? able[0];
  return [
    {
      key: 'repository',
      ask: 'Which repository?',
      explains: 'Before it is attached at boot, the file system beneath it is mounted.',
      kind: 'one',
      choices,
      ...(first && { default: first.value }),
    },
    wayQuestion(found),
    {
      key: 'rebootTest',
      ask: 'Reboot the hosts at the end, one by one, to see that it works?',
      explains:
        'The master comes last. A host on which virtual machines run is not rebooted: move them first. Each host is confirmed by its name.',
      kind: 'yes-no',
      default: false,
    },
  ];
}

function repositoryChoice(
  pool: PoolPicture,
  { sr, label, plugs }: Repository,
  notAsked: NotAsked,
): Choice {
  const members = ourMembers(pool, notAsked);
  const [first] = plugs;
  return {
    value: sr.uuid,
    cells: [
      { text: label },
      { text: `pool ${pool.name}` },
      { text: first ? `hook: ${hookWords(first.hook)}` : 'not connected' },
    ],
    gate: typeof members === 'string' ? closed(members) : open,
  };
}

function needsHook(plugs: Repository['plugs']): boolean {
  return plugs.some(({ hook }) => hook.kind === 'none' || hook.kind === 'lost');
}

function wayQuestion({ hosts, pools }: Found): Question {
  const members = new Set(pools.flatMap((pool) => pool.members.map(({ host }) => host)));
  const without = [...hosts.values()]
    .filter(({ name, driver }) => members.has(name) && !driver)
    .map(({ name }) => name);
  return {
    key: 'way',
    ask: 'How is it hooked into the boot?',
    explains:
      'An update of the storage drivers replaces FileSR.py; a unit of the administrator’s own stays.',
    kind: 'one',
    choices: [
      {
        value: 'unit',
        cells: [{ text: 'a systemd unit' }, { text: 'before xapi starts' }],
        gate: open,
      },
      {
        value: 'driver',
        cells: [{ text: 'FileSR.py' }, { text: 'each time the repository is attached' }],
        gate:
          without.length === 0
            ? open
            : closed(`no FileSR.py or no Python on ${without.join(', ')}`),
      },
    ],
    default: 'unit',
  };
}
