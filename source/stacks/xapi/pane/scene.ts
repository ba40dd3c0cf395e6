import { bySeverity, type Finding } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import { toneOf, type Tone } from '../../../core/pane.js';
import type { Now } from '../../../core/probe.js';
import { diagnosePools } from '../diagnose.js';
import { picture, type Member, type Plug, type PoolPicture, type Repository } from '../view.js';

/** What every row is made from. */
export interface Scene {
  readonly now: Now;
  readonly pools: readonly PoolPicture[];
  readonly findings: readonly Finding[];
}

/** The scene of a moment. */
export function sceneOf(now: Now): Scene {
  const pools = picture(now);
  return { now, pools, findings: diagnosePools(pools) };
}

/** The findings about any of these nodes, worst first. */
export function findingsAbout({ findings }: Scene, nodes: readonly NodeId[]): readonly Finding[] {
  return findings
    .filter(({ about }) => about.some((id) => nodes.includes(id)))
    .toSorted((a, b) => bySeverity(a.severity, b.severity));
}

/** The tone of a thing: what is known only from before is never drawn as good. */
export function toneFor(scene: Scene, nodes: readonly NodeId[], stale: boolean): Tone {
  const worst = findingsAbout(scene, nodes)[0]?.severity;
  return worst === undefined && stale ? 'unknown' : toneOf(worst);
}

/** Whether what a pool says of its storage is old. */
export function isStale({ storage }: PoolPicture): boolean {
  return storage?.kind !== 'fresh';
}

/** How a host stands with its pool, in a word. */
export function memberState({ listed, isMaster }: Member): string {
  if (listed?.live === false) return 'not heard';
  if (listed && !listed.enabled) return 'maintenance';
  return isMaster ? 'master' : listed ? 'member' : 'not known';
}

/** How a repository stands on a host, in a word or two. */
export function plugState({ sr }: Repository, { pbd, beneath }: Plug): string {
  if (!pbd.attached) return 'unplugged';
  if (beneath.kind === 'missing') return 'nothing there';
  if (beneath.kind !== 'folder') return 'attached';
  if (beneath.boundElsewhere || (beneath.onRoot && sr.shared)) return 'empty folder';
  return beneath.bound ? 'attached' : 'nothing there';
}
