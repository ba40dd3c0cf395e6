import type { CheckWords } from './check-words.js';

/** Checks about monitors, managers, pools, keys, devices, file systems and the orchestrator. */
export const daemonChecks: Readonly<Record<string, CheckWords>> = {
  MON_DOWN: {
    title: 'monitor down',
    place: 'monitors',
    means: 'A monitor is out of the quorum. The others go on while they are more than half of all.',
    todo: 'On its host: `systemctl status ceph-mon@NAME`; look at its disk space and its clock.',
  },
  MON_CLOCK_SKEW: {
    title: 'monitor clocks apart',
    place: 'monitors',
    means:
      'The clocks of the monitors differ by more than 0.05 s. Leases fail beyond that, and monitors drop out of the quorum.',
    todo: "Look at chrony or ntpd on the monitors' hosts; `ceph time-sync-status` shows by how much.",
  },
  MON_DISK_LOW: {
    title: "Monitor's disk filling up",
    place: 'monitors',
    means:
      "Less than 30 % of the file system of a monitor's store is free. At 5 % the monitor is in danger.",
    todo: 'Free space on that file system (logs, often); see what fills /var/lib/ceph/mon.',
  },
  MON_DISK_CRIT: {
    title: "Monitor's disk nearly full",
    place: 'monitors',
    raise: 'alert',
    means:
      "Less than 5 % of the file system of a monitor's store is free. Without space the monitor stops.",
    todo: 'Free space on that file system now (logs, old packages), before the monitor stops.',
  },
  MON_DISK_BIG: {
    title: "Monitor's store very large",
    place: 'monitors',
    means: 'The store grew beyond 15 GiB, mostly because placement groups were not clean for long.',
    todo: 'Get the cluster clean; then `ceph tell mon.NAME compact`.',
  },
  MON_MSGR2_NOT_ENABLED: {
    title: 'monitors without the newer protocol',
    place: 'monitors',
    means: 'Monitors do not listen on port 3300, so that nothing can speak the encrypted protocol.',
    todo: '`ceph mon enable-msgr2`, and open port 3300.',
  },
  MGR_DOWN: {
    title: 'no active manager',
    place: 'manager',
    means:
      'Data is served as before. Placement groups, usage and rates are not gathered any more: what is shown of them stands still.',
    todo: "On a manager's host: `systemctl status ceph-mgr@NAME`, then start it. Keep a second one as a standby.",
  },
  MGR_MODULE_DEPENDENCY: {
    title: 'manager module lacks something',
    place: 'manager',
    means:
      'A module that is switched on cannot be loaded, often for a missing package after an update.',
    todo: '`ceph health detail` names it; install what it lacks or `ceph mgr module disable NAME`.',
  },
  MGR_MODULE_ERROR: {
    title: 'manager module failed',
    place: 'manager',
    means:
      'A module stopped with an error. Data is served as before; what the module does is not done.',
    todo: '`ceph health detail` says why; `ceph mgr fail` starts the modules again on a standby.',
  },
  MGR_PROGRESS_MODULE: {
    title: 'manager module failed',
    place: 'manager',
    means: 'The module that reports progress stopped with an error.',
    todo: '`ceph health detail` says why; `ceph mgr fail` starts the modules again on a standby.',
  },
  AUTH_INSECURE_GLOBAL_ID_RECLAIM: {
    title: 'clients reconnect in the old, unsafe way',
    place: 'cluster',
    means:
      'Clients older than CVE-2021-20288 are connected; their sessions could be taken over by someone on the network.',
    todo: '`ceph health detail` names them; update them.',
  },
  AUTH_INSECURE_GLOBAL_ID_RECLAIM_ALLOWED: {
    title: 'old, unsafe reconnects are allowed',
    place: 'cluster',
    means: 'The monitors still let clients reconnect in the way of before CVE-2021-20288.',
    todo: 'When no old client is left: `ceph config set mon auth_allow_insecure_global_id_reclaim false`.',
  },
  AUTH_BAD_CAPS: {
    title: 'keys with rights that cannot be read',
    place: 'cluster',
    means:
      'Rights of some keys are written in a way the monitors do not understand, so that these clients may be refused.',
    todo: '`ceph health detail` names them; `ceph auth caps` writes them anew.',
  },
  DAEMON_OLD_VERSION: {
    title: 'daemons of an older release',
    place: 'cluster',
    means: 'Some daemons still run an older release, for longer than an upgrade takes.',
    todo: '`ceph versions` shows which; restart or update them.',
  },
  POOL_FULL: {
    title: 'pool full',
    place: 'pools',
    raise: 'alert',
    means: 'The pool is at its quota, or its OSDs are full: writes to it hang or fail.',
    todo: 'Free space in it, or raise the quota with `ceph osd pool set-quota`. If OSDs are full, see to them first.',
  },
  POOL_NEAR_FULL: {
    title: 'pool nearly full',
    place: 'pools',
    means: 'The pool comes near its quota; at the quota writes to it stop.',
    todo: 'Free space in it, or raise the quota with `ceph osd pool set-quota`.',
  },
  POOL_NEARFULL: {
    title: 'pool on nearly full OSDs',
    place: 'pools',
    means: 'OSDs that the pool uses are nearly full; when one is full, writes to the pool stop.',
    todo: 'Free space or add OSDs; `ceph osd df tree` shows the fullest.',
  },
  POOL_BACKFILLFULL: {
    title: 'pool on OSDs too full to take copies',
    place: 'pools',
    means: 'Lost copies of the pool may not be made again for lack of space.',
    todo: 'Free space or add OSDs; `ceph osd df tree` shows the fullest.',
  },
  POOL_APP_NOT_ENABLED: {
    title: 'pool without an application',
    place: 'cluster',
    means:
      'The pool is not marked for what uses it (rbd, cephfs, rgw). It works; clients with narrow rights may be refused.',
    todo: '`ceph osd pool application enable POOL rbd` for a pool of disk images.',
  },
  POOL_NO_REDUNDANCY: {
    title: 'pool without a second copy',
    place: 'cluster',
    means: 'The pool keeps one copy: a lost disk is lost data.',
    todo: '`ceph osd pool set POOL size 3`, if the data matters.',
  },
  POOL_TOO_FEW_PGS: {
    title: 'pool with too few placement groups',
    place: 'cluster',
    means: 'The data lies unevenly on the OSDs.',
    todo: '`ceph osd pool autoscale-status` shows a better number.',
  },
  POOL_TOO_MANY_PGS: {
    title: 'pool with too many placement groups',
    place: 'cluster',
    means: 'Placement groups cost memory and make peering slow.',
    todo: '`ceph osd pool autoscale-status` shows a better number.',
  },
  POOL_PG_NUM_NOT_POWER_OF_TWO: {
    title: 'uneven number of placement groups',
    place: 'cluster',
    means: 'The number is no power of two, so that some groups are twice as large as others.',
    todo: '`ceph osd pool set POOL pg_num` to the next power of two.',
  },
  TOO_FEW_PGS: {
    title: 'too few placement groups',
    place: 'cluster',
    means: 'The data lies unevenly on the OSDs.',
    todo: '`ceph osd pool autoscale-status` shows better numbers.',
  },
  TOO_MANY_PGS: {
    title: 'too many placement groups',
    place: 'cluster',
    means: 'More groups to each OSD than is good: memory, and slow peering after a loss.',
    todo: '`ceph osd pool autoscale-status` shows better numbers.',
  },
  TOO_FEW_OSDS: {
    title: 'too few OSDs',
    place: 'cluster',
    means: 'There are fewer OSDs than a pool wants copies: full redundancy cannot be reached.',
    todo: 'Add OSDs, or lower the size of the pools knowingly.',
  },
  CACHE_POOL_NEAR_FULL: {
    title: 'cache tier nearly full',
    place: 'cluster',
    means: 'The cache pool comes near its target; flushing may block clients.',
    todo: 'Raise target_max_bytes, or give the cache more space.',
  },
  DEVICE_HEALTH: {
    title: 'disk expected to fail',
    place: 'cluster',
    means: 'By its own health data a disk is likely to fail soon.',
    todo: '`ceph device ls` shows it; plan its replacement.',
  },
  RECENT_CRASH: {
    title: 'A daemon crashed lately',
    place: 'cluster',
    means:
      'A daemon crashed in the last two weeks and nobody has acknowledged it. It may run again.',
    todo: '`ceph crash ls-new`, `ceph crash info ID`; then `ceph crash archive ID`.',
  },
  RECENT_MGR_MODULE_CRASH: {
    title: 'A manager module crashed lately',
    place: 'cluster',
    means: 'A module of the manager crashed in the last two weeks and nobody has acknowledged it.',
    todo: '`ceph crash ls-new`, `ceph crash info ID`; then `ceph crash archive ID`.',
  },
  MDS_ALL_DOWN: {
    title: 'CephFS without a server',
    place: 'cluster',
    raise: 'alert',
    means:
      'No metadata server is active: every access to this file system hangs. Disk images are not concerned.',
    todo: 'On its hosts: `systemctl status ceph-mds@NAME`; `ceph fs status` shows the rest.',
  },
  FS_DEGRADED: {
    title: 'CephFS degraded',
    place: 'cluster',
    means: 'A metadata server is lost or not yet ready; parts of the file system may hang.',
    todo: '`ceph fs status` shows which rank; look at its server.',
  },
  MDS_INSUFFICIENT_STANDBY: {
    title: 'CephFS without a standby',
    place: 'cluster',
    means: 'Fewer standby servers than wanted: if the active one is lost, nothing takes over.',
    todo: 'Start another ceph-mds.',
  },
  CEPHADM_FAILED_DAEMON: {
    title: 'A daemon failed',
    place: 'cluster',
    means: 'cephadm found a daemon that should run and does not.',
    todo: '`ceph orch ps` shows it; `cephadm logs --name NAME` on its host says why.',
  },
  CEPHADM_HOST_CHECK_FAILED: {
    title: 'host not fit for cephadm',
    place: 'cluster',
    means: 'cephadm cannot reach a host, or the host lacks something it needs.',
    todo: '`ceph health detail` names it; `ceph cephadm check-host HOST` says what is missing.',
  },
};
