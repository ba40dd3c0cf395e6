import { parsed, type Parsed } from '../../../core/parsed.js';
import { linesOf } from '../../../core/text.js';

/** The exchange over which frontend, NAS and containers call each other by their names. */
export const EXCHANGE = 'rocks.vm-manage';

/** A message queue of RabbitMQ. */
export interface Queue {
  readonly name: string;
  /** Messages that nobody took yet. */
  readonly messages: number;
  readonly consumers: number;
}

/** What RabbitMQ says of the roll's messages. */
export interface Messages {
  readonly queues: readonly Queue[];
  /** The queue that takes the messages for a host, by the host's name: its daemon is connected. */
  readonly listeners: ReadonlyMap<string, string>;
}

/** Reads `rabbitmqctl list_queues name messages consumers`. */
export function parseQueues(text: string): Parsed<readonly Queue[]> {
  const unread: string[] = [];
  const queues = linesOf(text).flatMap((line): Queue[] => {
    const [, name, messages, consumers] = /^(.+)\t(\d+)\t(\d+)$/.exec(line) ?? [];
    if (name === undefined) {
      if (!isNoise(line)) unread.push(line);
      return [];
    }
    return [{ name, messages: Number(messages), consumers: Number(consumers) }];
  });
  return parsed(queues, unread);
}

/** Reads `rabbitmqctl list_bindings source_name destination_name routing_key`: who listens to which name. */
export function parseListeners(text: string): Parsed<ReadonlyMap<string, string>> {
  const unread: string[] = [];
  const listeners = new Map<string, string>();
  for (const line of linesOf(text)) {
    const fields = line.split('\t');
    const [source, queue = '', key = ''] = fields;
    if (fields.length !== 3) {
      if (!isNoise(line)) unread.push(line);
    } else if (source === EXCHANGE) listeners.set(key, queue);
  }
  return parsed(listeners, unread);
}

/** What rabbitmqctl says around its lists, in the words of 3.x: headings and an end. */
function isNoise(line: string): boolean {
  return /^\s*$|^Listing |^\.\.\.done\.$|^Timeout: |^(?:source_)?name\t/.test(line);
}
