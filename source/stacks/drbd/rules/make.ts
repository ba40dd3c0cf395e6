import { quoteLines } from '../../../core/evidence.js';
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

/** The lines in which these hosts show the resource's state. */
export function stateLines(replicas: readonly Replica[]): readonly Evidence[] {
  return replicas.flatMap((replica) => {
    const minors = new Set(replica.volumes.map(({ minor }) => String(minor)));
    return quoteLines(replica.on.devices, (line) => {
      const minor = /^\s*(\d+): cs:/.exec(line)?.[1];
      return minor !== undefined ? minors.has(minor) : isNamed(line, replica.resource);
    });
  });
}

function isNamed(line: string, resource: string): boolean {
  return line.includes('"name":') && line.includes(JSON.stringify(resource));
}
