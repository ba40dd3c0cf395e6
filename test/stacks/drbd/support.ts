import type { Reader } from '../../../source/core/host.js';
import { Now, type HostState, type Reading } from '../../../source/core/probe.js';
import { drbd } from '../../../source/stacks/drbd/index.js';

/** What a host prints for the commands whose words contain the key; nothing else is installed. */
export type Answers = Readonly<Record<string, string | { code: number; stderr: string }>>;

/** A host that answers from a table. */
export function answering(name: string, answers: Answers): Reader {
  return {
    name,
    run: ({ argv }) => {
      const line = argv.join(' ');
      const found = Object.entries(answers).find(([words]) => line.includes(words))?.[1];
      if (found === undefined) {
        return Promise.resolve({ kind: 'exited', code: 127, stdout: '', stderr: 'not found\n' });
      }
      return Promise.resolve(
        typeof found === 'string'
          ? { kind: 'exited', code: 0, stdout: found, stderr: '' }
          : { kind: 'exited', code: found.code, stdout: '', stderr: found.stderr },
      );
    },
  };
}

const AT = Date.UTC(2026, 10, 20, 14, 2, 11);

/** All that the probes read from these hosts; hosts named in `dead` answered once, and are down now. */
export async function nowOf(
  hosts: Readonly<Record<string, Answers>>,
  dead: readonly string[] = [],
): Promise<Now> {
  const readings: Reading<unknown>[] = [];
  for (const probe of drbd.probes) {
    for (const [host, answers] of Object.entries(hosts)) {
      const answer = await probe.read(answering(host, answers));
      const base = { probe, host, asked: [], at: AT };
      if (answer.kind !== 'value') readings.push({ ...base, ...answer });
      else if (dead.includes(host)) {
        const failure = { what: 'no answer', where: host, means: '', todo: '' };
        const { value, unread } = answer;
        readings.push({ ...base, kind: 'stale', value, unread, failure, failedAt: AT });
      } else readings.push({ ...base, kind: 'fresh', value: answer.value, unread: answer.unread });
    }
  }
  return new Now(
    AT,
    Object.keys(hosts).map((name) => stateOf(name, dead.includes(name))),
    readings,
  );
}

function stateOf(name: string, down: boolean): HostState {
  return { name, target: `root@${name}`, phase: down ? 'down' : 'up', since: AT, stacks: ['drbd'] };
}

/** The codes that a moment gives, sorted. */
export function codes(now: Now): readonly string[] {
  return drbd
    .diagnose(now)
    .map(({ code }) => code)
    .sort();
}

/** `/proc/drbd` of 8.4 with these device lines. */
export function proc84(...devices: readonly string[]): string {
  const counters = '    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0';
  return [
    'version: 8.4.11 (api:1/proto:86-101)',
    'srcversion: F73C670A7EC572DB9CF3E5B ',
    ...devices.flatMap((device) => [device, counters]),
    '',
  ].join('\n');
}

/** `drbdsetup show` for one volume. */
export function shown(name: string, minor = 0): string {
  return `resource ${name} {\n    _this_host {\n        volume 0 {\n            device\tminor ${minor};\n            disk\t"/dev/vdb";\n        }\n    }\n}\n`;
}
