/*
 * Short outputs, for the documentation and the tests: those of `rocks` as the roll's manual shows them,
 * the others put together in the tools' formats.
 */

/** `rocks list host storagemap`, in the manual's layout. */
export const storageMapSample = [
  'ZVOL                     HOST            ZPOOL   TARGET                                           STATE     TIME   ',
  'vol1                     --------------- ------- iqn.2001-04.com.nas-0-0-vol1                     unmapped  -------',
  'hpcdev-pub03-vol         hpcdev-pub02    tank    iqn.2001-04.com.nas-0-0-hpcdev-pub03-vol         mapped    -------',
  'vm-hpcdev-pub03-0-vol    compute-0-1     tank    ------------------------------------------------ mapped    -------',
  'vm-hpcdev-pub03-3-vol    compute-0-3     tank    iqn.2001-04.com.nas-0-0-vm-hpcdev-pub03-3-vol    NAS->VM 0:00:04',
  '',
].join('\n');

/** `rocks list host storagedev`, in the manual's layout. */
export const storageDevicesSample = [
  'ZVOL                     LVM                           STATUS            SIZE (GB) BLOCK DEV IS STARTED SYNCED                    TIME   ',
  'vm-hpcdev-pub03-3-vol    vm-hpcdev-pub03-3-vol-snap    snapshot          35        sdd       ---------- 32/73400320 32            -------',
  'vm-hpcdev-pub03-1-vol    vm-hpcdev-pub03-1-vol-snap    snapshot-merge    36        sdc       1          8950592/73400320 17472    0:36:36',
  'vm-hpcdev-pub03-5-vol    vm-hpcdev-pub03-5-vol-snap    linear            36        --------- ---------- ------------------------- -------',
  '',
].join('\n');

/** The database of a NAS, as `.dump` prints it. */
export const nasDumpSample = [
  '-- now 1409872210',
  'PRAGMA foreign_keys=OFF;',
  'BEGIN TRANSACTION;',
  'CREATE TABLE zvol_calls(',
  '                          zvol TEXT PRIMARY KEY NOT NULL,',
  '                          reply_to TEXT NOT NULL,',
  '                          time INT NOT NULL);',
  "INSERT INTO zvol_calls VALUES('vol1','amq.gen-bT045S_sjCeNcni0V-pkkQ',1409872201.9399999999);",
  'CREATE TABLE zvols(',
  '                          zvol TEXT PRIMARY KEY NOT NULL,',
  '                          zpool TEXT,',
  '                          iscsi_target TEXT UNIQUE,',
  '                          remotehost TEXT,',
  '                          remotepool TEXT,',
  '                          sync BOOLEAN);',
  "INSERT INTO zvols VALUES('vol1','tank','iqn.2001-04.com.nas-0-0-vol1','compute-0-3','tank2',1);",
  "INSERT INTO zvols VALUES('vm-hpcdev-pub03-5-vol','tank',NULL,NULL,NULL,0);",
  'CREATE TABLE sync_queue(',
  '                          zvol TEXT PRIMARY KEY NOT NULL,',
  '                          zpool TEXT NOT NULL,',
  '                          remotehost TEXT,',
  '                          remotepool TEXT,',
  '                          is_sending BOOLEAN,',
  '                          is_delete_remote BOOLEAN,',
  '                          time INT);',
  "INSERT INTO sync_queue VALUES('vol1','tank','compute-0-3','tank2',1,1,1409872204.4500000477);",
  'COMMIT;',
  '',
].join('\n');

/** `dmsetup table`. */
export const tableSample = [
  'vol1-snap: 0 73400320 snapshot 8:32 230:32 P 16',
  'vm-hpcdev-pub03-5-vol-snap: 0 75497472 linear 230:0 0',
  'vg0-root: 0 41943040 linear 8:2 2048',
  '',
].join('\n');

/** `dmsetup status`. */
export const statusSample = [
  'vol1-snap: 0 73400320 snapshot 13457872/73400320 26256',
  'vm-hpcdev-pub03-2-vol-snap: 0 75497472 snapshot-merge Invalid',
  'vm-hpcdev-pub03-5-vol-snap: 0 75497472 linear ',
  '',
].join('\n');

/** `tgtadm --lld iscsi --mode target --op show`. */
export const targetsSample = [
  'Target 2: iqn.2001-04.com.nas-0-0-vol1',
  '    System information:',
  '        Driver: iscsi',
  '        State: ready',
  '    I_T nexus information:',
  '        I_T nexus: 3',
  '            Initiator: iqn.1994-05.com.redhat:1b4dd1d6a5c7 alias: compute-0-3.local',
  '            Connection: 0',
  '                IP Address: 10.1.255.250',
  '    LUN information:',
  '        LUN: 0',
  '            Type: controller',
  '            SCSI ID: IET     00020000',
  '            SCSI SN: beaf20',
  '            Size: 0 MB, Block size: 1',
  '            Online: Yes',
  '            Removable media: No',
  '            Prevent removal: No',
  '            Readonly: No',
  '            Backing store type: null',
  '            Backing store path: None',
  '            Backing store flags: ',
  '        LUN: 1',
  '            Type: disk',
  '            SCSI ID: IET     00020001',
  '            SCSI SN: beaf21',
  '            Size: 37581 MB, Block size: 512',
  '            Online: Yes',
  '            Removable media: No',
  '            Prevent removal: No',
  '            Readonly: No',
  '            Backing store type: rdwr',
  '            Backing store path: /dev/tank/vol1',
  '            Backing store flags: ',
  '    Account information:',
  '    ACL information:',
  '        10.1.255.250',
  '',
].join('\n');

/** `zfs list -H -p -t all -o name,type,used,avail,refer,volsize,creation,origin,written,guid,usedbydataset,usedbychildren`. */
export const datasetsSample = [
  'tank\tfilesystem\t248034361344\t1770256465920\t8675852288\t-\t1404137133\t-\t-\t7417240184236834013\t8675852288\t239358509056',
  'tank/vol1\tvolume\t39835033600\t1805689421824\t3865470566\t37580963840\t1409871100\t-\t0\t1322814391215421783\t3865470566\t0',
  'tank/vol1@IMG-STORAGE-7c1d8f0e-3a52-4f5e-9f6a-0d9b1f2a7d11\tsnapshot\t0\t-\t3865470566\t37580963840\t1409872201\t-\t3865470566\t10127459183420958021\t-\t-',
  '',
].join('\n');
