import { machineNamed } from '../../../fleet/state.js';
import { receiveOver } from '../../../fleet/rocks/storage/transfers.js';
import { sendStream, type Stream } from '../../../fleet/rocks/storage/streams.js';
import { failed, printed, readArguments, type Ran } from '../../program.js';
import { grouped } from './zfs-list.js';
import { ended, type NodeCall } from './zfs.js';

/** How a simulated stream begins; what follows is what it is of, as JSON. */
const HEAD = 'ZFS-STREAM ';

/** `zfs send [-n -v -P] [-i|-I BASE] NAME@TAG`. */
export function send({ args, node, machine }: NodeCall): Ran {
  const { flags, values, words } = readArguments(grouped(args), new Set(['-i', '-I']));
  const [name = ''] = words;
  const all = values.get('-I');
  const base = all ?? values.get('-i');
  const stream = sendStream(
    node,
    name,
    base === undefined ? undefined : { name: base, all: all !== undefined },
  );
  if (typeof stream === 'string') return failed(1, stream);
  if (flags.has('-n')) {
    const kind = base === undefined ? 'full' : 'incremental';
    const from = base === undefined ? '' : `${base.split('@').at(-1) ?? ''}\t`;
    return printed(`${kind}\t${from}${name}\t${stream.bytes}\nsize\t${stream.bytes}\n`);
  }
  const from = `${machine.name}:${name.split('@')[0] ?? ''}`;
  return printed(`${HEAD}${JSON.stringify({ ...stream, from })}\n`);
}

/** `zfs receive [-F] NAME`: the stream takes its time, and is there as a whole or not at all. */
export function receive(call: NodeCall): Ran | Promise<Ran> {
  const { args, fleet, machine, node, input, signal } = call;
  const { flags, words } = readArguments(grouped(args));
  const [name = ''] = words;
  if (!input.startsWith(HEAD)) return failed(1, 'cannot receive: failed to read from stream\n');
  const stream = readStream(input.slice(HEAD.length));
  const [source = ''] = stream.from.split(':');
  const lives = () =>
    !signal.aborted &&
    machine.reach === 'up' &&
    (machineNamed(fleet, source)?.reach ?? 'up') === 'up';
  return new Promise((resolve) => {
    const given = { stream, force: flags.has('-F'), from: stream.from, lives };
    receiveOver(fleet, node, name, given, (refused) => resolve(ended(refused)));
  });
}

/** What `send` wrote; the demo reads nothing that another wrote. */
function readStream(text: string): Stream & { readonly from: string } {
  const known: unknown = JSON.parse(text);
  if (!isStream(known)) throw new TypeError('not a stream of the demo');
  return known;
}

function isStream(value: unknown): value is Stream & { readonly from: string } {
  return typeof value === 'object' && value !== null && 'snapshots' in value && 'from' in value;
}
