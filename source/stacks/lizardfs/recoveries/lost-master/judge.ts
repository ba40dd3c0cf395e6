import type { HostName } from '../../../../core/host.js';
import { listed } from '../../../../core/text.js';
import { MFSCLI } from '../../tools/admin.js';
import type { MetadataStatus } from '../../tools/metadata-status.js';
import { runs } from '../../flavour/parse.js';
import type { Evidence, KnownHost } from './evidence.js';

/** A shadow that could become the master; of MooseFS a metalogger whose files one can be made of. */
export interface Candidate {
  readonly host: KnownHost;
  readonly from: 'shadow' | 'metalogger';
  /** Of a metalogger: what its files tell. */
  readonly status: MetadataStatus;
  /** Where it answers. */
  readonly address: string;
}

/** The newest metadata of which anybody knows. */
export interface Newest {
  readonly version: number;
  readonly host: HostName;
  /** `in its memory`, or the file that tells it. */
  readonly where: string;
  /** When the change was made, unix seconds, where that is known. */
  readonly at?: number;
}

/** A cluster without a master. */
export interface Lost {
  readonly kind: 'lost';
  readonly candidates: readonly Candidate[];
  /** Hosts that would be a master when their server starts, or whose server hangs. */
  readonly foes: readonly KnownHost[];
  /** Names or addresses behind which the old master may live and which cannot be looked at. */
  readonly unseen: readonly string[];
  readonly newest: Newest;
}

/** A master serves, and a server stands aside that must come back as its shadow. */
export interface Aside {
  readonly kind: 'aside';
  readonly master: KnownHost;
  readonly masterAddress: string;
  readonly version: number;
  readonly aside: readonly KnownHost[];
}

/** What the trouble is. */
export type Judged =
  | Lost
  | Aside
  | {
      readonly kind: 'near miss';
      readonly verdict: string;
      readonly happened: string;
      readonly todo: string;
    };

/** Judges the evidence of all hosts. Pure. */
export function judge(evidence: Evidence): Judged {
  const known = knownHosts(evidence);
  const silent = evidence.hosts.filter(({ ok }) => !ok).map(({ name }) => name);
  const servers = known.filter(({ personality }) => personality !== undefined);
  if (evidence.told.length === 0) {
    return miss(
      'not known',
      `No host that answered has lizardfs-admin (mfscli of MooseFS), or none knows where a metadata server is.${unheard(silent)}`,
      'Install the administration tool on a metadata server: without it nobody can tell whether a master lives.',
    );
  }
  const masters = [
    ...new Set(
      evidence.told.flatMap(({ address, status }) =>
        status?.personality === 'master' ? [address] : [],
      ),
    ),
  ];
  const moose = known.some(({ tool }) => tool === MFSCLI);
  if (masters.length > 0) {
    return withMaster(evidence, masters, servers, moose ? standby(known) : undefined);
  }
  const electing = known.filter(({ uraft }) => uraft?.running === true).map(({ name }) => name);
  if (electing.length > 0) {
    return miss(
      'uraft elects',
      `No master answers, and lizardfs-uraft runs on ${listed(electing)}: it chooses the master by itself.`,
      'Bring back enough of its nodes for a majority. Only with lizardfs-uraft stopped on all of them is a shadow promoted by hand.',
    );
  }
  const candidates = moose
    ? known.flatMap(fromMetalogger)
    : servers.flatMap((host) => candidate(evidence, host));
  if (moose && candidates.length === 0) {
    return miss(
      'no metalogger',
      `No master answers, and no host that has the master's program has the files of a metalogger.${unheard(silent)}`,
      'Bring the old master back on its own host: `mfsmaster -a` puts its metadata together from its change logs. If its disk is lost and a metalogger has files, install the master there.',
    );
  }
  if (candidates.length === 0) {
    return miss(
      'no shadow',
      `No master answers, and no shadow does.${unheard(silent)}`,
      'Bring the old master back: `mfsmetarestore -a` puts its metadata together from its change logs. If its disk is lost, the files of a metalogger are put in its place first.',
    );
  }
  const foes = servers.filter(
    (host) => !candidates.some((one) => one.host === host) && host.personality !== 'shadow',
  );
  return {
    kind: 'lost',
    candidates,
    foes,
    unseen: foes.length > 0 ? [] : unseen(known, silent),
    newest: newestOf(known, candidates),
  };
}

/** The hosts that answered. */
export function knownHosts({ hosts }: Evidence): readonly KnownHost[] {
  return hosts.flatMap((host) => (host.ok ? [host] : []));
}

/** How a host's own metadata server stands, whoever was told; undefined: it does not answer. */
export function statusOf(
  { told }: Evidence,
  { addresses }: KnownHost,
): Pick<Candidate, 'status' | 'address'> | undefined {
  const found = told.find(({ address, status }) => status && addresses.includes(address));
  return found?.status && { status: found.status, address: found.address };
}

/** By how many changes a shadow is behind the newest that is known. */
export function behind({ newest }: Lost, { status }: Candidate): number {
  return Math.max(0, newest.version - status.metadataVersion);
}

function candidate(evidence: Evidence, host: KnownHost): readonly Candidate[] {
  const found = statusOf(evidence, host);
  return found?.status.personality === 'shadow' ? [{ host, from: 'shadow', ...found }] : [];
}

function withMaster(
  evidence: Evidence,
  masters: readonly string[],
  servers: readonly KnownHost[],
  others?: readonly KnownHost[],
): Judged {
  const hostAt = (address: string) => servers.find(({ addresses }) => addresses.includes(address));
  const names = [...new Set(masters.map((address) => hostAt(address)?.name ?? address))];
  const [address = ''] = masters;
  const master = hostAt(address);
  if (names.length > 1) {
    return miss(
      'two masters',
      `${listed(names)} serve as master at once.`,
      'Nothing is promoted. Find out which of them chunkservers and mounts use, stop the other before anything more is written to it, and keep its data folder; then come back here.',
    );
  }
  const status = master && statusOf(evidence, master)?.status;
  const apart = others ?? servers.filter((host) => !statusOf(evidence, host));
  const aside = apart.filter((host) => host !== master);
  if (!master || !status || aside.length === 0) {
    return miss(
      'a master answers',
      `${names[0] ?? address} serves as master (${address}): no shadow is promoted beside it.`,
      'If it answers slowly, look at its host. To move the master on purpose, stop it first.',
    );
  }
  const { metadataVersion: version } = status;
  return { kind: 'aside', master, masterAddress: address, version, aside };
}

/**
 * MooseFS (without shadows, which only PRO has): a metalogger has all that a master needs, if it was
 * there from the beginning, and if no master's metadata lies beside it, from which it would start.
 */
function fromMetalogger(host: KnownHost): readonly Candidate[] {
  const { flavour, positions, addresses } = host;
  const { metalogger, loggerFiles, serverFiles } = positions;
  const [address] = addresses;
  const able = flavour.programs.has('mfsmaster') && serverFiles.length === 0;
  if (!metalogger || loggerFiles.length === 0 || !able || address === undefined) return [];
  const { version: metadataVersion } = metalogger;
  const status = { personality: 'metalogger', status: 'disconnected', metadataVersion };
  return [{ host, from: 'metalogger', status, address }];
}

/** Hosts of MooseFS that have, or had, a master's metadata, and on which no daemon of it runs. */
function standby(known: readonly KnownHost[]): readonly KnownHost[] {
  return known.filter(({ flavour, positions: { serverFiles, asides } }) => {
    const busy = runs(flavour, 'master') || runs(flavour, 'metalogger');
    return serverFiles.length > 0 ? !runs(flavour, 'master') : asides.length > 0 && !busy;
  });
}

/** Where the old master may be, if no host that answered was it. */
function unseen(known: readonly KnownHost[], silent: readonly HostName[]): readonly string[] {
  if (silent.length > 0) return silent;
  const ours = new Set(known.flatMap(({ addresses }) => addresses));
  const sought = known.flatMap(({ names }) => [...names.values()].flat());
  const away = sought.filter((address) => !ours.has(address) && !address.startsWith('127.'));
  return away.length > 0 ? [...new Set(away)] : ['old-master'];
}

function newestOf(known: readonly KnownHost[], candidates: readonly Candidate[]): Newest {
  const found = [
    ...candidates.flatMap(({ host, status, from }): Newest[] => {
      // What a metalogger has is told by its files, below.
      if (from === 'metalogger') return [];
      const { server } = host.positions;
      const same = server?.version === status.metadataVersion ? server.at : undefined;
      return [
        {
          version: status.metadataVersion,
          host: host.name,
          where: 'in its memory',
          ...(same !== undefined && { at: same }),
        },
      ];
    }),
    ...known.flatMap(({ name, positions: { server, metalogger } }) =>
      [server, metalogger].flatMap((one): Newest[] =>
        one ? [{ version: one.version, host: name, where: one.file, at: one.at }] : [],
      ),
    ),
  ];
  const [first, ...rest] = found;
  if (!first) throw new RangeError('nobody knows of any metadata');
  return rest.reduce((best, one) => (one.version > best.version ? one : best), first);
}

function unheard(silent: readonly string[]): string {
  return silent.length > 0 ? ` ${listed(silent)} could not be asked.` : '';
}

function miss(verdict: string, happened: string, todo: string): Judged {
  return { kind: 'near miss', verdict, happened, todo };
}
