import { reads, type HostName, type Reader } from '../../../../core/host.js';
import { linesOf } from '../../../../core/text.js';
import type { Surroundings } from '../../../../core/wizard.js';
import { DRIVERS, startScript, hookUnit, UNIT_FOLDER } from '../../boot-hook.js';
import { readText } from '../../../../tools/read-text.js';
import { lookAtAll } from '../../look.js';
import { picture, type PoolPicture } from '../../view.js';
import type { NotAsked } from '../pools.js';

/** What a hook needs to know of a host. */
export interface HookHost {
  readonly name: HostName;
  readonly bootId: string;
  /** Null: there is no such file. */
  readonly fstab: string | null;
  /** The driver that is there, and the Python that runs it. */
  readonly driver?: { readonly path: string; readonly text: string; readonly python: string };
  /**
   * Chunkservers that run here. Never a master: one that was away while another was promoted must not
   * be started by a hook; those whose unit is enabled start by themselves.
   */
  readonly services: readonly string[];
  /** Files that a hook of any repository may edit, as they are. */
  readonly files: ReadonlyMap<string, string | null>;
}

/** All that the wizard looked at. */
export interface Found {
  readonly pools: readonly PoolPicture[];
  readonly hosts: ReadonlyMap<HostName, HookHost>;
  readonly notAsked: NotAsked;
  /** Why a host could not be looked at. */
  readonly failures: ReadonlyMap<HostName, string>;
}

const SCRIPT = [
  'echo "boot $(cat /proc/sys/kernel/random/boot_id)"',
  `for f in ${DRIVERS.join(' ')}; do [ -f "$f" ] && { echo "driver $f"; break; }; done`,
  'for p in python3 python2 python; do command -v "$p" >/dev/null 2>&1 && echo "python $p"; done',
  'for s in lizardfs-chunkserver saunafs-chunkserver moosefs-chunkserver mfschunkserver; do [ "$(systemctl is-active "$s" 2>/dev/null)" = active ] && echo "service $s"; done',
  'true',
].join('\n');

/** Looks at the pools and at what hooks are made of. Never rejects. */
export async function look(
  hosts: readonly Reader[],
  { notAsked }: Pick<Surroundings, 'notAsked'>,
): Promise<Found> {
  const now = await lookAtAll(hosts, Date.now);
  const pools = picture(now);
  const repositories = pools.flatMap(({ repositories: all }) => all.map(({ sr }) => sr));
  const files = repositories
    .filter(({ type }) => type === 'file')
    .flatMap(({ uuid }) => [startScript(uuid), `${UNIT_FOLDER}/${hookUnit(uuid)}`]);
  const looked = await Promise.all(hosts.map((host) => lookAtHost(host, files)));
  return {
    pools,
    notAsked,
    hosts: new Map(
      looked.flatMap((one) => (typeof one.host === 'string' ? [] : [[one.name, one.host]])),
    ),
    failures: new Map(
      looked.flatMap((one) => (typeof one.host === 'string' ? [[one.name, one.host]] : [])),
    ),
  };
}

async function lookAtHost(
  host: Reader,
  paths: readonly string[],
): Promise<{ readonly name: HostName; readonly host: HookHost | string }> {
  const { name } = host;
  const outcome = await host.run(reads(['sh', '-c', SCRIPT]));
  if (outcome.kind !== 'exited') return { name, host: outcome.reason };
  const said = linesOf(outcome.stdout).map((line) => line.split(' '));
  const all = (word: string): readonly string[] =>
    said.flatMap(([key, value = '']) => (key === word && value !== '' ? [value] : []));
  const [path] = all('driver');
  const wanted = ['/etc/fstab', ...paths, ...(path === undefined ? [] : [path])];
  const texts = await Promise.all(wanted.map((one) => readText(host, one)));
  const failed = texts.find((one) => 'because' in one);
  if (failed && 'because' in failed) return { name, host: failed.because };
  const files = new Map(
    wanted.map((one, index) => {
      const read = texts[index];
      return [one, read && 'text' in read ? read.text : null] as const;
    }),
  );
  const text = path === undefined ? null : (files.get(path) ?? null);
  const python = text === null ? undefined : pythonFor(text, all('python'));
  return {
    name,
    host: {
      name,
      bootId: all('boot')[0] ?? '',
      fstab: files.get('/etc/fstab') ?? null,
      ...(path !== undefined &&
        text !== null &&
        python !== undefined && { driver: { path, text, python } }),
      services: all('service'),
      files,
    },
  };
}

/** The Python of the driver's first line; where that is not said or not there, what there is. */
function pythonFor(text: string, there: readonly string[]): string | undefined {
  const [, version = ''] = /^#!.*\bpython([23]?)/.exec(text) ?? [];
  const wanted = version === '' ? ['python2', 'python', 'python3'] : [`python${version}`];
  return wanted.find((name) => there.includes(name)) ?? there[0];
}
