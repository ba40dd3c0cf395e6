import { clusterOn, ocfs2On, setCluster, type Ocfs2Cluster } from '../../fleet/ocfs2.js';
import { load } from '../../fleet/modules.js';
import { failed, printed, type Call, type Ran } from '../program.js';

const CONF = '/etc/ocfs2/cluster.conf';
const SETTINGS = '/etc/default/o2cb';

/** `o2cb cluster-status [NAME]` and `register-cluster NAME`. */
export async function o2cb(call: Call): Promise<Ran> {
  const [verb, wanted] = call.args;
  switch (verb) {
    case 'cluster-status': {
      const cluster = clusterOn(call.machine);
      const isIt = cluster && (wanted === undefined || cluster.name === wanted);
      if (isIt) return printed(`Cluster '${cluster.name}' is online\n`);
      return wanted === undefined
        ? failed(1, '', 'offline\n')
        : printed(`Cluster '${wanted}' is offline\n`, 1);
    }
    case 'register-cluster': {
      const cluster = (await clustersOf(call)).find(({ name }) => name === wanted);
      if (!cluster) return failed(1, `o2cb: Unknown cluster '${wanted ?? ''}'\n`);
      setCluster(call.machine, cluster);
      return printed('');
    }
    default:
      return failed(1, 'o2cb: only cluster-status and register-cluster are simulated\n');
  }
}

/** What the unit o2cb does, and what its init script calls the same: it ends with 0 whatever came of it. */
export async function o2cbUnit(call: Call): Promise<Ran> {
  const [verb] = call.args;
  const { machine, fleet } = call;
  if (verb === 'stop' || verb === 'offline' || verb === 'restart') {
    if (ocfs2On(fleet, machine).length === 0) setCluster(machine, undefined);
    else if (verb === 'offline') {
      return failed(
        1,
        'Stopping O2CB cluster: Failed\nUnable to stop cluster as heartbeat region still active\n',
      );
    }
  }
  if (verb === 'start' || verb === 'restart' || verb === 'online') await goOnline(call);
  if (verb === 'stop' || verb === 'offline') machine.services.set('o2cb', false);
  else machine.services.set('o2cb', true);
  return printed('');
}

/** A cluster whose nodes do not name this host by its name stays offline; nobody is told. */
async function goOnline(call: Call): Promise<void> {
  const settings = await settingsOf(call);
  if (settings.get('O2CB_ENABLED') !== 'true') return;
  const boot = settings.get('O2CB_BOOTCLUSTER');
  const cluster = (await clustersOf(call)).find(({ name }) => name === boot);
  if (!cluster?.nodes.some(({ name }) => name === call.machine.name)) return;
  load(call.machine, 'ocfs2');
  setCluster(call.machine, cluster);
}

async function settingsOf({ files }: Call): Promise<ReadonlyMap<string, string>> {
  const text = (await files?.read(SETTINGS)) ?? '';
  const pairs = [...text.matchAll(/^(O2CB_[A-Z_]+)=["']?([^"'\n]*)["']?$/gm)];
  return new Map(pairs.map(([, key = '', value = '']) => [key, value]));
}

/** The clusters of the file: stanzas with one tab before each line. */
async function clustersOf({ files }: Call): Promise<readonly Ocfs2Cluster[]> {
  const text = (await files?.read(CONF)) ?? '';
  const stanzas = text.split(/^(?=\w+:$)/m).map((stanza) => {
    const said = (key: string): string =>
      new RegExp(`^\\t${key} = (.*)$`, 'm').exec(stanza)?.[1]?.trim() ?? '';
    return { kind: /^(\w+):$/m.exec(stanza)?.[1], said };
  });
  return stanzas
    .filter(({ kind }) => kind === 'cluster')
    .map(({ said }) => {
      const name = said('name');
      const own = stanzas.filter((one) => one.kind === 'node' && one.said('cluster') === name);
      const nodes = own.map((one) => ({
        name: one.said('name'),
        number: Number(one.said('number')),
        address: one.said('ip_address'),
      }));
      return { name, nodes };
    });
}
