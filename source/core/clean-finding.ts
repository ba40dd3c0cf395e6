import type { Finding } from './finding.js';
import { clean } from './text.js';

/** A finding whose texts are safe to draw: paths, labels and names in it come from hosts. */
export function cleaned(finding: Finding): Finding {
  const { title, subject, says, means, todo, evidence } = finding;
  return {
    ...finding,
    title: clean(title),
    subject: clean(subject),
    says: clean(says),
    means: clean(means),
    todo: clean(todo),
    evidence: evidence.map(({ host, command, lines }) => ({
      host,
      command: clean(command),
      lines: lines.map(clean),
    })),
  };
}
