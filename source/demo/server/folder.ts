import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OWNED, sweep, whose } from './sweep.js';

/** The files by which a demo is reached, in a folder that only its owner can read. */
export interface Folder {
  readonly path: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  readonly sshConfigFile: string;
  readonly remove: () => void;
}

/** Writes the client's key, the hosts' keys and a config for OpenSSH. */
export function makeFolder(
  privateKey: string,
  hosts: readonly { readonly name: string; readonly port: number; readonly key: string }[],
): Folder {
  sweep(tmpdir());
  // mkdtemp makes it 0700.
  const path = mkdtempSync(join(tmpdir(), `${OWNED}${process.pid}@${whose()}-`));
  const remove = () => {
    process.removeListener('exit', remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const write = (name: string, text: string) => {
    const file = join(path, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const identityFile = write(
    'id_ecdsa',
    privateKey.endsWith('\n') ? privateKey : `${privateKey}\n`,
  );
  const knownHosts = hosts.map(({ port, key }) => `[127.0.0.1]:${port} ${key}\n`);
  const knownHostsFile = write('known_hosts', knownHosts.join(''));
  const entries = hosts.map(({ name, port }) => `Host ${name}\n  Port ${port}\n\n`);
  const rest = [
    'Host *',
    '  HostName 127.0.0.1',
    '  User root',
    `  IdentityFile "${identityFile}"`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile "${knownHostsFile}"`,
    '  GlobalKnownHostsFile none',
    '  StrictHostKeyChecking yes',
    '  UpdateHostKeys no',
    '  LogLevel ERROR',
    '',
  ];
  const sshConfigFile = write('ssh_config', entries.join('') + rest.join('\n'));
  return { path, identityFile, knownHostsFile, sshConfigFile, remove };
}
