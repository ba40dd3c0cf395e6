import type { Json } from '../../../../core/json.js';
import { Steps } from '../../../../core/plan-steps.js';
import { SECRET_LINES } from '../../read/hidden.js';
import type { NodeDisk } from './nodes.js';

/**
 * Lets drbdadm read the new file together with all others before it takes effect: a minor, port or name
 * that another resource has breaks every command of drbdadm, for every resource. $1 the file that
 * holds the new text, $2 the resource. The includes of /etc/drbd.conf are relative to its folder.
 */
const CHECK = [
  'c=$(mktemp /etc/drbd.conf.holdfast-XXXXXX) || exit 1',
  'trap \'rm -f "$c"\' EXIT',
  '{ cat /etc/drbd.conf; printf "include \\"%s\\";\\n" "$1"; } > "$c"',
  'drbdadm -c "$c" dump "$2" >/dev/null',
].join('; ');

const ACCEPTED = 'drbdadm dump "$1" >/dev/null && echo accepted';

/** A resource on one node, with all that its steps must know. */
export interface NodeSteps {
  readonly disk: NodeDisk;
  readonly resource: string;
  readonly minor: number;
  readonly driver: '8.4' | '9';
  /** The file's text, the same on both nodes. */
  readonly text: string;
  /** What its disk is from the start: data that stays, a copy of the other side's, or nothing. */
  readonly is: 'data' | 'a copy' | 'blank';
}

/** Steps of a resource, node by node. */
export class ResourceSteps extends Steps {
  /** The volumes: made, or extended. */
  volumes({ disk, is }: NodeSteps): void {
    const { host, made, extendFrom, metadata, group, name, sizeBytes } = disk;
    const mayHold = is === 'a copy' ? is : ['drbd'];
    if (made) this.add(host.name, 'lvm.create-volume', { ...made, mayHold });
    if (extendFrom !== undefined) {
      const params = { vg: group.name, name, fromBytes: extendFrom, toBytes: sizeBytes };
      this.add(host.name, 'lvm.extend-volume', params);
    }
    if (metadata) this.add(host.name, 'lvm.create-volume', { ...metadata, mayHold: ['drbd'] });
  }

  /** The file, held against all others before it takes effect. */
  configure({ disk, resource, text }: NodeSteps): void {
    const secrets: Json = text.includes('shared-secret')
      ? { secrets: { keys: [...SECRET_LINES.keys], form: SECRET_LINES.form } }
      : {};
    this.add(disk.host.name, 'file.edit', {
      ...{ path: resFile(resource), before: null, after: text, mode: '600' },
      checker: ['sh', '-c', CHECK, 'sh', '{}', resource],
      ...secrets,
    });
  }

  /** drbdadm takes it on this node; only then may anything be written. */
  accepted({ disk, resource }: NodeSteps): void {
    this.add(disk.host.name, 'host.see-that', {
      title: 'see that drbdadm accepts it',
      on: resource,
      shows: { argv: ['sh', '-c', ACCEPTED, 'sh', resource], expect: 'accepted' },
    });
  }

  metadata(node: NodeSteps): void {
    const { backing, sizeBytes, metadata, accepted, replaces } = node.disk;
    const where = metadata ? `/dev/${metadata.vg}/${metadata.name}` : 'internal';
    // Once both nodes accept the file, not before.
    this.add(
      node.disk.host.name,
      'drbd.create-metadata',
      {
        ...side(node),
        ...{ backing, sizeBytes, metadata: where, accepted: [...accepted] },
        ...(replaces !== undefined && { replaces }),
      },
      this.ends,
    );
  }

  /** Undo takes it down only where nothing is lost by that. */
  up(node: NodeSteps): void {
    const { disk, is } = node;
    const undoneWhile = is === 'a copy' ? 'the peer has it' : disk.backing;
    const params = is === 'data' ? side(node) : { ...side(node), undoneWhile };
    this.add(disk.host.name, 'drbd.up', params);
  }

  /** Any kind of step that needs no more than the resource; `all`: it needs the last step of every node. */
  on(node: NodeSteps, kind: string, all = false): void {
    this.add(node.disk.host.name, kind, side(node), all ? this.ends : undefined);
  }

  /** The name by which it is mounted leads to it. */
  link(node: NodeSteps): void {
    const path = `/dev/drbd/by-res/${node.resource}/0`;
    this.add(node.disk.host.name, 'wait.until', {
      title: 'see that its name leads to it',
      on: path,
      shows: { argv: ['readlink', '-f', path], expect: `/dev/drbd${node.minor}` },
    });
  }
}

/** The file that a resource has to itself. */
export function resFile(resource: string): string {
  return `/etc/drbd.d/${resource}.res`;
}

function side({ resource, minor, driver }: NodeSteps) {
  return { resource, minors: [minor], driver };
}
