import assert from 'node:assert/strict';
import type { Case } from '../../source/core/recovery.js';
import { imgstorage } from '../../source/stacks/imgstorage/index.js';
import { stuckMapRecovery } from '../../source/stacks/imgstorage/recovery/recovery.js';
import { picture, type Image } from '../../source/stacks/imgstorage/view.js';
import type { Now } from '../../source/core/probe.js';
import { systemClock } from '../../source/engine/clock.js';
import { labHost, LAB_NODES, onBoth, onLab } from './lab.js';
import { readNow } from './lab-now.js';
import { labPlan, LabRun } from './lab-run.js';
import { runOf, WAY } from './storage-map-lab.js';

/*
 * A storage map on volumes of ZFS: torchio is the NAS and fiori the container, each with a pool `tank`. The
 * roll's daemons cannot be had; their database, their account and what they do to devices and volumes are
 * made here, command by command as imgstoragenas.py, imgstoragevm.py and the roll's two scripts do it.
 */

export const SUBJECT = 'torchio:vol1';
/** On both hosts. */
export const VOLUME = 'tank/vol1';
export const TEMP = `${VOLUME}-temp-write`;
export const DEVICE = `/dev/zvol/${VOLUME}`;
export const SNAP = 'vol1-snap';
const MIB = 1024 * 1024;
export const SECTORS = (96 * MIB) / 512;

/** Why the machines have no ZFS; undefined: they have. */
export async function withoutZfs(): Promise<string | undefined> {
  const said = await onBoth('modprobe zfs 2>&1 && zfs version 2>&1 && echo there; true');
  return said.every((text) => text.includes('there'))
    ? undefined
    : 'the machines have no ZFS (docs/real-tests.md)';
}

const ACCOUNT =
  'useradd -r -m -s /bin/sh img-storage; usermod -p "*" img-storage; install -d -o img-storage -m 700 ~img-storage/.ssh';

/** A process of that name and a service around it: what a daemon of the roll is to those who look. */
function daemon(name: string): string {
  const unit = `[Service]\\nExecStart=/opt/rocks/bin/${name}\\n`;
  const program = `#!/bin/sh\\necho $$ >/var/run/${name}.pid\\nexec sleep infinity\\n`;
  return `mkdir -p /opt/rocks/bin /opt/rocks/var; printf '${program}' >/opt/rocks/bin/${name}; chmod 755 /opt/rocks/bin/${name}; printf '${unit}' >/etc/systemd/system/${name}.service; systemctl daemon-reload; systemctl start ${name}`;
}

/** Statements in the roll's database of a host. */
export async function sql(node: string, ...statements: readonly string[]): Promise<string> {
  const program =
    'import sqlite3,sys\nc=sqlite3.connect("/opt/rocks/var/img_storage.db")\nfor s in sys.argv[1:]:\n  for r in c.execute(s): print(r)\nc.commit()';
  const quoted = statements.map((one) => `'${one.replaceAll("'", `'"'"'`)}'`).join(' ');
  return onLab(node, `python3 -c '${program}' ${quoted}`);
}

/** Tables as imgstoragenas.py and imgstoragevm.py make them. */
const TABLES = {
  torchio: [
    'CREATE TABLE zvol_calls(zvol TEXT PRIMARY KEY NOT NULL, reply_to TEXT NOT NULL, time INT NOT NULL)',
    'CREATE TABLE zvols(zvol TEXT PRIMARY KEY NOT NULL, zpool TEXT, iscsi_target TEXT UNIQUE, remotehost TEXT, remotepool TEXT, sync BOOLEAN)',
    'CREATE TABLE zvolattrs(zvol TEXT PRIMARY KEY NOT NULL, frequency INT DEFAULT NULL, nextsync INT DEFAULT NULL, downloadspeed INT DEFAULT NULL, uploadspeed INT DEFAULT NULL)',
    'CREATE TABLE sync_queue(zvol TEXT PRIMARY KEY NOT NULL, zpool TEXT NOT NULL, remotehost TEXT, remotepool TEXT, is_sending BOOLEAN, is_delete_remote BOOLEAN, time INT)',
    'CREATE TABLE globals(attr TEXT PRIMARY KEY NOT NULL, value TEXT)',
  ],
  fiori: [
    'CREATE TABLE zvols(zvol TEXT PRIMARY KEY NOT NULL, zpool TEXT, nas TEXT, iscsi_target TEXT UNIQUE, sync BOOLEAN)',
    'CREATE TABLE sync_queue(zvol TEXT PRIMARY KEY NOT NULL, iscsi_target TEXT UNIQUE, devsize INT, reply_to TEXT, correlation_id TEXT, started BOOLEAN default 0, time INT)',
  ],
} as const;

/** As the roll creates a volume (imgstoragedaemon.py). */
const CREATE = 'zfs create -o primarycache=metadata -o volblocksize=128K';

/** Pools, account, trust, databases, daemons; the image of a NAS that is mapped to nobody, and neighbours of it. */
export async function setUpZfs(): Promise<void> {
  await onBoth(`${ACCOUNT}; zpool create -f tank /dev/vdd`);
  await onLab(
    'torchio',
    `${daemon('img-storage-nas')}; su img-storage -c "ssh-keygen -q -t ed25519 -N '' -f .ssh/id_ed25519" -l; printf 'Host *\\nStrictHostKeyChecking accept-new\\n' >~img-storage/.ssh/config; chown img-storage ~img-storage/.ssh/config`,
  );
  const key = (await onLab('torchio', 'cat ~img-storage/.ssh/id_ed25519.pub')).trim();
  await onLab(
    'fiori',
    `${daemon('img-storage-vm')}; echo '${key}' >~img-storage/.ssh/authorized_keys; systemctl start iscsid`,
  );
  for (const node of LAB_NODES) await sql(node, ...TABLES[node]);
  await onLab(
    'torchio',
    `${CREATE} -V 96M ${VOLUME}; dd if=/dev/urandom of=${DEVICE} bs=1M count=40 oflag=direct 2>/dev/null; zfs create -V 4M tank/vol10; zfs snapshot tank/vol10@theirs; systemctl start tgt`,
  );
  const none = "VALUES('vol1','tank',NULL,NULL,NULL,0)";
  await sql(
    'torchio',
    `INSERT INTO zvols ${none}`,
    `INSERT INTO zvols ${none.replace('vol1', 'vol10')}`,
  );
}

/** What the roll's account is given by hand where no wizard did it. */
export async function delegate(): Promise<void> {
  const words = 'create,destroy,hold,mount,receive,send,snapshot';
  await onBoth(`zfs allow img-storage ${words} tank`);
}

/**
 * Mapped, and written beside for a while: 12 MiB in pieces. The lock is that of a call which nobody answers
 * any more, and the copy to the container was forgotten.
 */
export async function mapBeside(): Promise<void> {
  const target = { target: WAY.target, backing: `/dev/${VOLUME}`, acl: ['192.0.2.1'] };
  await runOf(['torchio', 'iscsi.make-target', target], ['fiori', 'iscsi.log-in', WAY]).finish();
  const disk = `$(readlink -f /dev/disk/by-path/ip-${WAY.portal}-iscsi-${WAY.target}-lun-1)`;
  await onLab(
    'fiori',
    [
      `${CREATE} -V 96M ${VOLUME}; ${CREATE} -V 96M -s ${TEMP}; udevadm settle`,
      `dmsetup create ${SNAP} --table "0 ${SECTORS} snapshot ${disk} /dev/zvol/${TEMP} P 16"`,
      `for i in 3 17 45 71; do dd if=/dev/urandom of=/dev/mapper/${SNAP} bs=1M count=3 seek=$i oflag=direct conv=fsync 2>/dev/null; done; udevadm settle`,
    ].join('; '),
  );
  await sql(
    'torchio',
    `UPDATE zvols SET iscsi_target='${WAY.target}', remotehost='fiori', remotepool='tank', sync=1 WHERE zvol='vol1'`,
    `INSERT INTO zvol_calls VALUES('vol1','amq.gen-gone',strftime('%s','now')-900)`,
  );
  await sql('fiori', `INSERT INTO zvols VALUES('vol1','tank','torchio','${WAY.target}',1)`);
}

export const SENT = 'IMG-STORAGE-5f0e2b34-0000-4000-8000-000000000001';

/** The copy to the container, as snapshot_upload.sh makes it. */
export async function upload(): Promise<void> {
  await onLab(
    'torchio',
    `zfs snap ${VOLUME}@${SENT}; zfs send ${VOLUME}@${SENT} | su img-storage -c "ssh fiori /sbin/zfs receive -F ${VOLUME}"`,
  );
}

/** As `run_sync` ends: merged into the container's own volume, which the device then is, and nothing else. */
export async function workOnCopy(): Promise<void> {
  const reload = (table: string): string =>
    `dmsetup suspend ${SNAP}; dmsetup reload ${SNAP} --table '0 ${SECTORS} ${table}'; dmsetup resume ${SNAP}`;
  await onLab(
    'fiori',
    [
      reload(`snapshot-merge ${DEVICE} /dev/zvol/${TEMP} P 16`),
      `until dmsetup status ${SNAP} | awk '{ split($4, a, "/"); exit a[1] != $5 }'; do sleep 0.3; done`,
      reload(`linear ${DEVICE} 0`),
      `udevadm settle; zfs destroy ${TEMP}; iscsiadm -m node -T ${WAY.target} -u >/dev/null`,
    ].join('; '),
  );
  await onLab('torchio', 'tgtadm --lld iscsi --op delete --mode target --tid 1 --force');
  await sql(
    'torchio',
    "UPDATE zvols SET iscsi_target=NULL WHERE zvol='vol1'",
    'DELETE FROM zvol_calls',
  );
}

/** What the guest writes onto its own copy. */
export async function writeOn(megabytes: number): Promise<void> {
  await onLab(
    'fiori',
    `dd if=/dev/urandom of=/dev/mapper/${SNAP} bs=1M count=${megabytes} seek=60 oflag=direct conv=fsync 2>/dev/null; udevadm settle; zpool sync tank`,
  );
}

/** Unmapped by the roll, whose last copy to the NAS then failed: no device, and the lock stays. */
export async function failToReturn(): Promise<void> {
  await onLab('fiori', `dmsetup remove --retry ${SNAP}`);
  await sql(
    'torchio',
    "INSERT INTO zvol_calls VALUES('vol1','amq.gen-gone',strftime('%s','now')-900)",
  );
}

/** `rocks` as far as a removal asks it, in the words and with the command of `del_zvol` (imgstoragenas.py). */
const ROCKS = `#!/usr/bin/python3
import sqlite3, subprocess, sys
c = sqlite3.connect("/opt/rocks/var/img_storage.db")
verb, zvol, pool = sys.argv[1], sys.argv[-1], sys.argv[-2]
if verb == "list":
    line = "%-20s %-6s %-12s %-12s %-44s %-14s %-8s %-12s %-7s"
    print(line % tuple("ZVOL ZPOOL REMOTEHOST REMOTEPOOL TARGET STATE TIME NEXTSYNC LOCKED".split()))
    for r in c.execute("SELECT zvol, zpool, remotehost, remotepool, iscsi_target FROM zvols"):
        told = [one or "-" * 6 for one in r] + ["mapped" if r[2] else "unmapped"] + ["-" * 6] * 3
        print(line % tuple(told))
elif verb == "remove":
    done = subprocess.run(["zfs", "destroy", pool + "/" + zvol, "-r"], capture_output=True, text=True)
    if done.returncode:
        print("error - Error executing ['zfs', 'destroy']: " + done.stderr.strip(), file=sys.stderr)
        sys.exit(1)
    c.execute("DELETE FROM zvols WHERE zvol = ?", [zvol])
    c.commit()
`;

/** A command `rocks` on the NAS, for what is done through the roll itself. */
export async function installRocks(): Promise<void> {
  const outcome = await labHost('torchio').run({
    argv: ['sh', '-c', 'cat >/opt/rocks/bin/rocks; chmod 755 /opt/rocks/bin/rocks'],
    ...{ effect: 'changes', deadline: 30_000, input: ROCKS },
  });
  assert.equal(outcome.kind === 'exited' && outcome.code, 0);
}

const hosts = new Map(LAB_NODES.map((node) => [node, labHost(node)] as const));

/** What the guide says of the image, from the machines as they are. */
export async function gathered(): Promise<Case> {
  return stuckMapRecovery(() => systemClock.now()).gather(SUBJECT, hosts);
}

/** The run of a way out of what the guide found. */
export function wayOut(found: Case, value: string): LabRun {
  const way = found.ways.find((one) => one.value === value);
  assert.ok(way, `${found.verdict} has no way ${value}: ${found.happened}`);
  const drafted = way.plan({ keepCopy: false });
  assert.ok(drafted.ok, JSON.stringify(drafted));
  return new LabRun(labPlan(drafted.draft, 'imgstorage.stuck'));
}

/** All that the stack sees at this moment, and the image in it. */
export async function seen(): Promise<{ readonly now: Now; readonly image: Image }> {
  const now = await readNow(imgstorage, LAB_NODES);
  const image = picture(now).images.find(({ subject }) => subject === SUBJECT);
  assert.ok(image, 'the stack does not see the image');
  return { now, image };
}

/** The names of all data sets of a host but the pool's own. */
export async function sets(node: string): Promise<readonly string[]> {
  const text = await onLab(node, 'zfs list -H -t all -o name');
  return text.split('\n').filter((name) => name !== '' && name !== 'tank');
}
