import type { Question } from '../../../../core/form.js';
import { open } from '../../../../core/form.js';
import { listed } from '../../../../core/text.js';
import { PORTS } from '../../flavour/families.js';
import { runs, unitOf } from '../../flavour/parse.js';
import { connection } from '../../recoveries/lost-master/followers.js';
import { serviceWay } from '../../recoveries/lost-master/service.js';
import { enable } from '../boot.js';
import type { Steps } from '../../../../core/plan-steps.js';
import type { MasterAnswers } from './answers.js';
import type { MasterHost, MooseFound } from './look.js';

/** $1 the connection to the master, $2 the data folder: with nothing fetched no master can be made. */
const FOLLOWS =
  'grep -qE "$1" /proc/net/tcp && [ -s "$2/metadata_ml.mfs.back" ] && echo follows; true';

/** $1 the metadata's path: once saved, it is not the package's empty file any more. */
const SAVED = '[ -f "$1.back" ] && ! cmp -s "$1.back" "$1.empty" && echo saved; true';

/**
 * A new master is started twice: it saves what it has when it stops, and else after an hour, and until
 * then a metalogger has nothing to fetch (seen with 3.0.117: its `metadata_ml.tmp` stays at 8 bytes).
 */
export function addFirstSave(steps: Steps, { name, flavour, dataFolder }: MasterHost): void {
  const restart = serviceWay(flavour, 'master', 'restart');
  if (!restart) return;
  steps.add(name, 'service.action', {
    action: 'restart',
    service: restart.service,
    argv: [...restart.argv],
    shows: { argv: ['sh', '-c', SAVED, 'sh', `${dataFolder}/metadata.mfs`], expect: 'saved' },
  });
}

/** Its metaloggers once the master runs, and classes through a mount. What runs already is left out. */
export function addMoose(
  steps: Steps,
  { loggers, mount }: MooseFound,
  master: MasterHost,
  { metaloggers, classes }: MasterAnswers,
  started: string | undefined,
): void {
  const after = started === undefined ? [] : [started];
  for (const logger of loggers) {
    const wanted = metaloggers.includes(logger.host) && !runs(logger.flavour, 'metalogger');
    if (wanted) addLogger(steps, logger, master, after);
  }
  if (!mount) return;
  for (const { name, keep } of classes) {
    const there = 'mfsscadmin "$1" list | grep -qx -- "$2" && echo there; true';
    const argv = (...words: readonly string[]) => ['mfsscadmin', mount.mountPoint, ...words];
    steps.add(mount.host, 'command.run', {
      title: `make the storage class ${name}`,
      on: keep,
      argv: argv('create', '-K', keep, name),
      effect: 'changes',
      shows: { argv: ['sh', '-c', there, 'sh', mount.mountPoint, name], expect: 'there' },
      undo: { says: 'delete it, unless something has it', argv: argv('delete', name) },
    });
  }
}

function addLogger(
  steps: Steps,
  { host, flavour }: MooseFound['loggers'][number],
  master: MasterHost,
  after: readonly string[],
): void {
  const start = serviceWay(flavour, 'metalogger', 'start');
  const stop = serviceWay(flavour, 'metalogger', 'stop');
  if (!start || !stop) return;
  const folder = flavour.family?.dataFolder ?? '/var/lib/mfs';
  const params = {
    action: 'start',
    service: start.service,
    argv: [...start.argv],
    shows: {
      argv: ['sh', '-c', FOLLOWS, 'sh', connection(ipv4(master), PORTS.metalogger), folder],
      expect: 'follows',
    },
    undo: { says: 'stop it again', argv: [...stop.argv] },
  };
  steps.add(host, 'service.action', params, after);
  const unit = unitOf(flavour, 'metalogger');
  enable(steps, host, unit && !unit.enabled ? { unit: unit.name } : {});
}

function ipv4({ flavour }: MasterHost): readonly string[] {
  return flavour.addresses.filter((address) => /^\d+(?:\.\d+){3}$/.test(address));
}

/** What is asked where shadows and goals are asked for elsewhere. */
export function mooseQuestions(
  { loggers, classes, mount }: MooseFound,
  master: MasterHost | undefined,
): readonly Question[] {
  const others = loggers.filter(({ host }) => host !== master?.name);
  const there = classes.map(({ name, definition }) => `${name} (${definition})`);
  return [
    {
      key: 'metaloggers',
      ask: 'Which hosts keep a copy of the metadata?',
      explains:
        'MooseFS has no shadows: when the master is lost, one is made of a metalogger’s files.',
      kind: 'many',
      columns: [
        { title: 'HOST', min: 8 },
        { title: 'METALOGGER', min: 12, grow: 1 },
      ],
      choices: others.map(({ host, flavour }) => ({
        value: host,
        cells: [{ text: host }, { text: runs(flavour, 'metalogger') ? 'runs' : 'does not run' }],
        gate: open,
      })),
      default: others.filter(({ flavour }) => runs(flavour, 'metalogger')).map(({ host }) => host),
    },
    ...(mount ? [classQuestion(there)] : []),
  ];
}

function classQuestion(there: readonly string[]): Question {
  return {
    key: 'classes',
    ask: 'Which storage classes are made?',
    explains: `There are ${listed(there, 14)}. Exports need admin for it.`,
    kind: 'table',
    row: 'class',
    columns: [
      {
        key: 'name',
        ask: 'Which name?',
        explains: 'A letter, then letters, digits and _.',
        kind: 'text',
        default: '',
        column: { title: 'NAME', min: 10, grow: 1 },
      },
      {
        key: 'keep',
        ask: 'Where do its copies lie?',
        explains: 'A label each, parted by commas; * is any: *,* or 2A,B.',
        kind: 'text',
        default: '*,*',
        column: { title: 'KEEPS', min: 14, grow: 2 },
      },
    ],
    default: [],
  };
}
