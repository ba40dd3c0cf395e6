import { metadataServerOn } from '../../fleet/metadata-servers.js';
import { failed, type Call, type Ran } from '../program.js';
import { setting } from './config.js';
import { promote, readAgain } from './mfsmaster.js';

/** The commands of lizardfs-admin that need the password, which comes on standard input. */
export const ADMINISTRATION: ReadonlySet<string> = new Set(['promote-shadow', 'reload-config']);

/**
 * One of them, asked of the machine's own metadata server: a daemon's config is read where it runs.
 * What became of it stands on stderr, also when it went well.
 */
export async function administer(call: Call, command: string): Promise<Ran> {
  const server = metadataServerOn(call.fleet, call.machine.name);
  const password = await setting(call, 'mfsmaster.cfg', 'ADMIN_PASSWORD');
  if (!server || password === undefined) return failed(1, 'Error: Operation not permitted\n');
  if (call.input.trim().split(/\s/)[0] !== password) {
    return failed(1, 'Error: Authentication with the admin password failed: Incorrect password\n');
  }
  if (command === 'reload-config') {
    await readAgain(call, server);
    return { stdout: '', stderr: 'OK\n', exit: 0 };
  }
  const managed = await setting(call, 'mfsmaster.cfg', 'PERSONALITY');
  if (managed !== 'ha-cluster-managed' || server.personality === 'master') {
    return failed(1, 'Operation not possible\n');
  }
  promote(call, server);
  return { stdout: '', stderr: 'OK\n', exit: 0 };
}
