import type { Probe } from '../../core/probe.js';
import { ask } from '../../core/tool.js';
import { parseServerFacts, serverFactsCommand, type ServerFacts } from './read/server-facts.js';

/** What a host exports, to whom, and who is there: from files and the kernel's memory. */
export const serverProbe: Probe<ServerFacts> = {
  id: 'nfs.server',
  title: 'NFS exports and their clients',
  every: 10_000,
  scope: 'host',
  read: (host) => ask(host, { command: serverFactsCommand, parse: parseServerFacts }),
};
