import type { Cell, Row, Tone } from '../../../core/pane.js';
import { clean, count } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { beneathShort } from '../beneath.js';
import { hookNode, memberNode, pbdNode, poolNode, srNode } from '../nodes.js';
import { shareOf } from '../rules/repositories.js';
import type { Member, Plug, PoolPicture, Repository } from '../view.js';
import { memberDetails, plugDetails, poolDetails, repositoryDetails } from './details.js';
import { isStale, memberState, plugState, toneFor, type Scene } from './scene.js';

/** All rows: each pool with its hosts, then its repositories, each with what connects it. */
export function rowsOf(scene: Scene): readonly Row[] {
  return scene.pools.flatMap((pool) => [
    poolRow(scene, pool),
    ...pool.members.map((member) => memberRow(scene, pool, member)),
    ...pool.repositories.flatMap((repository) => [
      repositoryRow(scene, pool, repository),
      ...repository.plugs.map((plug) => plugRow(scene, pool, repository, plug)),
    ]),
  ]);
}

const none: Cell = { text: '' };

/** A row's cells in the order of the columns. */
function cells(spec: {
  readonly name: string;
  readonly state: Cell;
  readonly type?: string;
  readonly space?: { readonly used: number; readonly size: number; readonly share?: number };
  readonly note?: Cell;
}): readonly Cell[] {
  const { name, state, type = '', space, note = none } = spec;
  const share = space?.share;
  return [
    { text: clean(name) },
    { ...state, text: clean(state.text) },
    { text: clean(type) },
    space ? { text: bytes(space.used), sort: space.used } : none,
    space ? { text: bytes(space.size), sort: space.size } : none,
    share === undefined ? none : { text: percent(share), sort: share, tone: fullTone(share) },
    { ...note, text: clean(note.text) },
  ];
}

function fullTone(share: number): Tone {
  if (share >= 0.99) return 'alert';
  return share >= 0.9 ? 'warning' : 'plain';
}

function poolRow(scene: Scene, pool: PoolPicture): Row {
  const { key, name, members, repositories } = pool;
  const master = members.find(({ isMaster }) => isMaster);
  const tone = toneFor(scene, [poolNode(key)], pool.pool?.kind !== 'fresh');
  return {
    id: poolNode(key),
    tone,
    cells: cells({
      name,
      state: { text: count(members.length, 'host'), tone },
      type: 'pool',
      note: {
        text: `${count(repositories.length, 'repository', 'repositories')}${master ? `, master ${master.name}` : ''}`,
        tone: 'muted',
      },
    }),
    hosts: master?.host === undefined ? [] : [master.host],
    details: () => poolDetails(scene, pool),
  };
}

function memberRow(scene: Scene, pool: PoolPicture, member: Member): Row {
  const { uuid, name, host, listed, local } = member;
  const tone = toneFor(scene, [memberNode(uuid)], pool.pool?.kind !== 'fresh');
  const version = listed?.version ?? local?.value.version ?? '';
  return {
    id: `${poolNode(pool.key)}/${uuid}`,
    depth: 1,
    tone,
    cells: cells({
      name,
      state: { text: memberState(member), tone },
      type: 'host',
      note: {
        text: host === undefined ? `${version}, not among the hosts watched` : version,
        tone: 'muted',
      },
    }),
    hosts: host === undefined ? [] : [host],
    details: () => memberDetails(scene, pool, member),
  };
}

function repositoryRow(scene: Scene, pool: PoolPicture, repository: Repository): Row {
  const { sr, label, plugs, isDefault, users } = repository;
  const attached = plugs.filter(({ pbd }) => pbd.attached).length;
  const own = [srNode(sr.uuid), ...plugs.map(({ pbd }) => pbdNode(pbd.uuid))];
  const tone = toneFor(scene, own, isStale(pool));
  const share = shareOf(repository);
  const words = [
    ...(sr.shared ? ['shared'] : []),
    ...(isDefault ? ['default'] : []),
    ...(users && users.length > 0 ? [count(users.length, 'VM')] : []),
  ];
  return {
    id: `${poolNode(pool.key)}/${sr.uuid}`,
    depth: 1,
    tone,
    cells: cells({
      name: label,
      state: { text: `${attached}/${plugs.length} attached`, tone },
      type: sr.type,
      ...(sr.size !== undefined && {
        space: { used: sr.used ?? 0, size: sr.size, ...(share !== undefined && { share }) },
      }),
      note: { text: words.join(', '), tone: 'muted' },
    }),
    hosts: plugs.flatMap(({ member }) => (member.host === undefined ? [] : [member.host])),
    metrics: [usedMetric(sr.uuid)],
    details: () => repositoryDetails(scene, pool, repository),
  };
}

/** The key of a repository's used space. */
export function usedMetric(sr: string): string {
  return `xapi.${sr}.used`;
}

function plugRow(scene: Scene, pool: PoolPicture, repository: Repository, plug: Plug): Row {
  const { pbd, member, beneath, hook } = plug;
  const { host } = member;
  const own = [
    pbdNode(pbd.uuid),
    ...(host === undefined ? [] : [hookNode(host, repository.sr.uuid)]),
  ];
  const old = isStale(pool) || (host !== undefined && member.local?.kind !== 'fresh');
  const tone = toneFor(scene, own, old);
  const hooked = hook.kind === 'lost' ? 'boot hook lost, ' : '';
  return {
    id: `${poolNode(pool.key)}/${pbd.uuid}`,
    depth: 2,
    tone,
    cells: cells({
      name: member.name,
      state: { text: plugState(repository, plug), tone },
      type: 'PBD',
      note: { text: `${hooked}${beneathShort(beneath)}`, tone: 'muted' },
    }),
    hosts: host === undefined ? [] : [host],
    details: () => plugDetails(scene, pool, repository, plug),
  };
}
