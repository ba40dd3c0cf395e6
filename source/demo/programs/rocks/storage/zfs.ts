import { nodeOf } from '../../../fleet/rocks/nodes.js';
import { movePaths } from '../../../fleet/rocks/storage/devices.js';
import {
  createVolume,
  datasetNamed,
  destroyDataset,
  poolOf,
  snapshotNamed,
  takeSnapshot,
} from '../../../fleet/rocks/storage/zfs.js';
import { failed, printed, readArguments, type Call, type Ran } from '../../program.js';
import { ended, type NodeCall } from './node-call.js';
import { allow } from './zfs-allow.js';
import { get, list } from './zfs-list.js';
import { receive, send } from './zfs-streams.js';

const VERBS: Readonly<Record<string, (call: NodeCall) => Ran | Promise<Ran>>> = {
  allow,
  create,
  destroy,
  get,
  list,
  receive,
  recv: receive,
  rename,
  rollback,
  send,
  snap: snapshot,
  snapshot,
};

/** Simulates zfs of OpenZFS 2.1: what the roll, its scripts and administrators ask of it. */
export function zfs(call: Call): Ran | Promise<Ran> {
  const node = nodeOf(call.fleet, call.machine);
  const [verb = '', ...args] = call.args;
  if (!node) return failed(127, 'zfs: command not found\n');
  const run = VERBS[verb];
  if (!run) return failed(2, `unrecognized command '${verb}'\n`);
  return run({ ...call, args, node });
}

/** `36gb`, `20G`, `1073741824`: bytes. */
export function sizeIn(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([bkmgt])?b?$/i.exec(text) ?? [];
  const power = ['b', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase() || 'b');
  return number === '' ? Number.NaN : Number(number) * 1024 ** power;
}

function create({ args, fleet, node }: NodeCall): Ran {
  const { flags, values, words } = readArguments(args, new Set(['-o', '-V', '-b']));
  const [name = ''] = words;
  const size = sizeIn(values.get('-V') ?? '');
  if (!(size > 0)) return failed(1, `cannot create '${name}': only volumes are simulated\n`);
  return ended(createVolume(fleet, node, name, { size, sparse: flags.has('-s') }));
}

/** `zfs destroy [-r] NAME`; the flags may follow the name, as the roll writes them. */
function destroy({ args, fleet, node }: NodeCall): Ran {
  const { flags, words } = readArguments(args);
  const letters = [...flags].join('');
  if (/[^-rfR]/.test(letters)) return failed(2, `invalid option '${letters}'\n`);
  const [name = ''] = words;
  return ended(destroyDataset(fleet, node, name, /[rR]/.test(letters)));
}

function snapshot({ args, fleet, node }: NodeCall): Ran {
  const { words } = readArguments(args);
  return ended(takeSnapshot(fleet, node, words[0] ?? ''));
}

function rename({ args, node }: NodeCall): Ran {
  const { words } = readArguments(args);
  const [from = '', to = ''] = words;
  const dataset = datasetNamed(node, from);
  const pool = poolOf(node, from);
  if (!dataset || !pool) return failed(1, `cannot open '${from}': dataset does not exist\n`);
  if (poolOf(node, to) !== pool) {
    return failed(1, `cannot rename to '${to}': datasets must be within same pool\n`);
  }
  if (datasetNamed(node, to)) {
    return failed(1, `cannot rename '${from}': dataset already exists\n`);
  }
  // It may be open, also: whoever has it open keeps it, whatever it is called.
  movePaths(node, `/dev/zvol/${from}`, `/dev/zvol/${to}`);
  pool.datasets.splice(pool.datasets.indexOf(dataset), 1, { ...dataset, name: to });
  return printed('');
}

/** Back to the newest snapshot; with `-r` to an older one, whose followers are destroyed. */
function rollback({ args, node }: NodeCall): Ran {
  const { flags, words } = readArguments(args);
  const [name = ''] = words;
  const { dataset, snapshot: to } = snapshotNamed(node, name);
  if (!dataset || !to) return failed(1, `cannot open '${name}': dataset does not exist\n`);
  const later = dataset.snapshots.slice(dataset.snapshots.indexOf(to) + 1);
  if (later.length > 0 && !flags.has('-r')) {
    const list = later.map((one) => `${dataset.name}@${one.name}\n`).join('');
    return failed(
      1,
      `cannot rollback to '${name}': more recent snapshots or bookmarks exist\nuse '-r' to force deletion of the following snapshots and bookmarks:\n${list}`,
    );
  }
  dataset.snapshots.splice(dataset.snapshots.length - later.length);
  dataset.content = to.content;
  dataset.written = 0;
  return printed('');
}
