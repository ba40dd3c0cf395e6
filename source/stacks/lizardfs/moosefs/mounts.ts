import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Mount, Mounts } from '../tools/mounts.js';
import { readTables, SEPARATOR, wholeNumber, type Row } from './tables.js';

/** A genuine output: MooseFS 3.0.117. */
export const mooseMountsSample = `active mounts, parameters:|1|127.0.0.39|/srv/lab/moose/mnt|24|1|3.0.117|/|rw|yes|no|yes|0|0|-|-|-|-|-|-|000|00000000
`;

/**
 * `mfscli -SMS`: session, ip, mount point, open files, sockets, version, folder, `rw` or `ro`,
 * restricted, ignores group, admin, root's user and group, mapped user and group, then limits, which
 * differ from version to version. Mounts that have gone stand in a table of their own until their
 * session ends.
 */
export function parseMooseMounts(text: string): Parsed<Mounts> {
  const result = readTables(text, ['mounts', 'left'], 'the mounts of `mfscli -SMS`', readMount);
  return result.ok ? parsed({ mounts: result.value.flat() }, result.unread) : result;
}

function readMount({ table, fields }: Row): readonly Mount[] | undefined {
  const session = Number.parseInt(fields[0] ?? '', 10);
  const ip = fields[1] ?? '';
  if (Number.isNaN(session) || ip === '') return undefined;
  if (table === 'left') return [];
  // Mount point and folder may hold the separator: the version and the access stand between them.
  const version = fields.findIndex((field, at) => at > 4 && /^\d+\.\d+\.\d+/.test(field));
  const access = fields.findIndex((field, at) => at > version + 1 && /^r[ow]$/.test(field));
  if (version < 0 || access < 0) return undefined;
  const [restricted, ignoresGroup, admin, ...ids] = fields.slice(access + 1, access + 8);
  const [rootUid = 0, rootGid = 0, mapAllUid = 0, mapAllGid = 0] = ids.map(
    (id) => wholeNumber(id) || 0,
  );
  return [
    {
      session,
      ip,
      mountPoint: fields.slice(2, version - 2).join(SEPARATOR),
      version: fields[version] ?? '',
      rootFolder: fields.slice(version + 1, access).join(SEPARATOR),
      rootUid,
      rootGid,
      mapAllUid,
      mapAllGid,
      readOnly: fields[access] === 'ro',
      restrictedIp: restricted === 'yes',
      ignoreGid: ignoresGroup === 'yes',
      allCanChangeQuota: admin === 'yes',
      mapAll: ids[2] !== undefined && ids[2] !== '-',
    },
  ];
}
