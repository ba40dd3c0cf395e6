import type { Finding } from '../../../core/finding.js';
import { count, grouped } from '../../../core/text.js';
import { duration } from '../../../core/units.js';
import { versionMetric, type MetadataNode, type Picture } from '../picture.js';
import { isMaster } from '../tools/metadata-status.js';
import { failureOf, valueOf } from '../tools/question.js';
import { hostsOf, type Quote } from './context.js';

/** What is wrong with those that keep up with the master, and with what it keeps on disk. */
export function standbyFindings(seen: Picture, quote: Quote): readonly Finding[] {
  const { metadataServers, locals, cluster } = seen;
  if (!cluster) return [];
  const others = metadataServers.filter((node) => !isMaster(node) && isShadow(node));
  const [master, second] = metadataServers.filter(isMaster);
  const down = others.filter(({ status }) => status !== 'connected');
  const behind = others.filter(({ status }) => status === 'connected');
  const told = valueOf(cluster.value.metadataServers)?.loggers;
  const runs = locals.some(({ value }) => value.daemons.some((d) => d.endsWith('metalogger')));
  const logger = told ? told.length > 0 : runs;
  return [
    ...down.map((node) => shadowDown(node, quote)),
    ...(down.length === 0 ? unnamedShadow(seen, quote) : []),
    ...behind.flatMap((node) => shadowBehind(seen, node, quote)),
    ...(others.length === 0 && !logger && master && !second ? [noStandby(seen, master)] : []),
    ...metadataServers.flatMap((node) => unsaved(seen, node, quote)),
  ];
}

/** Whether a server is meant to stand by: a stopped one whose config says nothing is not. */
function isShadow({ personality, status }: MetadataNode): boolean {
  if (status === 'not running') return personality !== 'master';
  return personality !== 'master' || status === 'no answer';
}

function shadowDown(node: MetadataNode, quote: Quote): Finding {
  const { place, personality, status, id, failure } = node;
  const what = personality === 'unknown' ? 'metadata server' : 'shadow';
  const words: Readonly<Record<string, string>> = {
    disconnected: 'runs and has no connection to the master',
    'not running': 'is configured and does not run',
    'no answer': `does not answer: ${failure?.what ?? 'the reason is not known'}`,
  };
  return {
    code: 'LIZARDFS_SHADOW_DOWN',
    severity: 'alert',
    title: `${what} down`,
    subject: place,
    hosts: hostsOf([node]),
    says: `The ${what} ${place} ${words[status] ?? `is in the state ${status}`}.`,
    means:
      'It no longer gets the changes. If the master is lost now, what changed since is lost too.',
    todo: 'Start it, or look at its MASTER_HOST and the network to the master.',
    evidence: quote((line) => line.startsWith('shadow\t') || line.includes(place)),
    remedies: status === 'not running' ? ['lizardfs.lost-master'] : [],
    about: [id],
    explains: true,
  };
}

/**
 * The tool asks each shadow in the master's list and stops at the first that is silent, before it
 * has printed which one that is.
 */
function unnamedShadow({ cluster }: Picture, quote: Quote): readonly Finding[] {
  const list = cluster?.kind === 'fresh' ? cluster.value.metadataServers : undefined;
  const failure = list && valueOf(list) && failureOf(list);
  if (!failure) return [];
  return [
    {
      code: 'LIZARDFS_SHADOW_DOWN',
      severity: 'alert',
      title: 'shadow down',
      subject: 'a shadow',
      hosts: [],
      says: `A shadow that is connected to the master does not answer: ${failure.what}.`,
      means:
        'Whether it keeps up with the changes is not known. Shadows after it in the list were not asked.',
      todo: 'Look at the shadows one by one: `lizardfs-admin metadataserver-status HOST 9421`.',
      evidence: quote((line) => line.startsWith('Error: ')),
      remedies: [],
      about: [],
    },
  ];
}

/**
 * The shadow was asked after the master's list was made: it should know by then all of that. One that
 * moves catches up; one that stands still while it is behind never will.
 */
function shadowBehind(
  { metadataServers, now }: Picture,
  node: MetadataNode,
  quote: Quote,
): readonly Finding[] {
  const { place, metadataVersion, id } = node;
  const had = metadataServers.find(isMaster)?.listedVersion;
  if (had === undefined || metadataVersion === undefined || metadataVersion >= had) return [];
  const stands = now.paces.get(versionMetric(place)) === 0;
  return [
    {
      code: 'LIZARDFS_SHADOW_BEHIND',
      severity: stands ? 'alert' : 'warning',
      title: stands ? 'shadow stands still' : 'shadow behind',
      subject: place,
      hosts: hostsOf([node]),
      says: `The shadow ${place} is ${count(had - metadataVersion, 'change')} behind${stands ? ' and does not move' : ''}: metadata version ${metadataVersion}, the master had ${had} before.`,
      means: `If it were promoted now, ${grouped(had - metadataVersion)} of the newest changes would be missing.`,
      todo: stands
        ? 'Restart it so that it loads the metadata anew; look at its log and at the space on its disk.'
        : 'Look again: it should catch up within seconds.',
      evidence: quote(
        (line) => / (?:master|shadow) \w+ \d/.test(line) || line.startsWith('shadow\t'),
      ),
      remedies: [],
      about: [id],
      // It is asked a moment after the master and may be a few changes behind at any time.
      onlyAfter: 60_000,
    },
  ];
}

function noStandby({ words }: Picture, master: MetadataNode): Finding {
  const common = {
    severity: 'warning',
    subject: 'master',
    hosts: hostsOf([master]),
    means: 'If its disk is lost, the whole file system is lost, whatever the goals are.',
    evidence: [],
    remedies: [],
    about: [master.id],
  } as const;
  return words.standby === 'metalogger'
    ? {
        ...common,
        code: 'LIZARDFS_NO_METALOGGER',
        title: 'no metalogger',
        says: `${master.place} is the only metadata server, and no metalogger is connected to it.`,
        todo: 'Set up a metalogger on another host, or on two.',
      }
    : {
        ...common,
        code: 'LIZARDFS_NO_SHADOW',
        title: 'no shadow',
        says: `${master.place} is the only metadata server, and no metalogger runs on the hosts that are watched.`,
        todo: 'Set up a shadow on another host, or at least a metalogger.',
      };
}

/**
 * How late a save may be, in s. Monitors alarm at 45 minutes without one; all of these masters save
 * once an hour unless METADATA_SAVE_FREQ (hours, MooseFS) says otherwise, so that an age of 45 minutes
 * is seen in every hour and means nothing: the 45 minutes are counted from when it was due.
 */
const LATE = 45 * 60;
const HOUR = 3600;

function unsaved({ locals }: Picture, node: MetadataNode, quote: Quote): readonly Finding[] {
  const { place, host, id, savedSecondsAgo } = node;
  const configs = locals.find((local) => local.host === host)?.value.configs ?? [];
  const hours = configs.map(({ settings }) => Number(settings.METADATA_SAVE_FREQ ?? Number.NaN));
  const every = (hours.find((n) => n > 0) ?? 1) * HOUR;
  if (savedSecondsAgo === undefined || savedSecondsAgo < every + LATE) return [];
  return [
    {
      code: 'LIZARDFS_METADATA_UNSAVED',
      severity: 'warning',
      title: 'metadata not saved',
      subject: place,
      hosts: hostsOf([node]),
      says: `${place} wrote its metadata to disk ${duration(savedSecondsAgo)} ago; it should every ${duration(every)}.`,
      means:
        'After a crash all changes since then must be replayed from the changelogs, if those are whole.',
      todo: 'Look at the space and the errors of the disk with its data folder, and at its log.',
      evidence: quote((line) => line.startsWith('metadata servers') || line.startsWith('saved ')),
      remedies: [],
      about: [id],
    },
  ];
}
