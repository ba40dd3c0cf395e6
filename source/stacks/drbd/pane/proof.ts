import type { Finding } from '../../../core/finding.js';
import type { Block } from '../../../core/pane.js';
import { clean } from '../../../core/text.js';
import { clockTime } from '../../../core/units.js';
import { stateLines } from '../rules/make.js';
import type { Resource } from '../view.js';

/** What hosts said that proves the findings, each command once. */
export function evidenceBlocks(resource: Resource, findings: readonly Finding[]): readonly Block[] {
  const quoted = [
    ...stateLines(resource.replicas),
    ...findings.flatMap(({ evidence }) => evidence),
  ];
  const blocks = new Map<string, Block>();
  for (const { host, command, lines } of quoted) {
    const label = `${host}: ${clean(command)}`;
    blocks.set(`${label}\n${lines.join('\n')}`, { kind: 'lines', label, lines: lines.map(clean) });
  }
  return [...blocks.values()];
}

/** The newest words of the kernels about it, with times of day. */
export function logBlocks(resource: Resource): readonly Block[] {
  return resource.replicas.flatMap(({ host, on, resource: name, volumes }) => {
    const { log } = on;
    if (!log) return [];
    const { lines, uptime } = log.value;
    const minors = new Set(volumes.map(({ minor }) => minor));
    const telling = lines.filter(
      (line) =>
        line.kind !== 'other' &&
        (line.resource === name || (line.minor !== null && minors.has(line.minor))),
    );
    if (telling.length === 0) return [];
    const shown = telling.slice(-8).map(({ at, text }) => {
      const words = text.replace(/^\s*\[[^\]]*\]\s*/, '').trim();
      if (at === null || uptime === null) return clean(words);
      return clean(`${clockTime(log.at - (uptime - at) * 1000)}  ${words}`);
    });
    return [{ kind: 'lines', label: `${host}: kernel log`, lines: shown }];
  });
}
