import { linesOf } from '../../../core/text.js';
import { outcomeFailure, type Failure } from '../../../core/failure.js';
import { reads, type Command, type Outcome, type Reader } from '../../../core/host.js';
import { placeName, refusedAt, type Place } from '../tools/question.js';
import { SEPARATOR } from './tables.js';

/** Questions that one run answers together. */
export type Run = 'master' | 'disks' | 'classes' | 'missing';

/**
 * One run tells all that the master knows, in the time of one: an interpreter of Python starts for
 * each. The disks have a run of their own, since all chunkservers are asked for them and one that is
 * silent would take the rest along; the storage
 * classes and missing files, since the pane has no use for them.
 */
const SECTIONS: Readonly<Record<Run, readonly string[]>> = {
  master: ['-SIM', '-SIG', '-SIC', '-SCS', '-SMB', '-SMS'],
  disks: ['-SHD'],
  classes: ['-SSC'],
  missing: ['-SMF'],
};

/** `mfscli -n -s '|' -H 10.0.0.1 -P 9421 -SCS`; `-n`: addresses are not turned into names. */
export function mfscliCommand(run: Run, { host, port }: Place): Command<'reads'> {
  const target = ['-H', host, '-P', String(port)];
  // It gives a silent master 5 s, and each silent chunkserver as much.
  return reads(['mfscli', '-n', '-s', SEPARATOR, ...target, ...SECTIONS[run]], 12_000);
}

/** What went wrong with a run. */
interface Trouble {
  readonly failure: Failure;
  /** What it had to say all the same. */
  readonly rest?: string;
}

/** What happened when one of the chunkservers did not say what disks it has. */
export const SOME_SILENT = 'a chunkserver does not answer, and mfscli does not say which';

/**
 * Why a run did not tell what it was asked; undefined where it did. It exits 0 at nearly every
 * trouble, so that only its words tell.
 */
export function mfscliTrouble(
  host: Reader,
  command: Command,
  outcome: Outcome,
  place: Place,
): Trouble | undefined {
  const failure = outcomeFailure(host.name, command, outcome);
  if (outcome.kind !== 'exited') return { failure };
  const said = outcome.stdout;
  if (said.includes("Can't find masters")) return { failure: { ...failure, ...unresolved(place) } };
  if (NO_MASTER.test(said)) return { failure: { ...failure, ...unanswered(said, place) } };
  if (said.includes('Traceback (most recent call last)')) {
    const rest = linesOf(said).filter((line) => line.includes(SEPARATOR));
    return { failure: { ...failure, ...brokenOff(said) }, rest: rest.join('\n') };
  }
  return outcome.code === 0 ? undefined : { failure };
}

/** The first in 3, with an elect in PRO, the last in 4. */
const NO_MASTER =
  /^(?:Working master servers not found|Leader master server not found|.*Can't connect to MooseFS Master)/m;

type Words = Pick<Failure, 'what' | 'means' | 'todo'>;

function unresolved({ host }: Place): Words {
  return {
    what: `the name ${host} could not be resolved`,
    means: 'mfscli found no address for it.',
    todo: 'Look at /etc/hosts and the resolver of this host.',
  };
}

function unanswered(said: string, place: Place): Words {
  if (/^metadata servers.*[|]BUSY[|]/m.test(said)) {
    return {
      what: `${placeName(place)} hangs`,
      means:
        'It accepts connections and does not answer: the process is stopped, or waits for a disk.',
      todo: 'Look at the process and the kernel log on its host.',
    };
  }
  return {
    what: refusedAt(placeName(place)),
    means: 'The connection was refused, or the host is not reachable.',
    todo: 'Look whether the daemon runs there and whether a firewall is between.',
  };
}

function brokenOff(said: string): Words {
  const silent = /TimeoutError|timed out|MFS communication error|ConnectionRefused/.test(said);
  return {
    what: silent ? SOME_SILENT : 'mfscli broke off with an error of its own',
    means: silent
      ? 'It asks one chunkserver after the other for the disks and breaks off at the first that is silent.'
      : 'It printed a traceback of Python instead of an answer.',
    todo: silent
      ? 'Look at the chunkservers one by one: at the process, and at the kernel log for a dying disk.'
      : 'Run it by hand on that host and read what it says.',
  };
}
