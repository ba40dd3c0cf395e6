import type { Fragment } from '../../core/graph.js';
import type { Now } from '../../core/probe.js';
import { blockGraph } from '../../tools/block-graph.js';
import type { Lvm } from '../../tools/lvm.js';
import { hostDisks } from './view.js';

/** What stands on what among the block devices of all hosts, LVM's groups with their idle disks. */
export function graph(now: Now): Fragment {
  const parts = hostDisks(now).flatMap(({ host, devices, lvm }) => {
    return devices ? [blockGraph(host, devices.value, groupMembers(lvm?.value))] : [];
  });
  return {
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: parts.flatMap(({ edges }) => edges),
    aliases: parts.flatMap(({ aliases = [] }) => aliases),
  };
}

function groupMembers(lvm: Lvm | undefined): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, device, missing } of lvm?.physical ?? []) {
    if (group === '' || missing) continue;
    const members = groups.get(group);
    if (members) members.push(device);
    else groups.set(group, [device]);
  }
  return groups;
}
