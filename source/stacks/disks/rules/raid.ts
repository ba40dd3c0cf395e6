import type { Finding } from '../../../core/finding.js';
import { deviceNode } from '../../../core/graph.js';
import type { HostName } from '../../../core/host.js';
import type { Reading } from '../../../core/probe.js';
import { quoteLines } from '../../../core/evidence.js';
import { count, listed } from '../../../core/text.js';
import type { MdArray } from '../read/mdstat.js';
import { make } from './make.js';

/** What is wrong with the arrays of a host. */
export function raidFindings(
  host: HostName,
  arrays: readonly MdArray[],
  reading?: Reading<readonly MdArray[]>,
): readonly Finding[] {
  return arrays.flatMap((array) => {
    const evidence = reading ? quoteLines(reading, linesAbout(array)) : [];
    return arrayFindings(host, array).map((finding) => ({ ...finding, evidence }));
  });
}

function arrayFindings(host: HostName, array: MdArray): readonly Finding[] {
  const { name, active, made, working, members } = array;
  const base = { host, thing: name, about: [deviceNode(host, name)] };
  if (!active) return [inactive(base, array)];
  const failed = members.filter(({ role }) => role === 'failed').map(({ device }) => device);
  if (made !== null && working !== null && working < made) {
    return [degraded(base, array, made - working, failed)];
  }
  if (failed.length === 0) return [];
  return [
    make({
      ...base,
      code: 'RAID_MEMBER_FAILED',
      severity: 'warning',
      title: 'RAID member failed',
      says: `${listed(failed)} of ${name} failed, and another member took over.`,
      means: 'The array is whole, but it has no spare for the next fault.',
      todo: `Take it out (\`mdadm /dev/${name} --remove /dev/${failed[0] ?? ''}\`) and put a new disk in.`,
    }),
  ];
}

type Base = Pick<Parameters<typeof make>[0], 'host' | 'thing' | 'about'> & {
  readonly host: HostName;
};

function degraded(base: Base, array: MdArray, lost: number, failed: readonly string[]): Finding {
  const { name, level, made, working, work } = array;
  const busy = work?.what === 'recovery';
  return make({
    ...base,
    code: 'RAID_DEGRADED',
    severity: 'alert',
    title: 'RAID degraded',
    says: `${name} (${level ?? 'RAID'}) works with ${working ?? 0} of ${count(made ?? 0, 'disk')}${failed.length > 0 ? `: ${listed(failed)} failed` : ''}.`,
    means: busy
      ? 'It is being rebuilt; until that ends another fault may lose the data.'
      : lost > 1
        ? 'It may have nothing left to lose: the next fault can lose the data.'
        : 'Another fault may lose the data, and nothing is being rebuilt.',
    todo: busy
      ? 'Wait, and do not stop or pull anything. See why the disk left: `smartctl -a`, the kernel log.'
      : `See which disk it is and why it left (\`mdadm --detail /dev/${name}\`, \`smartctl -a\`), replace it and add the new one: \`mdadm /dev/${name} --add DEVICE\`.`,
    explains: true,
  });
}

function inactive(base: Base, { name, members }: MdArray): Finding {
  return make({
    ...base,
    code: 'RAID_INACTIVE',
    severity: 'alert',
    title: 'RAID does not run',
    says: `${name} is put together from ${count(members.length, 'disk')} but was not started.`,
    means: 'Too few members were found, or they disagree. What stands on it is not there.',
    todo: `Look before anything is forced: \`mdadm --examine\` of its members says which is newest. Then \`mdadm --run /dev/${name}\`.`,
    explains: true,
  });
}

/** The lines of one array in /proc/mdstat: its own and the indented ones behind it. */
function linesAbout({ name }: MdArray): (line: string) => boolean {
  let ours = false;
  return (line) => {
    if (/^\S/.test(line)) ours = line.startsWith(`${name} :`);
    return ours && line.trim() !== '';
  };
}
