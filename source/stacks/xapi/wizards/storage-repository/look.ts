import { randomUUID } from 'node:crypto';
import type { HostName, Reader } from '../../../../core/host.js';
import type { Surroundings } from '../../../../core/wizard.js';
import { lookAtAll } from '../../look.js';
import { picture, type PoolPicture } from '../../view.js';
import type { NotAsked } from '../pools.js';
import { foldersCommand, parseFolders, type Folder } from './folders.js';

/** All that the wizard looked at. */
export interface Found {
  readonly pools: readonly PoolPicture[];
  /** The folders of each host's shared file systems; a host without an entry could not tell. */
  readonly folders: ReadonlyMap<HostName, readonly Folder[]>;
  readonly notAsked: NotAsked;
  /** For a repository that is new: made here, so that a plan is made of facts alone. */
  readonly freshUuid: string;
}

/** Looks at the pools and at what is mounted. Never rejects. */
export async function look(
  hosts: readonly Reader[],
  { notAsked }: Pick<Surroundings, 'notAsked'>,
): Promise<Found> {
  const [now, folders] = await Promise.all([
    lookAtAll(hosts, Date.now),
    Promise.all(hosts.map(foldersOn)),
  ]);
  return {
    pools: picture(now),
    folders: new Map(folders.filter((entry) => entry !== undefined)),
    notAsked,
    freshUuid: randomUUID(),
  };
}

async function foldersOn(host: Reader): Promise<[HostName, readonly Folder[]] | undefined> {
  const outcome = await host.run(foldersCommand);
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  return [host.name, parseFolders(outcome.stdout)];
}
