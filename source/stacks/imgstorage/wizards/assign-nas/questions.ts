import { closed, open, type Answers, type Choice, type Question } from '../../../../core/form.js';
import { clean, count } from '../../../../core/text.js';
import { imageOf } from '../../roll.js';
import { nasFault, nasNamed, poolsOf, roomText, type Found } from '../found.js';
import { balanced, whyFirst } from './balance.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const able = found.nas.filter((one) => nasFault(one) === undefined);
  const nas = nasNamed(found, answers.nas) ?? able[0];
  return [
    vmQuestion(found),
    {
      key: 'nas',
      ask: 'On which NAS is its disk to lie?',
      explains: 'An image that is not there yet is made at the first start, empty.',
      kind: 'one',
      choices: found.nas.map((one): Choice => {
        const fault = nasFault(one);
        const given = found.machines.nas.filter((vm) => vm.nas === one.name).length;
        return {
          value: one.name,
          cells: [
            { text: clean(one.name) },
            { text: count(given, 'virtual machine') },
            {
              text: clean(
                poolsOf(one)
                  .map((pool) => `${pool.name} ${roomText(pool)}`)
                  .join(', '),
              ),
            },
          ],
          gate: fault === undefined ? open : closed(clean(fault)),
        };
      }),
      ...(able[0] && { default: able[0].name }),
    },
    ...(nas ? [poolQuestion(found, nas)] : []),
    {
      key: 'start',
      ask: 'Start it now?',
      explains:
        'It is then followed through the nine stages of the boot workflow. The copy to its container goes on by itself: it can be left, and waited for again.',
      kind: 'yes-no',
      default: true,
    },
  ];
}

/** Why a virtual machine cannot be given another NAS now; undefined: it can. */
export function vmFault({ machines, images }: Found, vm: string): string | undefined {
  const place = machines.places.find((one) => one.vm === vm);
  if (place?.container == null) return 'Rocks does not say on which container it is';
  const mapped = images.find(({ zvol, row }) => zvol === imageOf(vm) && row?.remoteHost != null);
  if (mapped) {
    return `its image is mapped to ${mapped.row?.remoteHost ?? ''}: shut it down first (rocks stop host vm)`;
  }
  const locked = images.find(({ zvol, lock }) => zvol === imageOf(vm) && lock);
  return locked ? 'its image is locked: see the problem of it' : undefined;
}

function vmQuestion(found: Found): Question {
  const { machines } = found;
  const names = [...new Set(machines.nas.map(({ vm }) => vm))];
  return {
    key: 'vm',
    ask: 'Which virtual machine?',
    explains: 'Its first disk: the roll gives a NAS to that one alone.',
    kind: 'one',
    choices: names.map((vm): Choice => {
      const fault = vmFault(found, vm);
      const now = machines.nas.find((one) => one.vm === vm);
      const place = machines.places.find((one) => one.vm === vm)?.container ?? '';
      return {
        value: vm,
        cells: [
          { text: clean(vm) },
          { text: clean(place) },
          { text: clean(now?.nas == null ? 'a file there' : `${now.nas} ${now.zpool ?? ''}`) },
        ],
        gate: fault === undefined ? open : closed(clean(fault)),
      };
    }),
  };
}

function poolQuestion(found: Found, nas: Parameters<typeof balanced>[1]): Question {
  const pools = balanced(found, nas);
  return {
    key: 'zpool',
    ask: 'In which pool?',
    explains: clean(whyFirst(pools)),
    kind: 'one',
    choices: pools.map(({ pool, given, listed }): Choice => ({
      value: pool.name,
      cells: [
        { text: clean(pool.name) },
        { text: count(given, 'virtual machine') },
        { text: roomText(pool) },
        { text: listed ? 'in img_zpools' : '' },
      ],
      gate:
        pool.health === 'ONLINE' || pool.health === 'DEGRADED'
          ? open
          : closed(clean(`it is ${pool.health}`)),
    })),
    ...(pools[0] && { default: pools[0].pool.name }),
  };
}
