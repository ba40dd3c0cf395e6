import type { Evidence, Finding } from '../../../core/finding.js';
import { hostNode } from '../../../core/graph.js';
import type { HostName } from '../../../core/host.js';
import { clean } from '../../../core/text.js';

type Spec = Pick<Finding, 'code' | 'severity' | 'title' | 'says' | 'means' | 'todo'> &
  Partial<Pick<Finding, 'about' | 'evidence' | 'explains'>> & {
    readonly host: HostName;
    /** What of the host it is about: `md0`, `/srv`; without it the host itself. */
    readonly thing?: string;
  };

/** A finding about something of one host; whatever the host named in it is made safe to draw. */
export function make({
  host,
  thing,
  about = [hostNode(host)],
  evidence = [],
  ...spec
}: Spec): Finding {
  return {
    ...spec,
    says: clean(spec.says),
    todo: clean(spec.todo),
    subject: clean(thing === undefined ? host : `${thing}@${host}`),
    hosts: host === '' ? [] : [host],
    evidence,
    remedies: [],
    about,
  };
}

/** Lines as a command would print them that a person can type. */
export function quoted(
  host: HostName,
  command: string,
  lines: readonly string[],
): readonly Evidence[] {
  return lines.length === 0
    ? []
    : [{ host, command: clean(command), lines: lines.slice(0, 12).map(clean) }];
}
