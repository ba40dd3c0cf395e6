import type { Finding } from '../../core/finding.js';
import type { Now } from '../../core/probe.js';
import { daemonFindings, guestFindings, networkFindings } from './rules/others.js';
import { poolFindings } from './rules/pools.js';
import { hostViews, type HostView } from './view.js';

/** All that is wrong with libvirt on all hosts. */
export function diagnose(now: Now): readonly Finding[] {
  return hostViews(now).flatMap(hostFindings);
}

/** What is wrong on one host. */
export function hostFindings(view: HostView): readonly Finding[] {
  const { pools, networks, guests } = view.report;
  return [
    ...daemonFindings(view),
    ...pools.flatMap((pool) => poolFindings(view, pool)),
    ...networks.flatMap((network) => networkFindings(view, network)),
    ...guests.flatMap((guest) => guestFindings(view, guest)),
  ];
}
