import assert from 'node:assert/strict';
import { test } from 'node:test';
import { centosRelease } from '../../../../source/stacks/lizardfs/flavour/os.js';
import {
  configPlace,
  parseFlavour,
  programPath,
  runs,
  settingOf,
  unitOf,
} from '../../../../source/stacks/lizardfs/flavour/parse.js';

const told = (...lines: readonly string[]) => parseFlavour(`${lines.join('\n')}\n`);

test('a XenServer 7 with LizardFS 3.12 has the old names, and says which CentOS it was built from', () => {
  const host = told(
    'os xenenterprise 7.6.0',
    'like centos rhel fedora',
    'name XenServer 7',
    'product XenServer 7.6.0',
    'manager yum',
    'glibc 2.17-222.el7',
    'package lizardfs-master 3.12.0-0el7',
    'folder /etc/mfs',
    'file /etc/mfs/mfsmaster.cfg.dist',
    'user mfs mfs',
    'program /usr/sbin/mfsmaster',
    'unit lizardfs-master.service CanReload=no ActiveState=inactive UnitFileState=disabled ',
  );
  assert.deepEqual(host.os, {
    kind: 'xenserver',
    version: '7.6.0',
    says: 'XenServer 7.6.0',
    manager: 'yum',
    centos: '7.5.1804',
  });
  assert.equal(host.family?.id, 'mfs');
  assert.deepEqual(configPlace(host, 'mfsmaster.cfg'), {
    path: '/etc/mfs/mfsmaster.cfg',
    exists: false,
    example: '/etc/mfs/mfsmaster.cfg.dist',
  });
  assert.equal(programPath(host, 'master'), '/usr/sbin/mfsmaster');
  assert.deepEqual(unitOf(host, 'master'), {
    name: 'lizardfs-master.service',
    reloads: false,
    active: false,
    enabled: false,
  });
  assert.equal(runs(host, 'master'), false);
});

test('XCP-ng is told from XenServer by its name, Proxmox and Ubuntu from Debian', () => {
  assert.equal(told('os xenenterprise 8.2.1', 'product XCP-ng 8.2.1').os.says, 'XCP-ng 8.2.1');
  assert.deepEqual(
    told('os debian 12', 'manager apt-get', 'proxmox pve-manager/8.2.2/9355359cd7afbae4').os,
    { kind: 'proxmox', version: '8.2.2', says: 'Proxmox VE 8.2.2', manager: 'apt-get' },
  );
  assert.equal(told('os ubuntu 24.04', 'like debian').os.kind, 'debian');
  assert.equal(told('os rocky 9.3', 'like rhel centos fedora').os.kind, 'centos');
  assert.equal(told('').os.kind, 'other');
});

test('the generation is told by packages, and without any by programs and folders', () => {
  const family = (...lines: readonly string[]) => told(...lines).family?.id;
  assert.equal(family('package moosefs-master 3.0.117-1', 'folder /etc/mfs'), 'moosefs');
  assert.equal(family('program /usr/bin/mfscli', 'folder /etc/mfs'), 'moosefs');
  assert.equal(family('package saunafs-client 4.5.1-1'), 'saunafs');
  assert.equal(family('package lizardfs-client 3.12.0+dfsg-4', 'manager apt-get'), 'lizardfs');
  assert.equal(family('package lizardfs-client 3.12.0-0el7', 'manager yum'), 'mfs');
  assert.equal(family('package lizardfs-client 3.13.0-1'), 'lizardfs');
  assert.equal(family('program /usr/local/sbin/mfsmaster'), 'mfs');
  assert.equal(family('folder /etc/lizardfs'), 'lizardfs');
  assert.equal(family('user mfs mfs', 'manager yum'), undefined);
});

test('of a setting that stands twice the last holds, and an empty one counts as not set', () => {
  const host = told(
    'set /etc/mfs/mfsmaster.cfg DATA_PATH = /srv/a',
    'set /etc/mfs/mfsmaster.cfg DATA_PATH=/srv/b # not a comment',
    'set /etc/mfs/mfschunkserver.cfg DATA_PATH = ',
  );
  assert.equal(settingOf(host, 'DATA_PATH', 'mfsmaster.cfg'), '/srv/b # not a comment');
  assert.equal(settingOf(host, 'DATA_PATH', 'mfschunkserver.cfg'), undefined);
});

test('the vault’s folder follows from the C library, also between two releases', () => {
  assert.equal(centosRelease('2.17-105.el7'), '7.2.1511');
  assert.equal(centosRelease('2.17-106.el7_2.8'), '7.2.1511');
  assert.equal(centosRelease('2.17-326.el7_9'), '7.9.2009');
  assert.equal(centosRelease('2.28-164.el8'), undefined);
  assert.equal(centosRelease(''), undefined);
});
