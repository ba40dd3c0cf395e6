import { defineInspector, type Inspector } from '../../core/inspector.js';
import { parseStatus, statusSample } from './status.js';

/** What `holdfast inspect` can read of Proxmox. */
export const inspectors: readonly Inspector[] = [
  defineInspector({
    id: 'proxmox.status',
    reads: 'pvesm status',
    sample: statusSample,
    parse: parseStatus,
    findings: () => [],
  }),
];
