import type { Json } from '../../../../core/json.js';
import { Steps } from '../../../../core/plan-steps.js';
import { listed } from '../../../../core/text.js';
import { bytes } from '../../../../core/units.js';
import type { Drafted } from '../../../../core/wizard.js';
import { isGrowing } from '../../../../tools/file-system-size.js';
import { groupBasis, wholeExtents } from '../../../../tools/volume-groups.js';
import { GIB } from '../replicated-volume/nodes.js';
import { metadataBytes } from '../replicated-volume/numbers.js';
import type { GrowAnswers } from './answers.js';
import { growable, type Growable, type GrowNode } from './growable.js';
import type { Found, Mounted } from './look.js';

/** The plan: the volumes on both nodes, then DRBD, then what is on it, where it is mounted. */
export function plan(found: Found, { resource, size }: GrowAnswers): Drafted {
  const one = growable(found, resource);
  if (typeof one === 'string') {
    return { ok: false, faults: [{ key: 'resource', says: `${resource}: ${one}` }] };
  }
  const toBytes = wholeExtents(Math.round(size * GIB), one.extentBytes);
  const fault = sizeFault(one, toBytes);
  if (fault !== undefined) return { ok: false, faults: [{ key: 'size', says: fault }] };
  const metadata = one.metadataBytes > 0 ? metadataBytes(toBytes) : 0;
  const deviceBytes = toBytes - metadata;
  const steps = new Steps();
  const driver = one.nodes[0]?.host.driver ?? '8.4';
  const side = { resource, minors: [one.minor], driver };
  for (const { host, volume } of one.nodes) {
    const { group, name } = volume;
    const sizes = { fromBytes: one.volumeBytes, toBytes };
    steps.add(host.name, 'lvm.extend-volume', { vg: group.name, name, ...sizes });
  }
  // On the node that uses it, if one does: there the new size is needed.
  const user = one.nodes.find(({ mounts }) => mounts.length > 0) ?? one.nodes[0];
  const at = user?.host.name ?? '';
  const sizes = { fromBytes: one.deviceBytes, toBytes: deviceBytes };
  steps.add(at, 'drbd.resize', { ...side, minor: one.minor, ...sizes }, steps.ends);
  for (const { host } of one.nodes) steps.add(host.name, 'drbd.wait-in-sync', side, steps.ends);
  const mounted = user?.mounts[0];
  const grows = mounted && growStep(one, mounted, deviceBytes);
  if (grows) steps.add(at, grows.kind, grows.params);
  return {
    ok: true,
    draft: {
      title: `${resource} grows from ${bytes(one.volumeBytes)} to ${bytes(toBytes)}`,
      steps: steps.list,
      basis: one.nodes.map(({ volume }) => groupBasis(volume.group)),
      confirmations: [],
      loses: [],
      putBack: 'Nothing: what has grown is not made smaller again.',
      warnings: grows ? [] : [notGrown(one.nodes)],
    },
  };
}

function sizeFault(one: Growable, toBytes: number): string | undefined {
  const more = toBytes - one.volumeBytes;
  if (more <= 0) return `it has ${bytes(one.volumeBytes)} already; it is never made smaller`;
  return more > one.freeBytes
    ? `it can grow by ${bytes(one.freeBytes)}, not by ${bytes(more)}`
    : undefined;
}

/** How the file system takes its device; undefined: by hand. */
function growStep(
  { minor, deviceBytes: before }: Growable,
  { type, target, uuid }: Mounted,
  deviceBytes: number,
): { readonly kind: string; readonly params: Json } | undefined {
  const device = `/dev/drbd${minor}`;
  if (isGrowing(type)) {
    const params = { device, target, type, uuid, fromBytes: before, deviceBytes };
    return { kind: 'file-system.grow', params };
  }
  if (type !== 'ocfs2') return undefined;
  const shows = { argv: ['sh', '-c', OCFS2_FILLS, 'sh', String(minor), target], expect: 'full' };
  const argv = ['tunefs.ocfs2', '--yes', '-S', device];
  const title = 'let ocfs2 take its device';
  return { kind: 'command.run', params: { title, on: target, argv, effect: 'changes', shows } };
}

/** $1 the minor, $2 the mount point: ocfs2 leaves less than a cluster, which has 1 MiB at the most. */
const OCFS2_FILLS =
  'd=$(cat /sys/block/drbd$1/size) && s=$(stat -f -c "%S * %b" -- "$2") && [ $((d * 512 - $s)) -lt 1048576 ] && echo full';

function notGrown(nodes: readonly GrowNode[]): string {
  const types = nodes.flatMap(({ mounts }) => mounts.map(({ type }) => type));
  return types.length > 0
    ? `${listed([...new Set(types)])} is not grown by this: do it by hand.`
    : 'It is mounted on no node, so what is on it does not grow with it.';
}
