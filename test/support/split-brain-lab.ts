import assert from 'node:assert/strict';
import type { Case, WayOut } from '../../source/core/recovery.js';
import type { JournalLine } from '../../source/core/journal.js';
import { StepKinds } from '../../source/core/step.js';
import type { Draft } from '../../source/core/wizard.js';
import { systemClock } from '../../source/engine/clock.js';
import { makePlan } from '../../source/engine/run/make-plan.js';
import { withSecrets } from '../../source/engine/run/run-secrets.js';
import { runState } from '../../source/engine/run/run-state.js';
import { runPlan, type RunEnd } from '../../source/engine/run/runner.js';
import { drbd } from '../../source/stacks/drbd/index.js';
import { generalSteps } from '../../source/steps/index.js';
import { storageProtection } from '../../source/tools/protection.js';
import { LAB_NODES, labHost, onBoth, onLab } from './lab.js';
import { lasting } from './run-host.js';

/** A resource of the test: on a plain disk, which may be Primary twice, or on a logical volume. */
export interface LabResource {
  readonly name: 'hfplain' | 'hflvm';
  readonly minor: number;
  readonly backing: string;
}

export const plain: LabResource = { name: 'hfplain', minor: 20, backing: '/dev/vdb' };
export const lvm: LabResource = { name: 'hflvm', minor: 21, backing: '/dev/hfvg/data' };

/** The disk of each machine that carries the volume group. */
const LVM_DISK: Readonly<Record<string, string>> = { fiori: '/dev/vdd', torchio: '/dev/vdc' };

function config({ name, minor, backing }: LabResource, more = ''): string {
  const two = name === 'hfplain' ? 'allow-two-primaries yes;' : '';
  const on = (host: string, address: string) =>
    `on ${host} { device /dev/drbd${minor}; disk ${backing}; address ${address}:${7700 + minor}; meta-disk internal; }`;
  return `resource ${name} { net { protocol C; ${two} ${more} ping-int 1; connect-int 3; } disk { c-plan-ahead 0; resync-rate 4M; size 32768s; } ${on('fiori', '192.0.2.1')} ${on('torchio', '192.0.2.2')} }`;
}

/** Writes the configuration of a resource on one machine. */
export async function configure(node: string, resource: LabResource, more = ''): Promise<void> {
  const file = `/etc/drbd.d/${resource.name}.res`;
  await onLab(node, `cat > ${file} <<'X'\n${config(resource, more)}\nX`);
}

/** Makes both resources; their disks are blank first, so that the sides agree in every byte. */
export async function setUp(): Promise<void> {
  const makeOne = async (node: string): Promise<void> => {
    await configure(node, plain);
    await configure(node, lvm);
    const disk = LVM_DISK[node] ?? '';
    await onLab(
      node,
      `pvcreate -q -y ${disk} && vgcreate -q hfvg ${disk} && lvcreate -q -y -n data -L 24M hfvg && dd if=/dev/zero of=/dev/hfvg/data bs=1M count=24 oflag=direct; dd if=/dev/zero of=/dev/vdb bs=1M count=20 oflag=direct`,
    );
  };
  await Promise.all(LAB_NODES.map(makeOne));
  const each = [plain, lvm].map(
    ({ name }) => `drbdadm create-md --force ${name}; drbdadm up ${name}`,
  );
  await onBoth(`{ ${each.join('; ')}; } >/dev/null 2>&1; true`);
  for (const { name } of [plain, lvm]) {
    await onLab(
      'fiori',
      `drbdadm wait-connect ${name}; drbdadm new-current-uuid --clear-bitmap ${name}`,
    );
  }
}

/** Parts the sides; each becomes Primary and writes so many MiB at a place of its own. */
export async function part(
  { name, minor }: LabResource,
  mib: Readonly<Record<string, number>>,
): Promise<void> {
  await onBoth(`drbdadm disconnect ${name} 2>/dev/null; ${standsAlone(name)}`);
  const write = async (node: string, index: number): Promise<void> => {
    const n = mib[node] ?? 0;
    const dd = `dd if=/dev/urandom of=/dev/drbd${minor} bs=1M count=${n} seek=${1 + 7 * index} oflag=direct 2>/dev/null`;
    await onLab(node, `drbdadm primary ${name}; ${n > 0 ? dd : 'true'}`);
  };
  await Promise.all(LAB_NODES.map(write));
}

/**
 * Lets the sides meet again, until DRBD has refused. By chance one of them stays waiting, so what
 * waits is disconnected: each shape is made on purpose.
 */
export async function meet({ name }: LabResource): Promise<void> {
  await onBoth(`drbdadm connect ${name}`);
  await Promise.any(LAB_NODES.map((node) => onLab(node, standsAlone(name))));
  await onBoth(`drbdadm disconnect ${name} 2>/dev/null; ${standsAlone(name)}`);
}

function standsAlone(name: string): string {
  return `for i in $(seq 60); do [ $(drbdadm cstate ${name}) = StandAlone ] && exit 0; sleep 0.5; done; exit 1`;
}

/** Both sides Secondary and connected, whatever was before. */
export async function calm({ name }: LabResource): Promise<void> {
  await onBoth(`drbdadm secondary ${name}`);
  await onBoth(
    `for i in $(seq 60); do [ $(drbdadm dstate ${name}) = UpToDate/UpToDate ] && exit 0; sleep 0.5; done; exit 1`,
  );
}

/** The sum of a side's data as it lies on the disk, past every cache. */
export async function sum(node: string, { minor }: LabResource, from: string): Promise<string> {
  const said = await onLab(
    node,
    `s=$(($(cat /sys/block/drbd${minor}/size) * 512)); sync; dd if=${from} iflag=direct bs=64k 2>/dev/null | head -c $s | sha256sum`,
  );
  return said.split(' ')[0] ?? '';
}

/** Asks a recovery about a resource. */
export async function ask(subject: string, id = 'drbd.split-brain'): Promise<Case> {
  const recovery = drbd.recoveries?.find((known) => known.id === id);
  assert.ok(recovery);
  return recovery.gather(subject, new Map(LAB_NODES.map((name) => [name, labHost(name)])));
}

export interface Ran {
  readonly end: RunEnd;
  readonly commands: readonly string[];
  readonly progress: readonly string[];
  readonly journal: string;
}

export const LAB_SECRET = 'made-for-the-lab';

/** Makes a plan of a way out and carries it out. */
export async function run(way: WayOut, keepCopy: boolean): Promise<Ran> {
  const drafted = way.plan({ keepCopy });
  assert.ok(drafted.ok, JSON.stringify(drafted));
  return carryOut(drafted.draft);
}

/** Carries a plan out; each secret that it makes is `made-for-the-lab`. */
export async function carryOut(draft: Draft): Promise<Ran> {
  const about = {
    cluster: 'lab',
    madeBy: 'test@here',
    origin: { kind: 'recovery', id: 'drbd.split-brain', answers: {} },
  } as const;
  const plan = makePlan(draft, about, systemClock);
  const lines: JournalLine[] = [];
  const at = new Date().toISOString();
  const state = runState([{ at, kind: 'begun', run: plan.id, by: 'test@here', plan }]);
  assert.ok(state);
  const secrets = new Map(draft.secrets?.map(({ name }) => [name, LAB_SECRET]));
  const commands: string[] = [];
  const progress: string[] = [];
  const end = await runPlan(state, {
    kinds: new StepKinds([...generalSteps, ...(drbd.steps ?? [])]),
    protection: storageProtection([]),
    host: (name) => {
      const host = labHost(name, (line) => commands.push(line));
      return Promise.resolve(lasting(withSecrets(host, secrets)));
    },
    journal: {
      write: (line) => Promise.resolve(void lines.push(line)),
      close: () => Promise.resolve(),
    },
    clock: systemClock,
    by: 'test@here',
    signal: new AbortController().signal,
    tell: (event) => {
      if (event.kind === 'progress') progress.push(event.progress.says);
    },
  });
  // A run that failed keeps its lock; the next shape has to begin without it.
  await onBoth('rm -rf /run/holdfast.lock');
  return { end, commands, progress, journal: JSON.stringify(lines) };
}
