import { defineInspector, type Inspector } from '../../core/inspector.js';
import { RULES_FOR_ONE } from './rules/one-reading.js';
import { getGiSample, parseGetGi, parseShowGi, showGiSample } from './read/generations.js';
import { kernelLogSample, parseKernelLog } from './read/kernel-log.js';
import { parseProcDrbd, procSample } from './read/proc.js';
import { parseStatusJson, statusJsonSample } from './read/status-json.js';

/** Everything of DRBD that `holdfast inspect` reads. */
export const inspectors: readonly Inspector[] = [
  defineInspector({
    id: 'drbd.proc',
    reads: 'cat /proc/drbd',
    sample: procSample,
    parse: parseProcDrbd,
    findings: RULES_FOR_ONE.proc,
  }),
  defineInspector({
    id: 'drbd.status-json',
    reads: 'drbdsetup status --json',
    sample: statusJsonSample,
    parse: parseStatusJson,
    findings: RULES_FOR_ONE.status,
  }),
  defineInspector({
    id: 'drbd.get-gi',
    reads: 'drbdadm get-gi RESOURCE',
    sample: getGiSample,
    parse: parseGetGi,
    findings: () => [],
  }),
  defineInspector({
    id: 'drbd.show-gi',
    reads: 'drbdadm show-gi RESOURCE',
    sample: showGiSample,
    parse: parseShowGi,
    findings: () => [],
  }),
  defineInspector({
    id: 'drbd.kernel-log',
    reads: 'dmesg | grep drbd',
    sample: kernelLogSample,
    parse: parseKernelLog,
    findings: () => [],
  }),
];
