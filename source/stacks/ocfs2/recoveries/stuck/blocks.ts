import type { Case } from '../../../../core/recovery.js';
import { clean, listed } from '../../../../core/text.js';
import { evictedFrom, type NodeView, type View, type Volume } from '../../view.js';
import type { Use } from './users.js';

/** All nodes of a cluster next to each other, what hangs and who uses it, and the kernel's own words. */
export function blocksOf(view: View, volume: Volume, uses: readonly Use[]): Case['blocks'] {
  const { uuid, mounts } = volume;
  const at = ({ host }: NodeView) => mounts.find(({ node }) => node.host === host);
  // A host that answers and has nothing of OCFS2 is no side of it.
  const nodes = view.nodes.filter((node) => {
    return node.facts.conf !== null || node.facts.clusters.length > 0 || at(node) !== undefined;
  });
  const use = ({ host }: NodeView) => uses.find((one) => one.host === host);
  const row = (label: string, of: (node: NodeView) => string) => ({
    label,
    values: nodes.map((node) => ({ text: clean(of(node)) })),
  });
  const out = view.nodes.flatMap((node) => evictedFrom(node.log?.value ?? [], uuid));
  const hanging = uses.flatMap(({ host, hanging: list }) => list.map((what) => `${host}: ${what}`));
  return [
    {
      kind: 'sides',
      sides: nodes.map(({ host }) => host),
      rows: [
        row('mounted at', (node) => at(node)?.entry.point ?? 'not'),
        row('cluster', ({ facts }) => (facts.online === true ? 'online' : 'offline')),
        row('hears', (node) => at(node)?.beat?.alive.join(', ') ?? '–'),
        row('last beat', (node) => {
          const elapsed = at(node)?.beat?.elapsed;
          return elapsed === undefined ? '–' : `${(elapsed / 1000).toFixed(1)} s ago`;
        }),
        row('DRBD', ({ facts }) => listed([...facts.drbd.values()]) || '–'),
        row('used by', (node) => listed(use(node)?.users.map(({ what }) => what) ?? []) || '–'),
        row('hangs', (node) => listed(use(node)?.hanging ?? []) || '–'),
      ],
    },
    ...(hanging.length > 0
      ? [{ kind: 'lines' as const, label: 'hangs in the kernel', lines: hanging }]
      : []),
    ...(out.length > 0
      ? [{ kind: 'lines' as const, label: 'evicted', lines: out.map(({ text }) => clean(text)) }]
      : []),
  ];
}
