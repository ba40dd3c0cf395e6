import { isBrokering, isListening } from '../../fleet/rocks/roll/broker.js';
import { failed, printed, readArguments, type Call, type Ran } from '../program.js';

const HEADS: Readonly<Record<string, string>> = {
  list_queues: 'Listing queues ...\n',
  list_bindings: 'Listing bindings ...\n',
};

/** Simulates rabbitmqctl 3.3: the queues and bindings of the roll's virtual host. */
export function rabbitmqctl({ args, fleet }: Call): Ran {
  const { flags, values, words } = readArguments(args, new Set(['-p', '-n', '-t']));
  const [verb = '', ...columns] = words;
  const quiet = flags.has('-q');
  const head = quiet ? '' : (HEADS[verb] ?? '');
  const foot = quiet ? '' : '...done.\n';
  if (!isBrokering(fleet)) {
    const node = `rabbit@${fleet.rocks?.frontend ?? 'localhost'}`;
    return failed(2, `Error: unable to connect to node ${node}: nodedown\n`, head);
  }
  if (HEADS[verb] === undefined) return failed(1, `Error: could not recognise command\n`);
  const vhost = values.get('-p') ?? '/';
  const daemons = (fleet.rocks?.nodes ?? []).filter((node) => isListening(fleet, node));
  const rows =
    vhost !== 'img-storage'
      ? []
      : verb === 'list_queues'
        ? [
            ...daemons.map(({ machine, daemon }) => ({
              name: queueOf(machine),
              messages: String(daemon.inbox.length),
              consumers: '1',
            })),
            ...[...(fleet.rocks?.waiting.keys() ?? [])].map((name) => {
              return { name, messages: '0', consumers: '1' };
            }),
          ]
        : daemons.map(({ machine }) => ({
            source_name: 'rocks.vm-manage',
            source_kind: 'exchange',
            destination_name: queueOf(machine),
            destination_kind: 'queue',
            routing_key: machine,
            arguments: '[]',
          }));
  const usual = verb === 'list_queues' ? ['name', 'messages'] : Object.keys(rows[0] ?? {});
  const wanted = columns.length > 0 ? columns : usual;
  const lines = rows.map((row) => {
    const known: Readonly<Record<string, string>> = row;
    return `${wanted.map((column) => known[column] ?? '').join('\t')}\n`;
  });
  return printed(`${head}${lines.join('')}${foot}`);
}

/** A daemon's queue has no name of its own: the broker gives it one. */
function queueOf(machine: string): string {
  const letters = Buffer.from(`${machine}:queue-of-the-daemon`).toString('base64url').slice(0, 22);
  return `amq.gen-${letters}`;
}
