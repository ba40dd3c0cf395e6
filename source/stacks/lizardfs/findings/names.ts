import type { Finding } from '../../../core/finding.js';
import { hostNode } from '../../../core/graph.js';
import { groupBy } from '../../../core/group.js';
import type { HostName } from '../../../core/host.js';
import { hostByAddress } from '../../../core/lookup.js';
import { listed } from '../../../core/text.js';
import { mountNode } from '../nodes.js';
import type { Picture } from '../picture.js';
import type { Quote } from './context.js';

/** What one host takes a name for. */
interface Meaning {
  readonly host: HostName;
  /** The address that the resolver takes; undefined: it finds none. */
  readonly address?: string;
  /** The host of ours that it is, else the address itself; empty: none. */
  readonly target: string;
  readonly users: readonly string[];
  readonly mounts: readonly string[];
}

/** The names that hosts look for the master by, and that do not mean the same everywhere. */
export function nameFindings(seen: Picture, quote: Quote): readonly Finding[] {
  return disputedNames(seen).map(({ name, meanings }) => {
    const parts = [...groupBy(meanings, ({ address }) => address ?? '')].map(([address, those]) => {
      const hosts = listed(those.map(({ host }) => host));
      return address === '' ? `${hosts} cannot find it` : `${address} on ${hosts}`;
    });
    const targets = new Set(meanings.map(({ target }) => target));
    const [only = ''] = targets;
    // Two addresses of one machine: two networks, or a floating address and a fixed one.
    const isOne = targets.size === 1;
    return {
      code: 'LIZARDFS_MASTER_NAME_DIFFERS',
      severity: isOne ? ('notice' as const) : ('warning' as const),
      title: 'master name differs',
      subject: name,
      hosts: meanings.map(({ host }) => host),
      says: `${name} is not the same everywhere: ${parts.join('; ')}.`,
      means: isOne
        ? `All of them are ${only} now. If one wanders with the master and the other does not, they part at the next failover.`
        : `A host that takes it for another machine does not find the master, or finds another one, when it mounts, restarts or loses its connection.${concerned(meanings)}`,
      todo: `Give ${name} one address on all of them: the wizard “Name and firewall” edits /etc/hosts. What is mounted keeps the old address until it is mounted anew.`,
      evidence: quote((line) => line.split(/\s+/).includes(name)),
      remedies: ['lizardfs.name-and-firewall'],
      about: meanings.flatMap(({ host, mounts }) => [
        hostNode(host),
        ...mounts.map((point) => mountNode(host, '', point)),
      ]),
    };
  });
}

/** The names over which the hosts differ, each with what every host takes it for. */
export function disputedNames(
  seen: Picture,
): readonly { readonly name: string; readonly meanings: readonly Meaning[] }[] {
  const names = new Set(seen.locals.flatMap(({ value }) => value.names.map(({ name }) => name)));
  return [...names].flatMap((name) => {
    const meanings = meaningsOf(seen, name);
    const targets = new Set(meanings.map(({ target }) => target));
    const fixed = meanings.flatMap(({ address = '' }) => (isLoopback(address) ? [] : [address]));
    return targets.size > 1 || new Set(fixed).size > 1 ? [{ name, meanings }] : [];
  });
}

/** A host that finds nothing counts only where something looks for the name. */
function meaningsOf({ now, locals }: Picture, name: string): readonly Meaning[] {
  return locals.flatMap(({ host, value }) => {
    const found = value.names.find((one) => one.name === name);
    if (found?.addresses === undefined) return [];
    const [told] = found.addresses;
    if (told === undefined && found.users.length === 0) return [];
    const { users } = found;
    const mounts = value.mounts.map(({ mountPoint }) => mountPoint);
    if (told === undefined) return [{ host, target: '', users, mounts }];
    // On the master itself the name may well be its loopback.
    const target = isLoopback(told) ? host : (hostByAddress(now, told) ?? told);
    return [{ host, address: told, target, users, mounts }];
  });
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.');
}

function concerned(meanings: readonly Meaning[]): string {
  const users = meanings.flatMap(({ host, users: those }) =>
    those.length === 0 ? [] : [`${listed(those)} on ${host}`],
  );
  return users.length === 0 ? '' : ` By this name look ${listed(users)}.`;
}
