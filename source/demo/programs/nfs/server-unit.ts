import { load } from '../../fleet/modules.js';
import { nfsOn } from '../../fleet/nfs.js';
import { printed, type Call, type Ran } from '../program.js';
import { exportfs } from './exportfs.js';

/** What the unit nfs-server does: it exports what the files say before it serves; that may fail for it. */
export async function nfsServer(call: Call): Promise<Ran> {
  const [verb] = call.args;
  const { machine } = call;
  const nfs = nfsOn(machine);
  if (verb === 'stop') {
    nfs.threads = 0;
    nfs.exports = [];
  } else {
    load(machine, 'nfsd');
    await exportfs({ ...call, args: ['-ra'] });
    nfs.threads = 8;
  }
  machine.services.set('nfs-server', verb !== 'stop');
  return printed('');
}
