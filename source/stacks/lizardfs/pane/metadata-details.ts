import type { Details } from '../../../core/pane.js';
import { quoteAll } from '../../../core/quote.js';
import { clean, grouped } from '../../../core/text.js';
import { bytes, duration } from '../../../core/units.js';
import type { MetadataNode } from '../picture.js';
import { queries, typedCommand } from '../tools/admin.js';
import { isMaster } from '../tools/metadata-status.js';
import { valueOf } from '../tools/question.js';
import { details, facts, line } from './facts.js';
import { matrixBlocks } from './matrix.js';
import type { Scene } from './scene.js';

/** A metadata server laid open. */
export function metadataDetails(scene: Scene, node: MetadataNode): Details {
  const { id, place, personality, status, metadataVersion, version, host, failure } = node;
  const { savedSecondsAgo } = node;
  const info = scene.seen.cluster && valueOf(scene.seen.cluster.value.info);
  const [ip = '', port = ''] = place.split(':');
  const admin = scene.seen.cluster?.value.admin ?? 'lizardfs-admin';
  return details(scene, id, {
    title: `${scene.seen.words.title} › metadata server ${place}`,
    state: `${personality} ${status}`,
    blocks: [
      facts([
        ['host', host ?? 'none of the hosts watched'],
        ['personality', personality],
        ['status', status],
        metadataVersion === undefined
          ? undefined
          : ['metadata version', `${grouped(metadataVersion)} changes`],
        version === undefined ? undefined : ['program version', version],
        isMaster(node) && info ? ['memory used', bytes(info.memoryBytes)] : undefined,
        savedSecondsAgo === undefined
          ? undefined
          : ['metadata saved', `${duration(savedSecondsAgo)} ago`],
        status === 'no answer' && failure ? ['why', failure.what] : undefined,
      ]),
      ...(isMaster(node) ? matrixBlocks(scene.seen) : []),
    ],
    commands: [
      {
        says: 'its state',
        line: clean(
          quoteAll(typedCommand(admin, queries.status, { host: ip, port: Number(port) })),
        ),
      },
      ...line(scene, 'all metadata servers', queries.metadataServers),
    ],
  });
}

/** A metalogger laid open. */
export function loggerDetails(scene: Scene, ip: string, version: string): Details {
  return details(scene, `lizardfs.logger:${ip}`, {
    title: `${scene.seen.words.title} › metalogger ${ip}`,
    state: 'connected',
    blocks: [
      facts([
        ['host', scene.seen.hostAt(ip) ?? 'none of the hosts watched'],
        ['program version', version],
      ]),
    ],
    commands: line(scene, 'all metaloggers', {
      ...queries.metadataServers,
      moose: { ...queries.metadataServers.moose, option: '-SMB' },
    }),
  });
}
