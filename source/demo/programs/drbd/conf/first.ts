import type { Fleet } from '../../../fleet/state.js';
import { resourceFile } from '../resource-config.js';

/** The configuration of the first day, of a machine, by path. */
export function firstConf({ drbd }: Fleet, machine: string): Readonly<Record<string, string>> {
  return {
    '/etc/drbd.conf': 'include "drbd.d/global_common.conf";\ninclude "drbd.d/*.res";\n',
    '/etc/drbd.d/global_common.conf': 'global { usage-count no; }\ncommon { }\n',
    ...Object.fromEntries(
      drbd.resources
        .filter(({ replicas }) => replicas.some((side) => side.machine === machine))
        .map((one) => [`/etc/drbd.d/${one.name}.res`, resourceFile(one, machine)]),
    ),
  };
}
