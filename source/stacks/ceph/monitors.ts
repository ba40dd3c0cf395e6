import type { NodeId } from '../../core/graph.js';
import type { HostName } from '../../core/host.js';
import { hostByAddress } from '../../core/lookup.js';
import { monitorNode, quorumNode } from './nodes.js';
import type { CephStatus } from './read/status.js';
import type { View } from './view.js';

/** A monitor that is out of the quorum, as `ceph health detail` names it. */
export interface DownMonitor {
  readonly name: string;
  /** Its IP address without port; undefined where the line does not say. */
  readonly address?: string;
}

/** `mon.c (rank 2) addr 10.0.0.3:6789/0 is down`, since Nautilus `addr [v2:10.0.0.3:3300/0,v1:…]`. */
const DOWN = /^mon\.(\S+) \(rank \d+\) addr (\S+) is down/;

/** The monitors that are out of the quorum and known by name. */
export function downMonitors(view: View): readonly DownMonitor[] {
  const check = view.checks.find(({ code }) => code === 'MON_DOWN');
  return (check?.details ?? []).flatMap((line) => {
    const [, name, target] = DOWN.exec(line) ?? [];
    if (name === undefined) return [];
    const address = addressOf(target ?? '');
    return [{ name, ...(address !== undefined && { address }) }];
  });
}

/** `[v2:10.0.0.3:3300/0,v1:…]`, `10.0.0.3:6789/0`, `[fd00::3]:6789/0`: the address. */
function addressOf(target: string): string | undefined {
  const one = target.replace(/^\[(?=v\d:)/, '').split(',')[0] ?? '';
  return /^(?:v\d:)?(\[[^\]]+\]|[0-9.]+):\d+/.exec(one)?.[1];
}

/** The host of ours that a monitor runs on: by its address, else by its name. */
export function hostOfMonitor(view: Pick<View, 'now'>, monitor: DownMonitor): HostName | undefined {
  const byAddress =
    monitor.address === undefined ? undefined : hostByAddress(view.now, monitor.address);
  return byAddress ?? hostByAddress(view.now, monitor.name);
}

/** The nodes of these monitors, or of the quorum where none is known. */
export function monitorsAbout(view: View, monitors: readonly DownMonitor[]): readonly NodeId[] {
  if (monitors.length === 0) return [quorumNode(view.status)];
  return monitors.map(({ name }) => monitorNode(view.status, name));
}

/** How many monitors may still be lost before the quorum is; undefined where it is not known. */
export function spareMonitors(status: CephStatus): number | undefined {
  const { monitors } = status;
  if (monitors?.total == null || monitors.total === 0) return undefined;
  return monitors.inQuorum - (Math.floor(monitors.total / 2) + 1);
}
