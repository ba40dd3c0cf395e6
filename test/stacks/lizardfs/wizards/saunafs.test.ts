import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlavour } from '../../../../source/stacks/lizardfs/flavour/parse.js';
import { lizardfs } from '../../../../source/stacks/lizardfs/index.js';
import { answersSchema as installAnswers } from '../../../../source/stacks/lizardfs/wizards/install/answers.js';
import type { InstallHost } from '../../../../source/stacks/lizardfs/wizards/install/look.js';
import { plan as planInstall } from '../../../../source/stacks/lizardfs/wizards/install/plan.js';
import { answersSchema } from '../../../../source/stacks/lizardfs/wizards/masters/answers.js';
import type { Found, MasterHost } from '../../../../source/stacks/lizardfs/wizards/masters/look.js';
import { plan } from '../../../../source/stacks/lizardfs/wizards/masters/plan.js';
import { draftOf } from '../../../support/carry-out.js';
import { draftText } from '../../../support/draft-text.js';

// SaunaFS is in no archive that could be installed from: what is here are its names, by its packaging.
const flavour = parseFlavour(
  [
    'os ubuntu 24.04',
    'like debian',
    'manager apt-get',
    'package saunafs-master 4.6.0',
    'folder /etc/saunafs',
    'file /etc/saunafs/sfsmaster.cfg',
    'user saunafs saunafs',
    'program /usr/sbin/sfsmaster',
    'program /usr/bin/saunafs-admin',
    'unit saunafs-master.service CanReload=yes ActiveState=inactive UnitFileState=disabled ',
    'address 10.0.0.1',
  ].join('\n'),
);

test('a master of SaunaFS is made by its own names: files, metadata, user, unit and tool', () => {
  const config = (name: string) => ({ path: `/etc/saunafs/${name}`, text: null, example: '' });
  const host: MasterHost = {
    ok: true,
    name: 'n1',
    flavour,
    server: config('sfsmaster.cfg'),
    exports: config('sfsexports.cfg'),
    goals: config('sfsgoals.cfg'),
    dataFolder: '/var/lib/saunafs',
    data: [],
    boot: { unit: 'saunafs-master.service' },
    masterName: [],
  };
  const found: Found = {
    hosts: [host],
    admin: { host: 'n1', tool: 'saunafs-admin' },
    masters: [],
    addresses: ['10.0.0.1'],
  };
  const answers = answersSchema.parse({
    master: 'n1',
    masterHost: 'sfsmaster',
    exports: [{ range: '*', path: '/', options: 'rw' }],
    goals: [{ id: 2, name: 'two', definition: '_ _' }],
  });
  const text = draftText(draftOf(plan(found, answers)), lizardfs.steps);
  for (const name of [
    '/etc/saunafs/sfsmaster.cfg',
    '/etc/saunafs/sfsexports.cfg',
    '/etc/saunafs/sfsgoals.cfg',
    'sh /var/lib/saunafs metadata.sfs saunafs:saunafs',
    'systemctl start saunafs-master.service',
    'systemctl enable saunafs-master.service',
    'saunafs-admin metadataserver-status --porcelain 10.0.0.1 9421',
  ]) {
    assert.ok(text.includes(name), `${name} in\n${text}`);
  }
  assert.doesNotMatch(text, /mfs|lizardfs-/);
});

test('its packages are installed by their own names, and not beside LizardFS', () => {
  const bare = parseFlavour('os ubuntu 24.04\nlike debian\nmanager apt-get\n');
  const host = (name: string, is: InstallHost['flavour']): InstallHost => ({
    ok: true,
    name,
    flavour: is,
    repos: [],
    baseRepo: null,
    candidates: new Map(),
    freshId: '0',
  });
  const roles = ['client', 'chunkserver', 'master', 'admin', 'metalogger', 'uraft'];
  const answers = installAnswers.parse({
    product: 'saunafs',
    roles: roles.map((role) => `n2:${role}`),
    source: 'configured',
  });
  const drafted = draftOf(planInstall([host('n2', bare)], answers));
  const install = drafted.steps.find(({ kind }) => kind === 'package.install');
  assert.match(
    JSON.stringify(install?.params),
    /"saunafs-client","saunafs-chunkserver","saunafs-master","saunafs-adm","saunafs-metalogger","saunafs-uraft"/,
  );
  const lizard = parseFlavour('os debian 11\nmanager apt-get\npackage lizardfs-client 3.12.0\n');
  const beside = planInstall([host('n2', bare), host('n3', lizard)], answers);
  assert.ok(!beside.ok && JSON.stringify(beside.faults).includes('n3 has lizardfs'));
});
