import { placeholder } from '../../../../core/secret.js';
import { writeRes, type ResEntry } from '../../../../files/drbd-res-write.js';
import type { Settings } from './answers.js';
import { NOTIFY } from './host-facts.js';

/** The name of the plan's secret. */
export const SECRET = 'shared-secret';

/** One node's part in a new resource. */
export interface ConfNode {
  readonly uname: string;
  readonly address: string;
  readonly disk: string;
  /** `internal`, or the device that has the metadata. */
  readonly metadata: string;
}

/** A new resource, whole: the same text for both nodes. */
export interface NewConf {
  readonly name: string;
  readonly minor: number;
  readonly port: number;
  readonly driver: '8.4' | '9';
  readonly nodes: readonly ConfNode[];
  readonly settings: Settings;
}

/**
 * The file of a resource as DRBD 8.4 and 9 take it (drbd.conf(5)): `protocol` belongs to `net`, volumes
 * have numbers, so that the link in /dev/drbd/by-res has one too. `fencing` moved from `disk` to `net`
 * with 9, and only 9 wants the nodes numbered.
 */
export function confText(conf: NewConf): string {
  const { name, driver, nodes, settings } = conf;
  const fencing: readonly ResEntry[] =
    settings.fencing === 'none' ? [] : [['fencing', settings.fencing]];
  const handlers = handlersOf(conf);
  const body: readonly ResEntry[] = [
    { head: ['net'], body: [...netOf(settings), ...(driver === '9' ? fencing : [])] },
    ...section('disk', driver === '9' ? [] : fencing),
    ...section('handlers', handlers),
    ...nodes.map((node, index) => nodeOf(conf, node, index)),
  ];
  return writeRes([{ head: ['resource', name], body }]);
}

function section(name: string, body: readonly ResEntry[]): readonly ResEntry[] {
  return body.length > 0 ? [{ head: [name], body }] : [];
}

function netOf(settings: Settings): readonly ResEntry[] {
  const { protocol, dualPrimary, secret } = settings;
  return [
    ['protocol', protocol],
    ...(dualPrimary ? [['allow-two-primaries', 'yes']] : []),
    ['after-sb-0pri', settings.afterSplitBrain0],
    ['after-sb-1pri', settings.afterSplitBrain1],
    ['after-sb-2pri', settings.afterSplitBrain2],
    ...(secret === 'none'
      ? []
      : [
          ['cram-hmac-alg', 'sha256'],
          ['shared-secret', placeholder(SECRET)],
        ]),
  ];
}

/** With two Primaries, the side that is to be overwritten must not be one: `drbdsetup` in its own form of each driver. */
function handlersOf({ driver, settings }: NewConf): readonly ResEntry[] {
  const { dualPrimary, notify, fencing, fenceHandler } = settings;
  const which = driver === '9' ? '$DRBD_RESOURCE' : '$DRBD_MINOR';
  const unfence = driver === '9' ? 'unfence-peer' : 'after-resync-target';
  const counterpart = fenceHandler.replace('crm-fence-peer', 'crm-unfence-peer');
  return [
    ...(dualPrimary ? [['before-resync-target', `/sbin/drbdsetup secondary ${which}`]] : []),
    ...(notify === '' ? [] : [['split-brain', `${NOTIFY} ${notify}`]]),
    ...(fencing === 'none' || fenceHandler === '' ? [] : [['fence-peer', fenceHandler]]),
    ...(fencing === 'none' || counterpart === fenceHandler ? [] : [[unfence, counterpart]]),
  ];
}

function nodeOf(conf: NewConf, node: ConfNode, index: number): ResEntry {
  const { minor, port, driver } = conf;
  const volume: ResEntry = {
    head: ['volume', '0'],
    body: [
      ['device', `/dev/drbd${minor}`, 'minor', String(minor)],
      ['disk', node.disk],
      ['meta-disk', node.metadata],
    ],
  };
  return {
    head: ['on', node.uname],
    body: [
      ...(driver === '9' ? [['node-id', String(index)]] : []),
      ['address', 'ipv4', `${node.address}:${port}`],
      volume,
    ],
  };
}
