import { lineIndex } from '../../../core/evidence.js';
import type { Evidence, Finding } from '../../../core/finding.js';
import { clean } from '../../../core/text.js';
import type { Replica } from '../view.js';

/** A finding's parts that have a usual value left out. */
export type Draft = Omit<Finding, 'evidence' | 'remedies'> & Partial<Finding>;

/** A finding whose words, which hold names and states from hosts, are safe to draw. */
export function finding(draft: Draft): Finding {
  return {
    remedies: [],
    ...draft,
    evidence: (draft.evidence ?? []).map((quoted) => ({
      ...quoted,
      command: clean(quoted.command),
      lines: quoted.lines.map(clean),
    })),
    subject: clean(draft.subject),
    says: clean(draft.says),
    means: clean(draft.means),
    todo: clean(draft.todo),
  };
}

/** A device's line of /proc/drbd by its minor, a resource's line of the JSON by its quoted name. */
const stateIndex = lineIndex((line) => {
  const minor = /^\s*(\d+): cs:/.exec(line)?.[1];
  if (minor !== undefined) return [minor];
  const name = /"name":\s*("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  return name === undefined ? [] : [name];
});

const known = new WeakMap<Replica, readonly Evidence[]>();

/** The lines in which these hosts show the resource's state; looked for once a replica. */
export function stateLines(replicas: readonly Replica[]): readonly Evidence[] {
  return replicas.flatMap((replica) => {
    const lines = known.get(replica) ?? linesOfReplica(replica);
    known.set(replica, lines);
    return lines;
  });
}

function linesOfReplica({ on, resource, volumes }: Replica): readonly Evidence[] {
  const minors = volumes.map(({ minor }) => String(minor));
  return stateIndex(on.devices, [...minors, JSON.stringify(resource)]);
}
