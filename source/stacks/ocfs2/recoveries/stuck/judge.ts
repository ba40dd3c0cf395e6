import { listed } from '../../../../core/text.js';
import {
  apart,
  clusterMates,
  sinceEntered,
  type Mounted,
  type NodeView,
  type View,
  type Volume,
} from '../../view.js';
import type { Use } from './users.js';

/** How a file system stands over its nodes. */
export type Judged =
  /** Several have it mounted and do not see each other: one of them must let go. */
  | { readonly kind: 'apart'; readonly sides: readonly Mounted[] }
  /** Its heartbeat, or processes within it, are past mending by commands. */
  | { readonly kind: 'restart'; readonly host: string; readonly why: string }
  /** The cluster has lost a node and has not decided about it yet: all that waits for its locks hangs. */
  | { readonly kind: 'waiting'; readonly host: string }
  /** The kernel found an error in it: it has to be checked, mounted nowhere. */
  | { readonly kind: 'damaged'; readonly on: readonly Mounted[] }
  /** Some have it mounted in order, and others could. */
  | { readonly kind: 'out'; readonly nodes: readonly NodeView[]; readonly keeper: Mounted }
  /** Nobody has it mounted. */
  | { readonly kind: 'nowhere'; readonly nodes: readonly NodeView[] }
  | { readonly kind: 'in order' };

/** Judges by what all nodes say; what only a restart mends comes first, since no order of steps helps there. */
export function judge(view: View, volume: Volume, uses: readonly Use[]): Judged {
  const hung = uses.find(({ hanging }) => hanging.length > 0);
  const pairs = apart(volume);
  if (hung && pairs.length === 0) {
    if (isDeciding(view, volume, hung)) return { kind: 'waiting', host: hung.host };
    const why = `${listed(hung.hanging)} ${hung.hanging.length === 1 ? 'hangs' : 'hang'} in the kernel, in OCFS2 or its locks`;
    return { kind: 'restart', host: hung.host, why };
  }
  const lost = volume.mounts.find(({ region }) => region === false);
  if (lost) {
    const why = `it has ${volume.name} mounted without its heartbeat`;
    return { kind: 'restart', host: lost.node.host, why };
  }
  if (pairs.length > 0) {
    return {
      kind: 'apart',
      sides: volume.mounts.filter((one) => pairs.some((p) => p.includes(one))),
    };
  }
  const damaged = volume.mounts.filter(
    ({ entry }) => entry.superOptions.includes('ro') && entry.options.includes('rw'),
  );
  if (damaged.length > 0) return { kind: 'damaged', on: damaged };
  const [keeper] = volume.mounts;
  const seeing = view.nodes.filter(({ host }) => volume.seen.some((one) => one.host === host));
  if (!keeper) return { kind: 'nowhere', nodes: seeing };
  const nodes = clusterMates(view, keeper.node).filter(
    ({ host }) =>
      !volume.mounts.some(({ node }) => node.host === host) && seeing.some((n) => n.host === host),
  );
  return nodes.length > 0 ? { kind: 'out', nodes, keeper } : { kind: 'in order' };
}

/** Idle for half a minute, again, then dead after another: with the usual settings 60 to 90 s, so twice that. */
const DECIDED_AFTER = 180;

/** A connection was lost a moment ago, and the node neither came back nor was thrown out since. */
function isDeciding(view: View, volume: Volume, { host, uptime }: Use): boolean {
  const log = view.nodes.find((node) => node.host === host)?.log?.value ?? [];
  const lines = sinceEntered(log, volume.uuid);
  const lost = lines.findLastIndex(({ kind }) => kind === 'link lost');
  const at = lines[lost]?.at ?? null;
  const settled = lines
    .slice(lost + 1)
    .some(({ kind }) => kind === 'evicted' || kind === 'link up' || kind === 'joined');
  return at !== null && uptime !== undefined && !settled && uptime - at < DECIDED_AFTER;
}
