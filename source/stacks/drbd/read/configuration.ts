import { parsed, type Parsed } from '../../../core/parsed.js';
import type { Tool } from '../../../core/tool.js';
import { confTree, find, valueOf, type Statement } from './conf-tree.js';
import { explainNotLoaded } from './drbdsetup.js';
import { showHidden } from './hidden.js';
import { eachLine } from './lines.js';

/** A volume of a resource on one host. */
export interface ConfVolume {
  readonly volume: number;
  readonly minor: number | null;
  /** The backing device, `/dev/vdb`; null when diskless or not said. */
  readonly disk: string | null;
}

/** A host's part in a resource. */
export interface ConfHost {
  /** As `uname -n` says there; null where only an address is known. */
  readonly name: string | null;
  /** `192.0.2.1:7788`, without the family; null where it is not said here. */
  readonly address: string | null;
  /** DRBD 9's number of the node; null before. */
  readonly nodeId: number | null;
  readonly volumes: readonly ConfVolume[];
}

/** A resource as the configuration files or the kernel know it. */
export interface ConfResource {
  readonly name: string;
  /** The host that was asked. In the kernel's answer it has no name. */
  readonly self: ConfHost | null;
  readonly others: readonly ConfHost[];
  readonly protocol: string | null;
  readonly allowTwoPrimaries: boolean;
}

/**
 * Reads `drbdadm dump`, whose comment `# resource r0 on fiori:` says which host was asked.
 * Source: drbd-utils' drbdadm_dump.c, and captures of 8.3-style and 8.4-style files.
 */
export function parseDump(text: string): {
  readonly value: readonly ConfResource[];
  readonly unread: readonly string[];
} {
  const own = new Map<string, string>();
  for (const line of eachLine(text)) {
    const [, resource, host] = /^# resource (\S+) on ([^\s:]+):/.exec(line) ?? [];
    if (resource !== undefined && host !== undefined) own.set(resource, host);
  }
  const { statements, loose } = confTree(text);
  const value = resourcesOf(statements).map(({ name, inside }): ConfResource => {
    const hosts = inside.flatMap((statement) => hostSection(statement, inside));
    const self = hosts.find((host) => host.name === own.get(name)) ?? null;
    return { name, self, others: hosts.filter((host) => host !== self), ...netOf(inside) };
  });
  return { value, unread: loose };
}

/**
 * Reads `drbdsetup show`: what the kernel runs with, whatever became of the files since. A
 * StandAlone resource of DRBD 8.4 shows no addresses. Source: drbd-utils' drbdsetup.c, captures.
 */
export function parseShow(text: string): Parsed<readonly ConfResource[]> {
  const { statements, loose } = confTree(text);
  const resources = resourcesOf(statements).map(({ name, inside }): ConfResource => {
    const own = find(inside, '_this_host')?.inside ?? [];
    const self: ConfHost = {
      name: null,
      address: addressOf(own),
      nodeId: numberOf(valueOf(own, 'node-id')),
      volumes: volumesOf(own, []),
    };
    return { name, self, others: shownPeers(inside), ...netOf(inside) };
  });
  return parsed(resources, loose);
}

function resourcesOf(
  statements: readonly Statement[],
): readonly { readonly name: string; readonly inside: readonly Statement[] }[] {
  return statements.flatMap(({ words: [kind, name], inside }) =>
    kind === 'resource' && name !== undefined ? [{ name, inside }] : [],
  );
}

function hostSection(section: Statement, resource: readonly Statement[]): readonly ConfHost[] {
  const [kind, ...names] = section.words;
  if (kind === 'floating') {
    return [{ ...hostOf(section.inside, resource), name: null, address: names.at(-1) ?? null }];
  }
  if (kind !== 'on' || section.inside.length === 0) return [];
  // `on fiori torchio { … }` stands for both.
  return names.map((name) => {
    const host = hostOf(section.inside, resource);
    return { ...host, name, address: host.address ?? connectionAddress(resource, name) };
  });
}

/** @param shared what stands outside of the hosts, which volumes of DRBD 9 may (drbd.conf(5)) */
function hostOf(
  inside: readonly Statement[],
  shared: readonly Statement[],
): Omit<ConfHost, 'name'> {
  return {
    address: addressOf(inside),
    nodeId: numberOf(valueOf(inside, 'node-id')),
    volumes: volumesOf(inside, shared),
  };
}

/** DRBD 9: `connection { host fiori address ipv4 192.0.2.1:7788; … }`. */
function connectionAddress(resource: readonly Statement[], name: string): string | null {
  for (const { words, inside } of resource) {
    if (words[0] !== 'connection') continue;
    const host = find([...inside, ...inside.flatMap((path) => path.inside)], 'host', name);
    if (host) return host.words.at(-1) ?? null;
  }
  return null;
}

function addressOf(inside: readonly Statement[]): string | null {
  return find(inside, 'address')?.words.at(-1) ?? null;
}

function volumesOf(
  inside: readonly Statement[],
  shared: readonly Statement[],
): readonly ConfVolume[] {
  const explicit = inside.filter(({ words }) => words[0] === 'volume');
  const common = shared.filter(({ words }) => words[0] === 'volume');
  if (explicit.length === 0 && common.length === 0) {
    return find(inside, 'device') ? [volumeOf(0, inside)] : [];
  }
  const numbers = [...new Set([...common, ...explicit].map(({ words }) => words[1]))];
  return numbers.map((number) => {
    // What a host says of a volume comes first.
    const said = [...explicit, ...common].filter(({ words }) => words[1] === number);
    return volumeOf(
      Number(number),
      said.flatMap((volume) => volume.inside),
    );
  });
}

function volumeOf(volume: number, inside: readonly Statement[]): ConfVolume {
  const device = find(inside, 'device')?.words ?? [];
  const at = device.indexOf('minor');
  const disk = valueOf(inside, 'disk');
  return {
    volume,
    minor: at < 0 ? minorOfPath(device[1]) : numberOf(device[at + 1]),
    disk: disk === undefined || disk === 'none' ? null : disk,
  };
}

function minorOfPath(path: string | undefined): number | null {
  return numberOf(/^\/dev\/drbd(\d+)$/.exec(path ?? '')?.[1]);
}

function shownPeers(inside: readonly Statement[]): readonly ConfHost[] {
  const before9 = find(inside, '_remote_host');
  if (before9) return [{ ...hostOf(before9.inside, []), name: null }];
  return inside.flatMap(({ words, inside: connection }) => {
    if (words[0] !== 'connection') return [];
    const path = find(connection, 'path')?.inside ?? [];
    const net = find(connection, 'net')?.inside ?? [];
    return [
      {
        name: valueOf(net, '_name') ?? null,
        address: find(path, '_remote_host')?.words.at(-1) ?? null,
        nodeId: numberOf(valueOf(connection, '_peer_node_id')),
        volumes: [],
      },
    ];
  });
}

function netOf(inside: readonly Statement[]): Pick<ConfResource, 'protocol' | 'allowTwoPrimaries'> {
  const nets = [inside, ...inside.map((section) => section.inside)].flatMap((section) =>
    section.flatMap(({ words, inside: net }) => (words[0] === 'net' ? net : [])),
  );
  const two = find(nets, 'allow-two-primaries');
  return {
    protocol: valueOf(nets, 'protocol') ?? valueOf(inside, 'protocol') ?? null,
    allowTwoPrimaries: two !== undefined && two.words[1] !== 'no',
  };
}

function numberOf(word: string | undefined): number | null {
  return word !== undefined && /^\d+$/.test(word) ? Number(word) : null;
}

/** `drbdsetup show` of DRBD 8.4 and 9: names, minors, disks and addresses from the kernel. */
export const show: Tool<[], readonly ConfResource[]> = {
  command: () => showHidden(),
  parse: parseShow,
  explain: explainNotLoaded,
};
