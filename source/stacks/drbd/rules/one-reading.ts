import type { Finding } from '../../../core/finding.js';
import { Now, type Reading } from '../../../core/probe.js';
import { diagnose } from '../diagnose.js';
import { devicesProbe, type Devices } from '../probes.js';
import type { ProcDrbd } from '../read/proc.js';
import type { Status } from '../read/status-json.js';

/** The name that stands for the host of a captured output. */
const HERE = 'this host';

/** The rules as they judge one output alone: the same ones, with nothing else known. */
export const RULES_FOR_ONE = {
  proc: (proc: ProcDrbd): readonly Finding[] => judge({ proc, status: null }),
  status: (status: Status): readonly Finding[] =>
    judge({ proc: { version: null, devices: [], transports: [] }, status }),
};

function judge(value: Devices): readonly Finding[] {
  const reading: Reading<Devices> = {
    probe: devicesProbe,
    host: HERE,
    asked: [],
    kind: 'fresh',
    at: 0,
    value,
    unread: [],
  };
  return diagnose(new Now(0, [], [reading]));
}
