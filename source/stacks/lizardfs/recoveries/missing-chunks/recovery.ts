import type { HostName, Reader } from '../../../../core/host.js';
import type { Block } from '../../../../core/pane.js';
import type { Case, Recovery } from '../../../../core/recovery.js';
import { clean, count, grouped, listed } from '../../../../core/text.js';
import { goalsInUse, type GoalState } from '../../findings/chunks.js';
import { lookAtFlavour } from '../../flavour/look.js';
import { runs } from '../../flavour/parse.js';
import { discover } from '../../probes/discover.js';
import { askAdmin, queries } from '../../tools/admin.js';
import { valueOf } from '../../tools/question.js';
import { askCluster, type Asked } from '../ask-cluster.js';
import type { Away } from './away.js';
import { awayBlock, diskBlock, fileBlock, goalBlock } from './blocks.js';

/**
 * Tells which data is missing or endangered, and what would bring it back. There is no way out in it:
 * whatever would make the numbers right again without the servers gives the data up.
 */
export const missingChunks: Recovery = {
  id: 'lizardfs.missing-chunks',
  title: 'Missing and endangered chunks of LizardFS',
  says: 'Tells which files have chunks that cannot be read or have nothing to spare, and which servers and disks would bring them back. It changes nothing.',
  gather,
};

async function gather(_: string, hosts: ReadonlyMap<HostName, Reader>): Promise<Case> {
  const asked = await askCluster(hosts);
  const plain = { mendable: false, ways: [] } as const;
  if ('because' in asked) {
    return {
      ...plain,
      verdict: 'no master',
      happened: clean(`No master can be asked. ${listed(asked.because, 12)}.`),
      todo: 'Without a master nobody knows the chunks: see lizardfs.lost-master.',
      blocks: [],
    };
  }
  const { view, host } = asked;
  const health = valueOf(view.health);
  const place = { host: view.master.host, port: view.master.port };
  const part = await askAdmin(host, view.admin, queries.defectiveFiles, place);
  if (!health) {
    const happened = 'The master does not tell how its chunks stand.';
    return { ...plain, verdict: 'not known', happened, todo: 'Ask again.', blocks: [] };
  }
  const goals = goalsInUse(health, valueOf(view.goals)?.goals);
  const away = await awayServers(asked, hosts);
  const damaged = (valueOf(view.disks)?.disks ?? []).filter((disk) => disk.damaged);
  const bad = goals.filter((goal) => goal.lost > 0 || (goal.endangered > 0 && !goal.single));
  const files = valueOf(part)?.files;
  const blocks: Block[] = [
    goalBlock(goals),
    ...(away.length > 0 ? [awayBlock(away)] : []),
    ...(damaged.length > 0 ? [diskBlock(damaged)] : []),
    fileBlock(files),
  ];
  return { ...plain, ...verdictOf(bad, away, damaged.length), blocks };
}

function verdictOf(
  bad: readonly GoalState[],
  away: readonly Away[],
  damaged: number,
): Pick<Case, 'verdict' | 'happened' | 'todo'> {
  const lost = bad.reduce((sum, goal) => sum + goal.lost, 0);
  const endangered = bad.reduce((sum, goal) => sum + (goal.single ? 0 : goal.endangered), 0);
  if (lost + endangered === 0) {
    return {
      verdict: 'nothing is missing',
      happened: 'Every chunk can be read and has a part to spare.',
      todo: '',
    };
  }
  const numbers = [
    lost > 0 ? `${grouped(lost)} chunks cannot be read` : '',
    endangered > 0 ? `${grouped(endangered)} have nothing to spare` : '',
  ].filter((text) => text !== '');
  return {
    verdict: lost > 0 ? 'chunks missing' : 'chunks endangered',
    happened: `${numbers.join(', ')}. ${causes(away, damaged)}`,
    todo: clean(whatComesBack(lost, away, damaged)),
  };
}

function causes(away: readonly Away[], damaged: number): string {
  const parts = [
    away.length > 0 ? `${count(away.length, 'chunkserver')} away` : '',
    damaged > 0 ? `${count(damaged, 'disk')} damaged` : '',
  ].filter((text) => text !== '');
  return parts.length > 0
    ? `${parts.join(' and ')}.`
    : 'All known servers and disks are there: what was on others is not known to the master.';
}

function whatComesBack(lost: number, away: readonly Away[], damaged: number): string {
  const places = away.length + damaged;
  const names = listed(away.map(({ host, address }) => host ?? address));
  if (places === 0) {
    return 'A master that was started anew forgets servers that never came back to it: look for a chunkserver or a disk that is no longer configured. Delete nothing.';
  }
  const all = places === 1 ? 'all of it' : 'each a part of it; which, only the servers know';
  const what =
    away.length === 0
      ? `The damaged ${damaged === 1 ? 'disk' : 'disks'} would bring back ${all}: cure and reload, or copy the disk before it fails whole.`
      : `Bring back ${names}: that brings back ${all}.`;
  const wait =
    lost > 0
      ? 'Reads of what is missing hang and go on by themselves then. Delete no file and take out no server or disk until then.'
      : 'The master makes the missing copies by itself where it has room; leave the other servers alone until it has.';
  return `${what} ${wait}`;
}

async function awayServers(
  { view }: Asked,
  hosts: ReadonlyMap<HostName, Reader>,
): Promise<readonly Away[]> {
  const servers = valueOf(view.chunkservers)?.servers ?? [];
  const gone = servers.filter(({ connected }) => !connected);
  if (gone.length === 0) return [];
  const known = await Promise.all([...hosts.values()].map(lookAtHost));
  return gone.map(({ address }): Away => {
    const ip = address.slice(0, address.lastIndexOf(':'));
    const found = known.find(({ addresses }) => addresses.includes(ip));
    if (found) return { address, host: found.name, because: found.because };
    const silent = known.filter(({ addresses }) => addresses.length === 0).map(({ name }) => name);
    const because =
      silent.length > 0
        ? `its host is none of those that answered (${listed(silent)} did not)`
        : 'its host is none of this cluster';
    return { address, because };
  });
}

async function lookAtHost(host: Reader) {
  const [look, found] = await Promise.all([lookAtFlavour(host), discover(host)]);
  if (!look.ok) return { name: host.name, addresses: [], because: look.because };
  const { addresses } = look.flavour;
  const sought = 'failure' in found ? [] : found.masters.map((one) => one.host);
  const because = runs(look.flavour, 'chunkserver')
    ? `its chunkserver runs, and is not connected: it looks for the master at ${listed(sought)}`
    : 'its chunkserver does not run';
  return { name: host.name, addresses, because };
}
