import type { CheckWords } from './check-words.js';

const FREE_SPACE =
  'Free space: delete what is not needed, add OSDs, or move data off the fullest with `ceph osd reweight`. `ceph osd df tree` shows which are full.';

/** Checks about OSDs, placement groups and objects. */
export const dataChecks: Readonly<Record<string, CheckWords>> = {
  OSD_DOWN: {
    title: 'OSD down',
    place: 'osds',
    means:
      'Copies on it cannot be read or written. After 10 minutes Ceph begins to make new copies elsewhere, unless noout is set.',
    todo: 'On its host: `systemctl status ceph-osd@ID` and `journalctl -u ceph-osd@ID`. If the disk lives, `systemctl start ceph-osd@ID`.',
  },
  OSD_ORPHAN: {
    title: 'OSD in the CRUSH map that does not exist',
    place: 'cluster',
    means: 'The CRUSH map names an OSD that was removed.',
    todo: '`ceph osd tree` shows it; `ceph osd crush rm osd.ID` takes it out.',
  },
  OSD_OUT_OF_ORDER_FULL: {
    title: 'fullness limits out of order',
    place: 'cluster',
    means:
      'The limits nearfull, backfillfull and full do not rise in this order, so one of them never takes effect.',
    todo: '`ceph osd dump | grep ratio` shows them; 0.85, 0.90 and 0.95 are the defaults.',
  },
  OSD_FULL: {
    title: 'OSD full',
    place: 'space',
    raise: 'alert',
    means: 'One full OSD is enough: every write to a pool that uses it hangs until there is space.',
    todo: FREE_SPACE,
  },
  OSD_BACKFILLFULL: {
    title: 'OSD too full to take copies',
    place: 'space',
    means: 'Recovery cannot move data onto it, so lost copies may stay lost.',
    todo: FREE_SPACE,
  },
  OSD_NEARFULL: {
    title: 'OSD nearly full',
    place: 'space',
    means:
      'At the full limit (95 % by default) all writes to its pools stop. A lost OSD makes the others fuller.',
    todo: FREE_SPACE,
  },
  OSDMAP_FLAGS: {
    title: 'cluster flags set',
    place: 'cluster',
    means:
      "Somebody switched part of Ceph's own care off. With noout lost OSDs are not replaced; with norecover, nobackfill or norebalance no data moves; pauserd and pausewr stop I/O.",
    todo: 'If the maintenance is over: `ceph osd unset FLAG`.',
  },
  OSD_FLAGS: {
    title: 'flags set on OSDs',
    place: 'cluster',
    means: 'Single OSDs, hosts or device classes are kept from going up, down, in or out.',
    todo: 'If the maintenance is over: `ceph osd unset-group FLAG WHO`.',
  },
  OSD_SLOW_PING_TIME_FRONT: {
    title: 'slow network between OSDs (public)',
    place: 'cluster',
    means:
      'Heartbeats between OSDs take over a second: clients feel it, and OSDs may be thought dead.',
    todo: '`ceph daemon mgr.NAME dump_osd_network` shows between whom. Look at links, MTU and bonds.',
  },
  OSD_SLOW_PING_TIME_BACK: {
    title: 'slow network between OSDs (cluster)',
    place: 'cluster',
    means:
      'Heartbeats on the cluster network take over a second: copies are written slowly, and OSDs may be thought dead.',
    todo: '`ceph daemon mgr.NAME dump_osd_network` shows between whom. Look at links, MTU and bonds.',
  },
  OSD_SCRUB_ERRORS: {
    title: 'damage found by scrubbing',
    place: 'data',
    raise: 'alert',
    means:
      'Copies of objects differ or cannot be read. One of them is wrong; often a disk is dying.',
    todo: '`rados list-inconsistent-obj PG --format=json-pretty` shows which copy. Look at that disk before `ceph pg repair PG`.',
  },
  OSD_TOO_MANY_REPAIRS: {
    title: 'OSD with many read errors repaired',
    place: 'osds',
    means:
      'Its reads failed again and again and were answered from other copies: the disk is likely dying.',
    todo: "Look at the disk's SMART data; plan its replacement.",
  },
  BLUESTORE_SPURIOUS_READ_ERRORS: {
    title: 'OSD with passing read errors',
    place: 'osds',
    means: 'Reads failed once and worked when tried again: memory pressure or a failing disk.',
    todo: 'Look at the kernel log and the SMART data of its disk.',
  },
  BLUEFS_SPILLOVER: {
    title: 'OSD database on its slow disk',
    place: 'osds',
    means:
      'The fast device for the database is full, so that a part is on the slow disk: slower, not unsafe.',
    todo: 'Compact with `ceph tell osd.ID compact`, or give it a larger DB device.',
  },
  LARGE_OMAP_OBJECTS: {
    title: 'objects with very large indexes',
    place: 'cluster',
    means:
      'Some objects hold very many keys, which makes recovery and scrubbing of their placement groups slow.',
    todo: `Search for "Large omap object" in the cluster log; with RGW, reshard the bucket.`,
  },
  SLOW_OPS: {
    title: 'slow requests',
    place: 'pgs',
    means:
      'Requests have waited for over 30 seconds: virtual machines on it feel their disks hang.',
    todo: '`ceph health detail` names the OSDs; look at their disks, load and network. `ceph daemon osd.ID dump_ops_in_flight` shows what waits.',
  },
  REQUEST_SLOW: {
    title: 'slow requests',
    place: 'pgs',
    means:
      'Requests have waited for over 30 seconds: virtual machines on it feel their disks hang.',
    todo: '`ceph health detail` names the OSDs; look at their disks, load and network.',
  },
  REQUEST_STUCK: {
    title: 'stuck requests',
    place: 'pgs',
    means: 'Requests have waited for over half an hour: the I/O behind them hangs.',
    todo: '`ceph health detail` names the OSDs; look at their disks, load and network.',
  },
  PG_AVAILABILITY: {
    title: 'data not available',
    place: 'pgs',
    means: 'Some placement groups serve no I/O: reads and writes of what lies in them hang.',
    todo: 'Bring the OSDs that are down back first. `ceph pg dump_stuck inactive` lists the groups, `ceph pg PG query` says what one waits for.',
  },
  PG_DEGRADED: {
    title: 'copies missing',
    place: 'pgs',
    means:
      'Some objects have fewer copies than they should. They can be read and written, but another loss weighs more.',
    todo: 'Bring the OSDs that are down back, or let the recovery finish; `ceph -s` shows its pace.',
  },
  PG_DEGRADED_FULL: {
    title: 'no space to restore copies',
    place: 'data',
    raise: 'alert',
    means: 'Lost copies cannot be made again, because OSDs are too full.',
    todo: FREE_SPACE,
  },
  PG_RECOVERY_FULL: {
    title: 'no space to recover',
    place: 'data',
    raise: 'alert',
    means: 'Lost copies cannot be made again, because OSDs are over the full limit.',
    todo: FREE_SPACE,
  },
  PG_BACKFILL_FULL: {
    title: 'no space to move copies',
    place: 'data',
    raise: 'alert',
    means:
      'Copies cannot be moved to where they should be, because OSDs are over the backfillfull limit.',
    todo: FREE_SPACE,
  },
  PG_DAMAGED: {
    title: 'damaged placement groups',
    place: 'data',
    raise: 'alert',
    means: 'Scrubbing or recovery found copies that differ or cannot be read.',
    todo: '`ceph health detail` names the groups, `rados list-inconsistent-obj PG` the copies. Look at the disk before `ceph pg repair PG`.',
  },
  PG_NOT_SCRUBBED: {
    title: 'scrubbing is late',
    place: 'cluster',
    means: 'Placement groups were not checked in their time, so hidden damage stays hidden longer.',
    todo: 'It catches up when the cluster is clean and not too busy; look for noscrub, or widen the scrub hours.',
  },
  PG_NOT_DEEP_SCRUBBED: {
    title: 'deep scrubbing is late',
    place: 'cluster',
    means:
      'The contents of placement groups were not compared in their time, so hidden damage stays hidden longer.',
    todo: 'It catches up when the cluster is clean and not too busy; look for nodeep-scrub, or raise osd_max_scrubs.',
  },
  PG_SLOW_SNAP_TRIMMING: {
    title: 'deleted snapshots pile up',
    place: 'cluster',
    means: 'Space of deleted snapshots is freed more slowly than snapshots are deleted.',
    todo: 'Delete fewer at a time, or raise osd_max_trimming_pgs while it is quiet.',
  },
  OBJECT_MISPLACED: {
    title: 'copies in the wrong place',
    place: 'pgs',
    heals: true,
    means:
      'All copies are there; some are on the way to other OSDs. Nothing is at risk, but disks and network are busy.',
    todo: 'Let it finish. `ceph osd set norebalance` pauses it.',
  },
  OBJECT_UNFOUND: {
    title: 'objects lost from sight',
    place: 'data',
    raise: 'alert',
    means:
      'Ceph knows that newer versions of some objects exist, and finds none of their copies: they are on OSDs that are down, or gone. I/O to them hangs.',
    todo: 'Start every OSD that is down, the oldest loss too, before anything else. `ceph pg PG list_unfound` names them. `mark_unfound_lost` gives up data.',
  },
};
