import type { Evidence } from '../../../core/finding.js';
import type { HostName, Millis } from '../../../core/host.js';
import type { MetadataNode } from '../picture.js';
import { wordsOf, type Words } from '../words.js';

/** What a rule may lean on besides the value that it judges. */
export interface Context {
  /** The moment of judging; undefined for a captured output, whose age is not known. */
  readonly at?: Millis;
  /** The host that an address or `ip:port` belongs to. */
  readonly hostAt: (address: string) => HostName | undefined;
  /** The lines of what the hosts printed that match. */
  readonly quote: (matches: (line: string) => boolean) => readonly Evidence[];
  /** How things are called here. */
  readonly words: Words;
}

/** For a captured output alone: no hosts, no clock, and the output itself is the evidence. */
export const bareContext: Context = {
  hostAt: () => undefined,
  quote: () => [],
  words: wordsOf(undefined),
};

/** The same for a captured output of MooseFS. */
export const bareMoose: Context = { ...bareContext, words: wordsOf('mfscli') };

/** The hosts of addresses, as far as they are ours, each once. */
export function hostsAt(context: Context, addresses: readonly string[]): readonly HostName[] {
  const hosts = addresses.map((address) => context.hostAt(address));
  return [...new Set(hosts.filter((host) => host !== undefined))];
}

/** Gives the lines that prove a finding, from all that was asked. */
export type Quote = (matches: (line: string) => boolean) => readonly Evidence[];

/** The hosts of metadata servers, each once. */
export function hostsOf(nodes: readonly MetadataNode[]): readonly HostName[] {
  return [...new Set(nodes.flatMap(({ host }) => (host === undefined ? [] : [host])))];
}
