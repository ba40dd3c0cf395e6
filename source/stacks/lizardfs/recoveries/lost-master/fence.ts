import type { Json } from '../../../../core/json.js';
import { parseKeyValue, printKeyValue, setValue } from '../../../../files/key-value.js';
import type { Steps } from '../../../../core/plan-steps.js';
import type { AdminTool, KnownHost } from './evidence.js';
import { hiding } from './followers.js';
import { ASIDE } from './positions.js';
import { processOf, serviceWay } from './service.js';

/** The server that becomes, or is, the master. */
export interface NewMaster {
  readonly address: string;
  /** The tool of the host that has one; the fenced host's own is used if it has any. */
  readonly tool: AdminTool;
}

/** A process that hangs does not hear: it is given half a minute, and is then killed. */
const STOP = [
  'command "$@" >/dev/null 2>&1 & n=0',
  `while ps -e -o stat= -o comm= | grep -q "^[^Z]* *$P\\$"; do n=$((n+1)); [ "$n" -lt 15 ] || break; sleep 2; done`,
  `for p in $(pgrep -x "$P"); do kill -KILL "$p"; done; true`,
].join('\n');

/**
 * A host is kept from being a master: its config first, so that nothing can start it as one, then its
 * process, which may only hang and come to itself.
 */
export function fenceSteps(steps: Steps, foe: KnownHost, to: NewMaster): void {
  const edit = fencedConfig(foe, to.address);
  const admin = foe.tool ?? to.tool;
  if (edit !== undefined) {
    const title = 'fence it: it can only start as a shadow';
    steps.add(foe.name, 'lizardfs.move-edit', {
      title,
      edit,
      unless: { admin, rivals: [...foe.addresses] },
      back: { admin, shadows: [to.address] },
    });
  }
  stopSteps(steps, foe);
}

/**
 * The same for MooseFS, which has no personality: its process first, which would save its metadata
 * anew as it ends, then its metadata.
 */
export function setAsideSteps(
  steps: Steps,
  foe: KnownHost,
  more: { readonly unless?: Json; readonly back: Json },
): void {
  const into = `${ASIDE}${foe.positions.server?.version ?? 'unknown'}`;
  stopSteps(steps, foe);
  steps.add(foe.name, 'lizardfs.set-aside', { folder: foe.dataFolder, into, ...more });
}

function stopSteps(steps: Steps, foe: KnownHost): void {
  const stop = serviceWay(foe.flavour, 'master', 'stop');
  if (!stop) return;
  const name = processOf(foe.flavour, 'master');
  const gone = 'ps -e -o stat= -o comm= | grep -q "^[^Z]* *$1\\$" || echo gone';
  steps.add(foe.name, 'service.action', {
    action: 'stop',
    service: stop.service,
    argv: ['sh', '-c', STOP.replaceAll('$P', name), 'sh', ...stop.argv],
    shows: { argv: ['sh', '-c', gone, 'sh', name], expect: 'gone' },
  });
}

/** The edit that makes a shadow of it; undefined: its config is not known, or uraft decides. */
export function fencedConfig(
  { configs, personality }: KnownHost,
  master: string,
): Json | undefined {
  const config = configs.get('master');
  if (!config || personality === 'ha-cluster-managed') return undefined;
  const { path, text } = config;
  const shadow = setValue(parseKeyValue(text), 'PERSONALITY', 'shadow');
  const after = printKeyValue(setValue(shadow, 'MASTER_HOST', master));
  return after === text ? undefined : { path, before: text, after, ...hiding(text) };
}
