import type { Finding } from '../../../core/finding.js';
import { groupBy } from '../../../core/group.js';
import { listed } from '../../../core/text.js';
import { hostByAddress } from '../../../core/lookup.js';
import type { Now } from '../../../core/probe.js';
import type { Picture } from '../picture.js';
import { valueOf } from '../tools/question.js';
import type { Quote } from './context.js';
import { disputedNames, nameFindings } from './names.js';

/** What should be the same everywhere and is not. */
export function agreementFindings(seen: Picture, quote: Quote): readonly Finding[] {
  return [
    ...versionsDiffer(seen, quote),
    ...masterHostDiffers(seen, quote),
    ...nameFindings(seen, quote),
  ];
}

/** Only servers are compared: clients may be older, and often are. */
function versionsDiffer(
  { cluster, metadataServers, words }: Picture,
  quote: Quote,
): readonly Finding[] {
  const servers = (cluster && valueOf(cluster.value.chunkservers)?.servers) ?? [];
  const loggers = (cluster && valueOf(cluster.value.metadataServers)?.loggers) ?? [];
  const programs = [
    ...loggers.map(({ ip, version }) => ({ name: `${ip} (metalogger)`, version })),
    ...servers.filter((s) => s.connected).map((s) => ({ name: s.address, version: s.version })),
    ...metadataServers.flatMap(({ place, version }) =>
      version === undefined || version === '0.0.0' ? [] : [{ name: place, version }],
    ),
  ];
  const byVersion = groupBy(programs, ({ version }) => version);
  if (byVersion.size < 2) return [];
  const parts = [...byVersion].map(
    ([version, list]) => `${version} on ${listed(list.map(({ name }) => name))}`,
  );
  const rare = [...byVersion.values()].toSorted((a, b) => a.length - b.length)[0] ?? [];
  return [
    {
      code: 'LIZARDFS_VERSIONS_DIFFER',
      severity: 'notice',
      title: 'versions differ',
      subject: 'servers',
      hosts: [],
      says: `The servers run different versions: ${parts.join('; ')}.`,
      means: 'That is usual in the middle of an upgrade and not meant to last.',
      todo:
        words.standby === 'metalogger'
          ? 'Finish the upgrade: the master first, then the metaloggers, then the chunkservers.'
          : 'Finish the upgrade: shadows first, then the master, then the chunkservers.',
      evidence: quote((line) => rare.some(({ name, version }) => isOf(line, name, version))),
      remedies: [],
      about: [],
    },
  ];
}

function isOf(line: string, name: string, version: string): boolean {
  const ip = /^[\d.]+/.exec(name)?.[0] ?? name;
  const words = line.split(/[ |]/);
  return words.includes(version) && words.some((word) => word === ip || word === name);
}

/**
 * Names are compared by what the hosts take them for, but for those that they take for different
 * machines: that is told of the name itself.
 */
function masterHostDiffers(seen: Picture, quote: Quote): readonly Finding[] {
  const { now, locals } = seen;
  const disputed = new Set(disputedNames(seen).map(({ name }) => name));
  const settings = locals.flatMap(({ host, value }) =>
    value.masters.map(({ host: name, from, addresses }) => ({
      host,
      name,
      from,
      target: disputed.has(name) ? name : targetOf(now, name, addresses),
    })),
  );
  const byTarget = groupBy(settings, ({ target }) => target);
  if (byTarget.size < 2) return [];
  const parts = [...byTarget.values()].map((list) => {
    const hosts = [...new Set(list.map(({ host }) => host))];
    const names = [...new Set(list.map(({ name, target }) => said(name, target)))];
    return `${listed(names)} on ${listed(hosts)} (${list[0]?.from ?? ''})`;
  });
  return [
    {
      code: 'LIZARDFS_MASTER_HOST_DIFFERS',
      severity: 'warning',
      title: 'master addresses differ',
      subject: 'MASTER_HOST',
      hosts: [...new Set(settings.map(({ host }) => host))],
      says: `The hosts do not look for the same master: ${parts.join('; ')}.`,
      means:
        'After a failover or a restart some of them go to another metadata server, or to none.',
      todo: 'Make MASTER_HOST and the name in /etc/hosts the same everywhere, and reload the chunkservers.',
      evidence: quote((line) => /^\s*(?:MASTER_HOST|mount-master)\s*=/.test(line)),
      remedies: [],
      about: [],
    },
  ];
}

function targetOf(now: Now, name: string, addresses: readonly string[]): string {
  const address = addresses[0] ?? name;
  return hostByAddress(now, address) ?? hostByAddress(now, name) ?? address;
}

function said(name: string, target: string): string {
  return name === target ? name : `${name} (${target})`;
}
