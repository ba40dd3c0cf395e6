import type { Evidence, Finding } from '../../core/finding.js';
import type { NodeId } from '../../core/graph.js';
import { clean, count, listed } from '../../core/text.js';
import { pathName, queuesNow, strangeStates } from './map.js';
import { pathLines } from './path-lines.js';
import { pathPhrase, type MapView, type PathView } from './view.js';

type Rule = (view: MapView) => readonly Finding[];

/** All that holds for one map by itself; also for a captured output. */
export function mapFindings(view: MapView): readonly Finding[] {
  return RULES.flatMap((rule) => rule(view));
}

/**
 * How many paths are left: at most one finding a map, the gravest that holds. Monitors differ on
 * "one of two left"; the stricter is taken: the next fault stops the disk, so it is an alert.
 */
const pathsLeft: Rule = (view) => {
  const { paths, usable } = view;
  const total = paths.length;
  const lost = paths.filter((path) => path.condition === 'lost');
  const gone = [...lost, ...paths.filter((path) => path.condition === 'wavering')];
  const open = total - usable - gone.length;
  if (usable === 0 && open === 0) return [noPath(view)];
  if (total === 1) return usable === 1 ? [onePathOnly(view)] : [];
  if (usable === 1 && open === 0) return [lastPath(view, gone)];
  if (lost.length > 0) return [pathLost(view, lost)];
  return usable + open + gone.length < view.usedTo ? [fewerPaths(view)] : [];
};

function noPath(view: MapView): Finding {
  const { name, paths, map } = view;
  const waits = queuesNow(map);
  const about = paths.length === 0 ? 'The map has no paths' : `All ${paths.length} paths are down`;
  const common = {
    severity: 'alert' as const,
    says: `${about}${paths.length === 0 ? '' : `: ${listed(paths.map(pathPhrase))}`}.`,
    todo: 'Look at the portals, the network and the array. Paths come back by themselves; afterwards check the file systems on it: they may be read-only while mount says rw.',
    explains: true,
  };
  if (waits) {
    return make(view, {
      ...common,
      code: 'MULTIPATH_QUEUEING_NO_PATH',
      title: 'no path, I/O waits',
      means: `Whatever reads or writes ${name} hangs until a path is back${waitLimit(map.retry)}.`,
    });
  }
  return make(view, {
    ...common,
    code: 'MULTIPATH_NO_PATH',
    title: 'no usable path',
    means: `Reads and writes on ${name} fail at once; file systems on it turn read-only or stop.`,
  });
}

/** `5 chk`: so many checks without a path; `12 sec`: so long from now on. */
function waitLimit(retry: string | null): string {
  const seconds = /^(\d+) sec$/.exec(retry ?? '')?.[1];
  if (seconds !== undefined) return `, or fails in ${seconds} s`;
  const checks = /^(\d+) chk$/.exec(retry ?? '')?.[1];
  return checks === undefined ? '' : `, or fails after ${checks} more checks`;
}

function lastPath(view: MapView, gone: readonly PathView[]): Finding {
  const left = view.paths.find((path) => path.condition === 'usable');
  return make(view, {
    code: 'MULTIPATH_LAST_PATH',
    severity: 'alert',
    title: 'last path',
    says: `1 of ${view.paths.length} paths is usable (${left ? pathPhrase(left) : '?'}); down: ${listed(gone.map(pathPhrase))}.`,
    means: 'The disk works, but the next fault stops it.',
    todo: 'Bring the other path back before any work on the network or the array.',
    paths: gone,
  });
}

function pathLost(view: MapView, lost: readonly PathView[]): Finding {
  return make(view, {
    code: 'MULTIPATH_PATH_LOST',
    // Fewer than it is used to is an alert; at the first look nobody knows what that is.
    severity: view.usable < view.usedTo ? 'alert' : 'warning',
    title: lost.length === 1 ? 'path lost' : 'paths lost',
    says: `${view.usable} of ${count(view.paths.length, 'path')} usable; down: ${listed(lost.map(pathPhrase))}.`,
    means: 'The disk works through the other paths, with less redundancy and perhaps less speed.',
    todo: 'Look at the portal or the fabric of the lost paths. They come back by themselves.',
    paths: lost,
  });
}

/** A path that logged out leaves the map for good: only who watched before knows of it. */
function fewerPaths(view: MapView): Finding {
  return make(view, {
    code: 'MULTIPATH_PATHS_FEWER',
    severity: 'alert',
    title: 'fewer paths than before',
    says: `${count(view.paths.length, 'path')} of the ${view.usedTo} that were usable while it was watched.`,
    means:
      'The others are no longer in the map: their sessions logged out, or their devices were removed.',
    todo: 'Log in to the portals that are missing: `iscsiadm -m node --login`; then `multipath -r`.',
  });
}

/** At the first look whether it ever had more is not known. */
function onePathOnly(view: MapView): Finding {
  const had = view.usedTo > 1;
  const only = view.paths.map(pathPhrase).join('');
  return make(view, {
    code: 'MULTIPATH_ONE_PATH_ONLY',
    severity: had ? 'alert' : 'warning',
    title: 'one path only',
    says: `The map has a single path (${only})${had ? `; it had ${view.usedTo} while it was watched` : ''}.`,
    means: 'Nothing takes over when it fails. A second path may be missing, or never was set up.',
    todo: 'Log in to the second portal, or find out where the other path went.',
  });
}

const WAVERING = {
  shaky: {
    code: 'MULTIPATH_PATH_SHAKY',
    title: 'path shaky',
    means: 'The path answers, but is not fit for normal use.',
  },
  delayed: {
    code: 'MULTIPATH_PATH_DELAYED',
    title: 'path delayed',
    means: 'The path is up again and is held back until it has proved steady; it failed before.',
  },
  'i/o timeout': {
    code: 'MULTIPATH_PATH_TIMEOUT',
    title: 'path timed out',
    means: 'The check of the path got no answer in time: a slow array or a losing network.',
  },
} as const;

const wavering: Rule = (view) => {
  return Object.entries(WAVERING).flatMap(([state, { code, title, means }]) => {
    const paths = view.paths.filter((path) => path.path.checkerState === state);
    if (paths.length === 0) return [];
    const says = `${listed(paths.map(pathPhrase))} ${paths.length === 1 ? 'is' : 'are'} ${state}.`;
    const todo =
      'Watch it for a minute; then look at the errors of the link and in the kernel log.';
    return [make(view, { code, severity: 'warning', title, says, means, todo, paths })];
  });
};

/** A notice while other paths carry the disk; else nobody knows whether the disk works. */
const unchecked: Rule = (view) => {
  const paths = view.paths.filter((path) => path.condition === 'unchecked');
  if (paths.length === 0) return [];
  return [
    make(view, {
      code: 'MULTIPATH_PATH_UNCHECKED',
      severity: view.usable > 0 ? 'notice' : 'warning',
      title: 'paths not checked',
      says: `Not known to work: ${listed(paths.map(pathPhrase))}.`,
      means: 'No checker has answered for them yet, or none was asked (`multipath -l`).',
      todo: 'It settles within a checking interval; if not, look at multipathd.',
      heals: true,
      paths,
    }),
  ];
};

const nameless: Rule = (view) => {
  const paths = view.paths.filter((path) => path.nameless);
  if (paths.length === 0) return [];
  return [
    make(view, {
      code: 'MULTIPATH_NAMELESS_PATH',
      severity: 'warning',
      title: 'path without an address',
      says: `multipath does not know the SCSI address of ${listed(paths.map(pathPhrase))}.`,
      means: 'The device is gone while the map still holds it, or it is no SCSI disk.',
      todo: 'If the disk was taken away on purpose, `multipathd reconfigure` forgets the path.',
      paths,
    }),
  ];
};

const readOnly: Rule = (view) => {
  if (view.map.access !== 'ro') return [];
  return [
    make(view, {
      code: 'MULTIPATH_READ_ONLY',
      severity: 'warning',
      title: 'map is read-only',
      says: `${view.name} can be read, not written.`,
      means: 'The array offers the disk read-only, or did when the map was made.',
      todo: 'If that is not meant, mend it on the array, rescan the paths, then `multipath -r`.',
    }),
  ];
};

const strange: Rule = (view) => {
  const states = strangeStates(view.map).map(clean);
  if (states.length === 0) return [];
  return [
    make(view, {
      code: 'MULTIPATH_UNKNOWN_STATE',
      severity: 'warning',
      title: 'unknown state',
      says: `multipath says what Holdfast does not know: ${listed(states)}.`,
      means: 'Whether that is good cannot be told here; it is not counted as usable.',
      todo: 'Look at `multipath -ll` on the host.',
    }),
  ];
};

const RULES: readonly Rule[] = [pathsLeft, wavering, unchecked, nameless, readOnly, strange];

type Spec = Omit<Finding, 'subject' | 'hosts' | 'evidence' | 'remedies' | 'about'> & {
  readonly paths?: readonly PathView[];
};

function make(view: MapView, { paths, ...spec }: Spec): Finding {
  const { host, subject } = view;
  return {
    ...spec,
    subject,
    hosts: host === '' ? [] : [host],
    evidence: evidence(view, paths ?? view.paths),
    remedies: [],
    about: standsOn(view, paths),
    ...ownCause(view, spec.explains === true),
  };
}

/**
 * What a finding's cause would have to lie beneath: the paths it speaks of, and of these only those
 * whose session is up, if there are any, since no dead portal explains them.
 */
function standsOn(view: MapView, paths: readonly PathView[] | undefined): readonly NodeId[] {
  if (!paths) return [view.id];
  const unexplained = paths.filter(isUnexplained);
  return (unexplained.length > 0 ? unexplained : paths).map((path) => path.id);
}

function isUnexplained(path: PathView): boolean {
  return path.session?.standing === 'up';
}

/** A map without any path stands for all of them; a portal explains it only if it explains each. */
function ownCause(view: MapView, explains: boolean): { readonly ownCause?: true } {
  const ours = explains && view.reading?.kind === 'fresh' && view.paths.some(isUnexplained);
  return ours ? { ownCause: true } : {};
}

/** The lines in which the host shows these paths. */
export function evidence(view: MapView, paths: readonly PathView[]): readonly Evidence[] {
  if (!view.reading) return [];
  return pathLines(
    view.reading,
    paths.map(({ path }) => pathName(path)),
  );
}
