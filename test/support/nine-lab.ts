import type { Case } from '../../source/core/recovery.js';
import { askDrbd, LabRun, runOfWay } from './lab-run.js';
import { enterLab, labNodes, leaveLab, onEach, onLab, type LabNode } from './lab.js';
import { Killed } from './mark-host.js';

/** Three machines whose kernel has DRBD 9. */
export const THREE = ['fiori', 'torchio', 'pavone'] as const satisfies readonly [
  LabNode,
  LabNode,
  string,
];

export type Node = (typeof THREE)[number];

/** The resource of the tests, with a volume on each of two whole disks. */
export const NAME = 'hf9';
export const VOLUMES = [
  { minor: 1020, disk: '/dev/vdb' },
  { minor: 1021, disk: '/dev/vdc' },
] as const;

/** What differs from test to test. */
export interface Settings {
  readonly options?: string;
  readonly net?: string;
  /** Takes part without a disk, by intention. */
  readonly tiebreaker?: Node;
}

/** An emulated machine may answer late, which must not look like a lost link. */
const PATIENCE = 'timeout 40; ping-int 5; ping-timeout 40; connect-int 5;';

function config({ options = 'quorum off;', net = '', tiebreaker }: Settings): string {
  const volumes = VOLUMES.map(
    ({ minor, disk }, n) =>
      `volume ${n} { device minor ${minor}; disk ${disk}; meta-disk internal; }`,
  );
  const none = VOLUMES.map((_, n) => `volume ${n} { disk none; }`).join(' ');
  const hosts = THREE.map(
    (node, id) =>
      `on ${node} { node-id ${id}; address 192.0.2.${id + 1}:7090; ${node === tiebreaker ? none : ''} }`,
  );
  return `resource ${NAME} { options { ${options} } net { protocol C; verify-alg crc32c; ${PATIENCE} ${net} } disk { on-io-error detach; c-plan-ahead 0; resync-rate 8M; size 24M; } ${volumes.join(' ')} ${hosts.join(' ')} connection-mesh { hosts ${THREE.join(' ')}; } }`;
}

/** Has three machines with DRBD 9, or says aloud why not. */
export async function enterNine(what: string): Promise<string | false> {
  const nodes = await labNodes();
  const missing = nodes.length > 0 ? THREE.find((node) => !nodes.includes(node)) : undefined;
  if (missing !== undefined) return skipped(what, `the lab has no third machine ${missing}`);
  const why = await enterLab('clean', what);
  if (why !== false) return why;
  const versions = await onEach(THREE, 'modinfo -F version drbd || true');
  const old = versions.find((version) => !version.startsWith('9.'));
  if (old === undefined) return false;
  await leaveLab();
  return skipped(what, `the lab's kernel has DRBD ${old.trim() || 'of its own'}, not 9`);
}

function skipped(what: string, why: string): string {
  console.error(`SKIPPED ${what}: ${why}`);
  return why;
}

/** Writes the configuration on some machines. */
export async function configure(
  settings: Settings = {},
  nodes: readonly Node[] = THREE,
): Promise<void> {
  await onEach(nodes, `echo '${config(settings)}' > /etc/drbd.d/${NAME}.res`);
}

/** drbdadm gives each of its commands five seconds, which an emulated machine may exceed. */
const ADJUST = `for i in $(seq 6); do drbdadm adjust ${NAME} && exit 0; sleep 1; done; exit 1`;

/** Brings what the files say into effect on all three. */
export async function adjust(): Promise<void> {
  await onEach(THREE, ADJUST);
}

/** All connected and UpToDate, and alike in every byte. */
export async function setUp(settings: Settings = {}): Promise<void> {
  await configure(settings);
  const blank = VOLUMES.map(
    ({ disk }) => `dd if=/dev/zero of=${disk} bs=1M count=24 oflag=direct 2>/dev/null`,
  );
  const copies = THREE.filter((node) => node !== settings.tiebreaker);
  await onEach(copies, `${blank.join('; ')}; drbdadm create-md --force ${NAME} >/dev/null 2>&1`);
  await onEach(THREE, `modprobe -a drbd_transport_tcp crc32c; ${ADJUST}`);
  for (const node of THREE) await until(node, 'cstate', 2, 'Connected');
  for (const [n] of VOLUMES.entries()) {
    await onLab('fiori', `drbdadm new-current-uuid --clear-bitmap ${NAME}/${n}`);
  }
  for (const node of copies) await settled(node);
}

/** Waits until so many connections or volumes of a machine are in a state; fails where they never are. */
export async function until(
  node: string,
  what: 'cstate' | 'dstate' | 'role',
  times: number,
  is: string,
): Promise<void> {
  await onLab(
    node,
    `for i in $(seq 180); do [ $(drbdadm ${what} ${NAME} 2>/dev/null | grep -c -e '${is}') -ge ${times} ] && exit 0; sleep 0.5; done; drbdadm status ${NAME}; exit 1`,
  );
}

/** Waits until a machine is connected with all that are there and every copy is UpToDate. */
export async function settled(node: string): Promise<void> {
  await onLab(
    node,
    `for i in $(seq 240); do s=$(drbdadm status ${NAME}); case $s in *connection:*|*Inconsistent*|*Outdated*|*replication:*) ;; *UpToDate*) exit 0;; esac; sleep 0.5; done; echo "$s"; exit 1`,
  );
}

/**
 * Makes it Primary and writes so many MiB on each volume, at a place of its own. udev looks at a device that
 * was written, and holds it open meanwhile.
 */
export async function write(node: string, mib: number, at: number): Promise<void> {
  const lines = VOLUMES.map(
    ({ minor }) =>
      `dd if=/dev/urandom of=/dev/drbd${minor} bs=1M count=${mib} seek=${at} oflag=direct 2>/dev/null`,
  );
  await onLab(node, `drbdadm primary ${NAME} && ${lines.join(' && ')} && udevadm settle`);
}

/** The sum of a side's data as it lies on its disks, past every cache. */
export async function sum(node: string): Promise<string> {
  const reads = VOLUMES.map(
    ({ minor, disk }) =>
      `dd if=${disk} iflag=direct bs=64k count=$(($(cat /sys/block/drbd${minor}/size) / 128)) 2>/dev/null`,
  );
  return (await onLab(node, `sync; { ${reads.join('; ')}; } | sha256sum`)).split(' ')[0] ?? '';
}

/** The sums of all copies. */
export async function sums(nodes: readonly string[] = THREE): Promise<Record<string, string>> {
  const each = await Promise.all(nodes.map(async (node) => [node, await sum(node)] as const));
  return Object.fromEntries(each);
}

/** Asks a recovery about the resource on all three. */
export function ask(id: string, subject: string = NAME): Promise<Case> {
  return askDrbd(id, subject, THREE);
}

/** Carries a way out to its end. */
export async function carryOut(found: Case, value: string): Promise<LabRun> {
  const run = runOfWay(found, value);
  await run.finish();
  return run;
}

/**
 * Carries a run out, its console dying whenever a command of a step has ended, before anything is known of
 * it; locks are taken anew each time.
 *
 * @returns how often it died
 */
export async function carryOutDying(run: LabRun): Promise<number> {
  let left = 0;
  for (let deaths = 0; deaths < 100; deaths += 1) {
    const before = run.commands.length;
    run.left = left;
    try {
      await run.finish();
      return deaths;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    // It must come as far as one command more.
    if (run.commands.length === before) left += 1;
  }
  throw new Error('it never comes to its end');
}
