import assert from 'node:assert/strict';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSshConfig, SshConfig } from '../../source/transport/ssh-config.js';

/** As OpenSSH 9.2 prints it, of the parts that are read. */
const PRINTED = `host pve1
user admin
hostname 10.0.0.1
port 2222
hashknownhosts yes
identitiesonly yes
stricthostkeychecking accept-new
proxycommand none
identityfile ~/.ssh/id_pve
identityfile "/keys/of %r/id"
globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2
userknownhostsfile ~/.ssh/known_hosts "/home/a b/known_hosts"
kexalgorithms curve25519-sha256,diffie-hellman-group14-sha1
connecttimeout 7
hostkeyalias PVE-1
proxyjump root@bastion:2200
`;

test('what ssh -G prints is read', () => {
  const home = (path: string) => join(homedir(), path);
  assert.deepEqual(parseSshConfig(PRINTED, { address: 'pve1' }), {
    alias: 'pve1',
    hostName: '10.0.0.1',
    port: 2222,
    user: 'admin',
    identityFiles: [home('.ssh/id_pve'), '/keys/of admin/id'],
    identitiesOnly: true,
    proxyJump: 'root@bastion:2200',
    userKnownHosts: [home('.ssh/known_hosts'), '/home/a b/known_hosts'],
    globalKnownHosts: ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
    hashKnownHosts: true,
    unknownKeys: 'accept',
    hostKeyAlias: 'PVE-1',
    connectTimeout: 7000,
    kexAlgorithms: ['curve25519-sha256', 'diffie-hellman-group14-sha1'],
  });
});

test('the user and the port of the cluster file win over the config', () => {
  const { user, port } = parseSshConfig(PRINTED, { address: 'pve1', user: 'root', port: 22 });
  assert.deepEqual({ user, port }, { user: 'root', port: 22 });
});

test('a proxy command has its tokens replaced', () => {
  const printed = PRINTED.replace('proxycommand none', 'proxycommand relay -p %p %r@%h 100%%');
  const { proxyCommand } = parseSshConfig(printed, { address: 'pve1' });
  assert.equal(proxyCommand, 'relay -p 2222 admin@10.0.0.1 100%');
});

test('without OpenSSH its defaults hold', () => {
  const settings = parseSshConfig('', { address: 'pve1' });
  assert.equal(settings.hostName, 'pve1');
  assert.equal(settings.port, 22);
  assert.equal(settings.user, userInfo().username);
  assert.equal(settings.unknownKeys, 'ask');
  assert.ok(settings.identityFiles.includes(join(homedir(), '.ssh/id_ed25519')));
  assert.ok(settings.userKnownHosts.includes(join(homedir(), '.ssh/known_hosts')));
});

test('an address that is an option of ssh is refused', async () => {
  for (const address of ['-oProxyCommand=reboot', 'a b']) {
    const answer = await new SshConfig().settings({ address });
    assert.equal(answer.ok, false);
  }
});
