import { reads, type Command } from '../../../core/host.js';
import type { Probe } from '../../../core/probe.js';
import { ask } from '../../../core/tool.js';
import { parseTargets, type IscsiTarget } from '../../../tools/tgt-targets.js';
import { whereRole } from './role.js';

/** What tgtd serves, and who is logged in. */
export function targetsCommand(): Command<'reads'> {
  return reads(['tgtadm', '--lld', 'iscsi', '--mode', 'target', '--op', 'show']);
}

/** The targets of each NAS. */
export const targetsProbe: Probe<readonly IscsiTarget[]> = {
  id: 'imgstorage.targets',
  title: 'iSCSI targets',
  every: 5000,
  scope: 'host',
  read: (host) =>
    whereRole(host, ['nas'], ask(host, { command: targetsCommand, parse: parseTargets })),
};
