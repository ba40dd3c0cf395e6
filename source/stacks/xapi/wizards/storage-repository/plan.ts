import type { Fault } from '../../../../core/form.js';
import { count, listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { poolQuestions } from '../../probes/pool.js';
import { plainPath } from '../../read/mount-table.js';
import type { PoolPicture, Repository } from '../../view.js';
import { chosenPool, type OurMember } from '../pools.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { SrAnswers } from './answers.js';
import type { Found } from './look.js';
import { placeAt, type Place } from './place.js';

/** The UUID that a folder's name is; undefined: it is none. */
export function uuidInPath(path: string): string | undefined {
  return /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(path)?.[0].toLowerCase();
}

/** The plan: the folder, the repository, and then each host connected and attached, the master last. */
export function plan(found: Found, answers: SrAnswers): Drafted {
  const chosen = chosenPool(found, answers.pool);
  if (typeof chosen === 'string') return { ok: false, faults: [{ key: 'pool', says: chosen }] };
  const { pool, members } = chosen;
  const location = plainPath(answers.location);
  const place = placeAt(found, members, location);
  if (!('mounts' in place)) return { ok: false, faults: place };
  const there = repositoryAt(pool, location);
  const uuid = uuidFor(found, answers, there);
  const faults = [
    ...contentFaults(place, answers, there),
    ...uuidFaults(found, pool, uuid, location),
  ];
  if (faults.length > 0) return { ok: false, faults };
  const name = there?.sr.name ?? answers.name;
  return {
    ok: true,
    draft: {
      title: `Storage repository ${name} on ${listed(members.map(({ host }) => host))}`,
      steps: stepsFor({
        place,
        members,
        uuid,
        name,
        contentType: answers.contentType,
        isThere: there !== undefined,
      }),
      basis: basisOf(pool),
      confirmations: [],
      loses: [],
      putBack: `It is detached, disconnected from ${count(members.length, 'host')} and forgotten by the pool. What lies in ${location} stays.`,
      warnings: [...warningsOf(place, answers, there), ...notJudged(found, answers, there)],
    },
  };
}

/** A repository of the pool that is in this folder already: the plan adds what it lacks. */
function repositoryAt({ repositories }: PoolPicture, location: string): Repository | undefined {
  return repositories.find(({ sr, plugs }) => {
    return (
      sr.type === 'file' &&
      plugs.some(({ pbd }) => plainPath(pbd.config.get('location') ?? '') === location)
    );
  });
}

function uuidFor(found: Found, answers: SrAnswers, there: Repository | undefined): string {
  if (there) return there.sr.uuid;
  if (answers.uuid !== '') return answers.uuid.toLowerCase();
  const named = answers.mode === 'existing' ? uuidInPath(answers.location) : undefined;
  return named ?? found.freshUuid;
}

function contentFaults(
  { folder, location }: Place,
  { mode }: SrAnswers,
  there: Repository | undefined,
): readonly Fault[] {
  if (there) return [];
  const disks = folder?.disks ?? 0;
  if (mode === 'new' && disks > 0) {
    const says = `${location} holds ${count(disks, 'disk')} already: choose an existing repository`;
    return [{ key: 'mode', says }];
  }
  if (mode === 'existing' && !folder) {
    return [{ key: 'location', says: `no host sees the folder ${location}` }];
  }
  return [];
}

function uuidFaults(
  { pools }: Found,
  pool: PoolPicture,
  uuid: string,
  location: string,
): readonly Fault[] {
  const says = pools.flatMap((one) => {
    const has = one.repositories.find(({ sr }) => sr.uuid === uuid);
    if (!has) return [];
    if (one !== pool)
      return [`${uuid} is attached in the pool ${one.name}: detach and forget it there first`];
    const elsewhere = has.plugs.find(
      ({ pbd }) => plainPath(pbd.config.get('location') ?? '') !== location,
    );
    if (!elsewhere && has.sr.type === 'file') return [];
    const where = elsewhere?.pbd.config.get('location') ?? `type ${has.sr.type}`;
    return [`${uuid} is ${has.label} of this pool, at ${where}`];
  });
  return says.map((one) => ({ key: 'uuid', says: one }));
}

function stepsFor(spec: {
  readonly place: Place;
  readonly members: readonly OurMember[];
  readonly uuid: string;
  readonly name: string;
  readonly contentType: SrAnswers['contentType'];
  readonly isThere: boolean;
}): Steps['list'] {
  const { place, members, uuid, name, contentType, isThere } = spec;
  const { location, folder } = place;
  const steps = new Steps('one by one');
  const speaker = members.find(({ isMaster }) => isMaster) ?? members[0];
  if (!speaker) return [];
  // The file system is the same everywhere, so one host makes the folder for all.
  if (!folder && !isThere) {
    steps.add(speaker.host, 'file.make-folder', { path: location, mode: '755' });
  }
  steps.add(speaker.host, 'xapi.introduce-sr', { sr: uuid, name, contentType });
  for (const { host, uuid: id } of members) {
    const plug = { sr: uuid, srName: name, host: id, location };
    steps.add(host, 'xapi.create-pbd', plug);
    steps.add(host, 'xapi.plug-pbd', plug);
  }
  return steps.list;
}

/** A host that joined or left the pool meanwhile makes the plan stale. */
function basisOf(pool: PoolPicture) {
  const from = pool.pool?.host;
  if (from === undefined) return [];
  const [xe = '', list = ''] = poolQuestions.hosts.command.argv;
  const argv = [xe, list, 'params=uuid', '--minimal'];
  const uuids = pool.pool?.value.hosts.map(({ uuid }) => uuid) ?? [];
  return [{ host: from, says: `the hosts of ${pool.name}`, argv, expect: uuids.join(',') }];
}

/** Disks that two pools attach are written by both; hosts that were not asked may be of another. */
function notJudged(
  { notAsked }: Found,
  { mode }: SrAnswers,
  there: Repository | undefined,
): readonly string[] {
  if (notAsked.length === 0 || mode === 'new' || there) return [];
  const names = notAsked.map(({ host, because }) => `${host} (${because})`);
  return [
    `Whether another pool has this repository attached could not be asked of ${listed(names)}: two pools on the same disks destroy them.`,
  ];
}

function warningsOf(
  { mounts, folder, location }: Place,
  { mode, name }: SrAnswers,
  there: Repository | undefined,
): readonly string[] {
  const sources = new Set([...mounts.values()].map(({ source }) => source));
  const different = [...mounts].map(([{ host }, { source }]) => `${source} on ${host}`);
  return [
    ...(sources.size > 1
      ? [
          `The hosts name the file system beneath differently (${different.join(', ')}): make sure that it is one and the same.`,
        ]
      : []),
    ...(mode === 'existing' && !there && folder?.disks === 0
      ? [`${location} holds no disks as the driver names them.`]
      : []),
    ...(there && there.sr.name !== name
      ? [
          `${location} is the repository ${there.label} already: it keeps its name and gets what it lacks.`,
        ]
      : []),
    'At boot the pool attaches whatever lies in the folder: set up the boot hook next.',
  ];
}
