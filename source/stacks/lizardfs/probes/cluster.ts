import type { Failure } from '../../../core/failure.js';
import type { Reader } from '../../../core/host.js';
import type { Answer, Probe } from '../../../core/probe.js';
import { askAdmin, queries } from '../tools/admin.js';
import {
  failureOf,
  placeName,
  unreadOf,
  valueOf,
  type Part,
  type Place,
} from '../tools/question.js';
import type { Chunkservers } from '../tools/chunkservers.js';
import type { ChunksHealth } from '../tools/chunks-health.js';
import type { Disks } from '../tools/disks.js';
import type { Goals } from '../tools/goals.js';
import type { Info } from '../tools/info.js';
import type { MetadataServers } from '../tools/metadata-servers.js';
import { isMaster, type MetadataStatus } from '../tools/metadata-status.js';
import type { Mounts } from '../tools/mounts.js';
import { wordsOf, type Words } from '../words.js';
import { discover, isAnything, resolveAll, type Candidate } from './discover.js';

/** What the master says. */
export interface MasterAnswers {
  readonly info: Part<Info>;
  readonly chunkservers: Part<Chunkservers>;
  readonly disks: Part<Disks>;
  readonly health: Part<ChunksHealth>;
  readonly metadataServers: Part<MetadataServers>;
  readonly goals: Part<Goals>;
  readonly mounts: Part<Mounts>;
}

/** A metadata server and what it says of itself. */
export interface StatusAt extends Place {
  /** What the asking host takes the name for. */
  readonly addresses: readonly string[];
  readonly status: Part<MetadataStatus>;
}

/** The whole installation as one host sees it. */
export interface ClusterView extends MasterAnswers {
  /** The tool that asked: for the commands that are shown. */
  readonly admin: string;
  /** The master that was asked. */
  readonly master: Place;
  /**
   * Every metadata server that the host knows of. Those that are only in the master's list were
   * asked after the list came, so a shadow that keeps up has by then all that the list knew.
   */
  readonly statuses: readonly StatusAt[];
}

/** One host for all: everything that the master tells. */
export const clusterProbe: Probe<ClusterView> = {
  id: 'lizardfs.cluster',
  title: 'LizardFS master',
  every: 4000,
  scope: 'cluster',
  read,
};

/** Whether the failure of this probe is that no master answers. */
export function isNoMaster({ what }: Failure): boolean {
  return /^no \w+ master answers/.test(what);
}

/** Whether it is that only a shadow answers, which has its master elsewhere. */
export function isOnlyShadow({ what }: Failure): boolean {
  return /^only a \w+ shadow answers/.test(what);
}

async function read(host: Reader): Promise<Answer<ClusterView>> {
  const found = await discover(host);
  if ('failure' in found) return { kind: 'failed', failure: found.failure };
  const { admin, masters } = found;
  if (!isAnything(found)) return { kind: 'absent', because: 'nothing of LizardFS is on this host' };
  const [first] = masters;
  if (admin === undefined || first === undefined) {
    return {
      kind: 'absent',
      because: 'no lizardfs-admin, saunafs-admin or mfscli is on this host',
    };
  }
  const [guess, tried] = await Promise.all([
    askMaster(host, admin, first),
    askStatuses(host, admin, masters),
  ]);
  const serving = await askServing(host, admin, tried, { place: first, answers: guess });
  const [chosen] = serving.toSorted(mostBelieved);
  if (!chosen) return { kind: 'failed', failure: noMaster(host, wordsOf(admin), masters, tried) };
  const { place: master, answers } = chosen;
  const others = unasked(answers.metadataServers, master, tried);
  const statuses = [...tried, ...(await askStatuses(host, admin, others))];
  const value: ClusterView = { admin, master, ...answers, statuses };
  return { kind: 'value', value, unread: [...found.unread, ...allUnread(value)], ...partOf(value) };
}

/** All questions in one turn, so that they travel in one exec. */
async function askMaster(host: Reader, admin: string, place: Place): Promise<MasterAnswers> {
  const [info, chunkservers, disks, health, metadataServers, goals, mounts] = await Promise.all([
    askAdmin(host, admin, queries.info, place),
    askAdmin(host, admin, queries.chunkservers, place),
    askAdmin(host, admin, queries.disks, place),
    askAdmin(host, admin, queries.health, place),
    askAdmin(host, admin, queries.metadataServers, place),
    askAdmin(host, admin, queries.goals, place),
    askAdmin(host, admin, queries.mounts, place),
  ]);
  return { info, chunkservers, disks, health, metadataServers, goals, mounts };
}

async function askStatuses(
  host: Reader,
  admin: string,
  places: readonly Place[],
): Promise<readonly StatusAt[]> {
  const [addresses, statuses] = await Promise.all([
    resolveAll(
      host,
      places.map((place) => place.host),
    ),
    Promise.all(places.map((place) => askAdmin(host, admin, queries.status, place))),
  ]);
  return places.flatMap((place, index) => {
    const status = statuses[index];
    if (!status) return [];
    const { host: name, port } = place;
    return [{ host: name, port, addresses: addresses.get(name) ?? [], status }];
  });
}

/** A master that serves, and what it says. */
interface Serving {
  readonly place: Place;
  readonly answers: MasterAnswers;
  /** Undefined: tools older than the question, which is then told by whether it answers at all. */
  readonly metadataVersion?: number;
}

/** All that say they serve; where none could be asked that, the first place, if it answers as a master does. */
async function askServing(
  host: Reader,
  admin: string,
  tried: readonly StatusAt[],
  guess: Serving,
): Promise<readonly Serving[]> {
  const masters = tried.flatMap(({ status, ...at }) => {
    const told = valueOf(status);
    return told && isMaster(told) ? [{ at, metadataVersion: told.metadataVersion }] : [];
  });
  if (masters.length === 0) return failureOf(guess.answers.chunkservers) ? [] : [guess];
  return Promise.all(
    masters.map(async ({ at: { host: name, port }, metadataVersion }) => {
      const place = { host: name, port };
      const asked = same(place, guess.place);
      const answers = asked ? guess.answers : await askMaster(host, admin, place);
      return { place, answers, metadataVersion };
    }),
  );
}

/**
 * The master to believe first: the one that most chunkservers have joined, since only it can tell
 * how the data is (to an old master that came back all servers are gone, however much its metadata
 * has seen); of two with as many, the one whose metadata has seen more.
 */
function mostBelieved(a: Serving, b: Serving): number {
  return connectedTo(b) - connectedTo(a) || (b.metadataVersion ?? 0) - (a.metadataVersion ?? 0);
}

function connectedTo({ answers }: Serving): number {
  const servers = valueOf(answers.chunkservers)?.servers ?? [];
  return servers.filter(({ connected }) => connected).length;
}

function same(a: Place, b: Place): boolean {
  return a.host === b.host && a.port === b.port;
}

/** The metadata servers of the list that have not been asked yet. */
function unasked(
  list: Part<MetadataServers>,
  master: Place,
  tried: readonly StatusAt[],
): readonly Place[] {
  return (valueOf(list)?.servers ?? [])
    .filter(({ personality }) => personality !== 'master')
    .map(({ ip, port = master.port }) => ({ host: ip, port }))
    .filter(({ port }) => port > 0)
    .filter((place) => !tried.some((at) => same(at, place)));
}

function noMaster(
  host: Reader,
  { title, masterUnit }: Words,
  masters: readonly Candidate[],
  tried: readonly StatusAt[],
): Failure {
  const said = tried.map(({ status, ...place }, index) => {
    const from = masters[index]?.from ?? '';
    return `${placeName(place)} (${from}): ${sayStatus(status)}.`;
  });
  const shadow = tried.some(({ status }) => valueOf(status)?.status === 'connected');
  const names = tried.map(placeName).join(', ');
  return {
    what: `${shadow ? `only a ${title} shadow` : `no ${title} master`} answers at ${names}`,
    where: host.name,
    means: said.join(' '),
    todo: shadow
      ? 'The master lives elsewhere: correct MASTER_HOST here, or add the master to the hosts.'
      : `Look at the metadata server on its host before anything is promoted: \`systemctl status ${masterUnit}\`.`,
  };
}

function sayStatus(part: Part<MetadataStatus>): string {
  if (!('value' in part)) return part.failure.what;
  const { personality, status, metadataVersion } = part.value;
  return `${personality}, ${status}, metadata version ${metadataVersion}`;
}

/** The parts of the master's answer with their names. */
export function partsOf(view: MasterAnswers): readonly (readonly [string, Part<unknown>])[] {
  return [
    ['info', view.info],
    ['list-chunkservers', view.chunkservers],
    ['list-disks', view.disks],
    ['chunks-health', view.health],
    ['list-metadataservers', view.metadataServers],
    ['list-goals', view.goals],
    ['list-mounts', view.mounts],
  ];
}

function allUnread(view: ClusterView): readonly string[] {
  const parts = [...partsOf(view).map(([, part]) => part), ...view.statuses.map((at) => at.status)];
  // One run of mfscli answers several questions, and each sees what none understands.
  return [...new Set(parts.flatMap((part) => unreadOf(part)))];
}

/** Why the value is only a part: the first of the questions that did not come to its end. */
function partOf(view: ClusterView): { readonly partial?: Failure } {
  const broken = partsOf(view).flatMap(([name, part]) => {
    const failure = failureOf(part);
    return failure ? [{ name, failure }] : [];
  });
  const [first] = broken;
  if (!first) return {};
  const what = `${broken.map(({ name }) => name).join(', ')}: ${first.failure.what}`;
  return { partial: { ...first.failure, what } };
}
