import { closed, open, type Answers, type Choice, type Question } from '../../../../core/form.js';
import { clean, count } from '../../../../core/text.js';
import { NEEDED_PERMISSIONS, ROLL_USER } from '../../roll.js';
import type { Container, Nas } from '../../hosts.js';
import {
  attributeOf,
  containerFault,
  nasFault,
  nasNamed,
  poolsOf,
  roomText,
  syncsTo,
  type Found,
} from '../found.js';

/** The questions, in their order. */
export function questions(found: Found, answers: Answers): readonly Question[] {
  const nas = nasNamed(found, answers.nas) ?? found.nas.find((one) => nasFault(one) === undefined);
  return [
    nasQuestion(found),
    ...(nas ? [poolsQuestion(found, nas)] : []),
    containersQuestion(found),
    {
      key: 'copies',
      ask: 'Are images copied to the container?',
      explains:
        'Yes (img_sync): a virtual machine starts over iSCSI, works on a copy beside it, and is copied back when it stops. No: all its reads and writes go to the NAS.',
      kind: 'yes-no',
      default: found.containers.some(({ name }) => syncsTo(found, name)),
    },
    ...(answers.copies === false ? [] : [containerPoolQuestion(found)]),
    {
      key: 'network',
      ask: 'Which network for iSCSI and copies?',
      explains:
        'The name of a network of Rocks (IB_net), for a fast one. Empty: it is left as it is; without any it is the private one.',
      kind: 'text',
      default: (nas && attributeOf(found, nas.name, 'IB_net')) ?? '',
    },
  ];
}

function nasQuestion({ nas }: Found): Question {
  const able = nas.find((one) => nasFault(one) === undefined);
  return {
    key: 'nas',
    ask: 'Which NAS?',
    explains: 'Where the images are to lie, as volumes of ZFS.',
    kind: 'one',
    choices: nas.map((one): Choice => {
      const fault = nasFault(one);
      return {
        value: one.name,
        cells: [{ text: clean(one.name) }, { text: count(poolsOf(one).length, 'pool') }],
        gate: fault === undefined ? open : closed(clean(fault)),
      };
    }),
    ...(able && { default: able.name }),
  };
}

function poolsQuestion(found: Found, nas: Nas): Question {
  const told = (attributeOf(found, nas.name, 'img_zpools') ?? '').split(',');
  const pools = poolsOf(nas);
  const healthy = pools.filter(({ health }) => health === 'ONLINE' || health === 'DEGRADED');
  const listed = healthy.filter(({ name }) => told.includes(name));
  return {
    key: 'pools',
    ask: 'Which of its pools?',
    explains: 'Images are spread over these (img_zpools, with commas between them).',
    kind: 'many',
    least: 1,
    columns: [
      { title: 'POOL', min: 10, grow: 1 },
      { title: 'HEALTH', min: 9 },
      { title: 'ROOM', min: 14 },
      { title: 'COPIES', min: 16 },
    ],
    choices: pools.map((pool): Choice => {
      const usable = healthy.includes(pool);
      return {
        value: pool.name,
        cells: [
          { text: clean(pool.name) },
          { text: clean(pool.health) },
          { text: roomText(pool) },
          { text: mayText(found, nas, pool.name) },
        ],
        gate: usable ? open : closed(clean(`it is ${pool.health}`)),
      };
    }),
    default: (listed.length > 0 ? listed : healthy).map(({ name }) => name),
  };
}

/** What of the permissions a pool lacks, in short. */
function mayText({ permissions }: Found, { host }: Nas | Container, pool: string): string {
  const users = permissions.get(`${host ?? ''}/${pool}`)?.users;
  if (!users) return 'not told';
  const has = users.get(ROLL_USER);
  const missing = NEEDED_PERMISSIONS.filter((one) => has?.has(one) !== true);
  return missing.length === 0 ? 'allowed' : `${missing.length} not allowed`;
}

function containersQuestion({ containers }: Found): Question {
  const able = containers.filter((one) => containerFault(one) === undefined);
  return {
    key: 'containers',
    ask: 'Which containers use it?',
    explains: 'The hosts on which virtual machines with disks on this NAS run.',
    kind: 'many',
    columns: [
      { title: 'CONTAINER', min: 14, grow: 1 },
      { title: 'POOLS', min: 12, grow: 1 },
    ],
    choices: containers.map((one): Choice => {
      const fault = containerFault(one);
      const pools = poolsOf(one).map((pool) => `${pool.name} (${roomText(pool)})`);
      return {
        value: one.name,
        cells: [{ text: clean(one.name) }, { text: clean(pools.join(', ')) }],
        gate: fault === undefined ? open : closed(clean(fault)),
      };
    }),
    default: able.map(({ name }) => name),
  };
}

function containerPoolQuestion(found: Found): Question {
  const told = found.containers.flatMap(({ name }) => {
    return attributeOf(found, name, 'vm_container_zpool') ?? [];
  });
  const there = found.containers.flatMap((one) => poolsOf(one).map(({ name }) => name));
  return {
    key: 'containerPool',
    ask: 'Which pool of the containers?',
    explains: 'Where the copies lie there (vm_container_zpool). It must be there on each.',
    kind: 'text',
    default: told[0] ?? there[0] ?? '',
  };
}
