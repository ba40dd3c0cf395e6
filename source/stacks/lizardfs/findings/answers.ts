import type { Finding } from '../../../core/finding.js';
import { count, listed } from '../../../core/text.js';
import type { Picture } from '../picture.js';
import { failureOf } from '../tools/question.js';
import { partsOf } from '../probes/cluster.js';
import type { Quote } from './context.js';

/** Where the answers themselves are not whole. */
export function answerFindings(seen: Picture, quote: Quote): readonly Finding[] {
  return [...partial(seen, quote), ...unread(seen)];
}

function partial({ cluster }: Picture, quote: Quote): readonly Finding[] {
  if (cluster?.kind !== 'fresh') return [];
  const broken = partsOf(cluster.value).flatMap(([name, part]) => {
    const failure = failureOf(part);
    return failure ? [{ name, failure }] : [];
  });
  const [first] = broken;
  if (!first) return [];
  const reasons = [...new Set(broken.map(({ failure }) => failure.what))];
  return [
    {
      code: 'LIZARDFS_PARTIAL',
      severity: 'warning',
      title: 'answer incomplete',
      subject: 'answers',
      hosts: [cluster.host],
      says: `${listed(broken.map(({ name }) => name))} did not come to the end: ${reasons.join('; ')}.`,
      means: 'What is shown of it is only what had come until then; the rest is not known.',
      todo: first.failure.todo,
      evidence: quote((line) => line.startsWith('Error: ')),
      remedies: [],
      about: [],
    },
  ];
}

function unread({ cluster, locals }: Picture): readonly Finding[] {
  const readings = [...(cluster ? [cluster] : []), ...locals];
  return readings.flatMap(({ host, probe, unread: lines }) =>
    lines.length === 0
      ? []
      : [
          {
            code: 'LIZARDFS_UNREAD',
            severity: 'notice' as const,
            title: 'output not understood',
            subject: `${host} ${probe.title}`,
            hosts: [host],
            says: `${count(lines.length, 'line')} of what ${host} printed could not be read.`,
            means: 'The tool may be of another version. Everything else was read.',
            todo: 'Save the output and look at it with `holdfast inspect`.',
            evidence: [{ host, command: probe.title, lines: lines.slice(0, 12) }],
            remedies: [],
            about: [],
          },
        ],
  );
}
