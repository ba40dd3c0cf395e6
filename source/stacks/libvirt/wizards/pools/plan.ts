import type { Fault } from '../../../../core/form.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { Basis } from '../../../../core/plan.js';
import { clean, listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { atBoot, liesIn, missingMount, mountOf } from '../../storage.js';
import { guestsIn } from '../../view.js';
import { chosenHosts, DEFAULT, hostFaults, type AbleHost, type KvmHost } from '../hosts.js';
import { pathOf, type PoolAnswer, type PoolsAnswers } from './answers.js';

/** As libvirt makes the folder of a pool: others may go through it, and not look. */
const MODE = '711';

/** The plan: on each host each pool made, its folder before it; libvirt's own pool goes last. */
export function plan(found: readonly KvmHost[], answers: PoolsAnswers): Drafted {
  const hosts = chosenHosts(found, answers.hosts);
  const faults = [
    ...hostFaults(found, answers.hosts),
    ...tableFaults(answers),
    ...hosts.flatMap((host) => [...poolFaults(host, answers), ...defaultFaults(host, answers)]),
  ];
  if (faults.length > 0) return { ok: false, faults: once(faults) };
  const steps = new Steps();
  for (const host of hosts) {
    for (const pool of answers.pools) addPool(steps, host, pool);
    if (answers.dropDefault) dropDefault(steps, host);
  }
  const names = answers.pools.map(({ name }) => name);
  const title = names.length > 0 ? `Storage pools ${listed(names)}` : `No pool ${DEFAULT}`;
  return {
    ok: true,
    draft: {
      title: `${title} on ${listed(hosts.map(({ name }) => name))}`,
      steps: steps.list,
      basis: hosts.flatMap((host) => basisOf(host, answers)),
      confirmations: [],
      loses: [],
      putBack:
        'The pools that were made are stopped and taken out of libvirt, and the pool that was taken out is defined again. No image is touched either way.',
      warnings: hosts.flatMap((host) => warningsOf(host, answers)),
    },
  };
}

/** A fault that all hosts have alike is told once. */
function once(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.key} ${fault.says}`, fault])).values()];
}

function addPool(steps: Steps, { name: host, report }: AbleHost, pool: PoolAnswer): void {
  const path = pathOf(pool);
  const within = pool.mount === '/' ? null : pool.mount;
  const { name } = pool;
  if (path !== pool.mount) {
    steps.add(host, 'file.make-folder', { path, mode: MODE, ...(within !== null && { within }) });
  }
  const there = report.pools.find((one) => one.name === name);
  steps.add(host, 'libvirt.define-pool', { name, path });
  steps.add(host, 'libvirt.start', { thing: 'pool', name, folder: { path, within } });
  if (pool.autostart && there?.autostart !== true) {
    steps.add(host, 'libvirt.autostart', { thing: 'pool', name });
  }
}

function dropDefault(steps: Steps, { name: host, report, defaultXml }: AbleHost): void {
  const there = report.pools.find(({ name }) => name === DEFAULT);
  if (!there || defaultXml === undefined) return;
  const { state, autostart } = there;
  const was = { active: state === 'running', autostart };
  steps.add(host, 'libvirt.forget', { thing: 'pool', name: DEFAULT, xml: defaultXml, ...was });
}

/** The guests whose disks lie in libvirt's own pool. */
export function defaultGuests({ report }: AbleHost): readonly string[] {
  const own = report.pools.find(({ name }) => name === DEFAULT);
  return own ? guestsIn(report, own).map(({ name }) => name) : [];
}

function tableFaults({ pools, dropDefault: drop }: PoolsAnswers): readonly Fault[] {
  const twins = pools.flatMap((pool, at): Fault[] => {
    const before = pools.slice(0, at);
    if (before.some(({ name }) => name === pool.name)) {
      return [{ key: `pools.${at}.name`, says: `${pool.name} stands twice` }];
    }
    const same = before.find((one) => pathOf(one) === pathOf(pool));
    return same ? [{ key: `pools.${at}.folder`, says: `${same.name} has the same folder` }] : [];
  });
  const clash = pools.flatMap(({ name }, at): Fault[] =>
    drop && name === DEFAULT
      ? [{ key: `pools.${at}.name`, says: `${DEFAULT} is the pool that is to be taken away` }]
      : [],
  );
  const nothing =
    pools.length === 0 && !drop ? [{ key: 'pools', says: 'name at least one pool' }] : [];
  return [...twins, ...clash, ...nothing];
}

function poolFaults({ name: host, report }: AbleHost, answers: PoolsAnswers): readonly Fault[] {
  return answers.pools.flatMap((pool, at): Fault[] => {
    const path = pathOf(pool);
    const says = (key: string, what: string): Fault => ({
      key: `pools.${at}.${key}`,
      says: `${host}: ${what}`,
    });
    const mount = mountOf(report, path);
    if (!report.mounts.some(({ point }) => point === pool.mount)) {
      return [says('mount', `nothing is mounted at ${pool.mount}`)];
    }
    const missing = missingMount(report, path);
    if (missing) return [says('folder', `${missing.target} is in fstab and not mounted`)];
    if (mount && mount.point !== pool.mount) {
      return [says('folder', `it lies on what is mounted at ${mount.point}: choose that`)];
    }
    if (mount?.options.includes('ro')) return [says('mount', `${pool.mount} is read-only`)];
    const named = report.pools.find(({ name }) => name === pool.name);
    if (named && (named.type !== 'dir' || named.target !== path)) {
      return [says('name', `there is another pool ${pool.name} (${clean(named.target)})`)];
    }
    const dropped = answers.dropDefault ? DEFAULT : undefined;
    const twin = report.pools.find(
      ({ name, target }) => name !== pool.name && name !== dropped && target === path,
    );
    if (twin) return [says('folder', `${path} is the pool ${clean(twin.name)} already`)];
    const boot = atBoot(report, path);
    if (pool.autostart && !boot.there) return [says('autostart', clean(boot.because))];
    return [];
  });
}

/** A guest whose disk is named by the pool could not start any more. */
function defaultFaults({ name, report }: AbleHost, answers: PoolsAnswers): readonly Fault[] {
  if (!answers.dropDefault) return [];
  const needing = report.guests.filter(({ disks }) =>
    disks.some(({ sources }) =>
      sources.some((source) => source.kind === 'volume' && source.pool === DEFAULT),
    ),
  );
  if (needing.length === 0) return [];
  const guests = clean(listed(needing.map((guest) => guest.name)));
  return [{ key: 'dropDefault', says: `${name}: the disks of ${guests} are named by this pool` }];
}

function warningsOf(host: AbleHost, { pools, dropDefault: drop }: PoolsAnswers): readonly string[] {
  const { name, report } = host;
  const late = pools.flatMap((pool): string[] => {
    const boot = atBoot(report, pathOf(pool));
    if (boot.there || pool.autostart) return [];
    return [
      `${name}: ${clean(boot.because)}. After a boot: mount it, then virsh pool-start ${pool.name}.`,
    ];
  });
  const root = pools
    .filter(({ mount }) => mount === '/')
    .map((pool) => `${name}: ${pool.name} lies on the root file system; full, it stops the host.`);
  const there = pools
    .filter((pool) => report.pools.some((one) => one.name === pool.name))
    .map((pool) => `${name}: the pool ${pool.name} is there already: what it lacks is done.`);
  const nested = pools.flatMap((pool) => {
    const inner = report.pools.find(
      (one) => one.name !== pool.name && one.target !== '' && liesIn(pathOf(pool), one.target),
    );
    return inner && !(drop && inner.name === DEFAULT)
      ? [`${name}: ${pathOf(pool)} lies within the pool ${clean(inner.name)}.`]
      : [];
  });
  return [...late, ...root, ...there, ...nested];
}

/** Another file system at the mount point makes the plan stale. */
function basisOf({ name: host, report }: AbleHost, { pools }: PoolsAnswers): readonly Basis[] {
  const points = [...new Set(pools.map(({ mount }) => mount))];
  return points.flatMap((point): Basis[] => {
    const mount = mountOf(report, point);
    if (!mount) return [];
    const argv = ['awk', '-v', `p=${point}`, MOUNTED, '/proc/self/mountinfo'];
    return [{ host, says: `what is mounted at ${point}`, argv, expect: mount.type }];
  });
}

/** The type of the uppermost mount at a point; its fields end with a dash of their own. */
const MOUNTED =
  '$5 == p { for (i = 6; i <= NF; i++) if ($i == "-") { t = $(i + 1); break } } END { print t }';
