import type { Finding } from '../../../core/finding.js';
import type { NodeId } from '../../../core/graph.js';
import type { Block, Cell, Details } from '../../../core/pane.js';
import { clean, count } from '../../../core/text.js';
import { bytes, percent } from '../../../core/units.js';
import { beneathWords } from '../beneath.js';
import { hookWords } from '../hook.js';
import { isOneServer, serverWords } from '../server.js';
import { hookNode, memberNode, pbdNode, poolNode, srNode } from '../nodes.js';
import { shareOf } from '../rules/repositories.js';
import type { Member, Plug, PoolPicture, Repository } from '../view.js';
import { findingsAbout, isStale, memberState, plugState, toneFor, type Scene } from './scene.js';

type Fact = readonly [label: string, value: string | Cell];

function facts(rows: readonly (Fact | undefined)[]): Block {
  const known = rows.filter((row) => row !== undefined);
  return {
    kind: 'facts',
    rows: known.map(([label, value]) => ({
      label: clean(label),
      value:
        typeof value === 'string' ? { text: clean(value) } : { ...value, text: clean(value.text) },
    })),
  };
}

/** The findings of a thing in words, each with the lines that prove it. */
function findingBlocks(found: readonly Finding[]): readonly Block[] {
  return found.flatMap(({ title, says, means, todo, evidence }): readonly Block[] => [
    { kind: 'text', label: title, text: says },
    { kind: 'text', label: 'That means', text: means },
    { kind: 'text', label: 'To do', text: todo },
    ...evidence.map(({ host, command, lines }): Block => ({
      kind: 'lines',
      label: clean(`${host}: ${command}`),
      lines: lines.map(clean),
    })),
  ]);
}

function details(
  scene: Scene,
  nodes: readonly NodeId[],
  stale: boolean,
  spec: {
    readonly title: string;
    readonly state: string;
    readonly blocks: readonly Block[];
    readonly commands: Details['commands'];
  },
): Details {
  return {
    title: clean(spec.title),
    tone: toneFor(scene, nodes, stale),
    state: clean(spec.state),
    blocks: [...spec.blocks, ...findingBlocks(findingsAbout(scene, nodes))],
    commands: spec.commands.map(({ says, line }) => ({ says, line: clean(line) })),
  };
}

/** A pool laid open. */
export function poolDetails(scene: Scene, pool: PoolPicture): Details {
  const { key, name, members, repositories } = pool;
  const entry = pool.pool?.value.pool;
  const chosen = repositories.find(({ isDefault }) => isDefault);
  return details(scene, [poolNode(key)], pool.pool?.kind !== 'fresh', {
    title: `pool ${name}`,
    state: count(members.length, 'host'),
    blocks: [
      facts([
        entry && ['UUID', entry.uuid],
        ['master', members.find(({ isMaster }) => isMaster)?.name ?? 'not known'],
        ['default repository', chosen?.label ?? 'none'],
        ['asked at', pool.storage?.host ?? 'nobody answers'],
      ]),
      {
        kind: 'table',
        label: 'Hosts',
        columns: [
          { title: 'host', min: 10, grow: 1 },
          { title: 'state', min: 11 },
          { title: 'version', min: 14, grow: 1 },
        ],
        rows: members.map((member) => [
          { text: clean(member.name) },
          { text: memberState(member) },
          { text: clean(member.listed?.version ?? '') },
        ]),
      },
    ],
    commands: [
      { says: 'the pool', line: 'xe pool-list params=all' },
      { says: 'its hosts', line: 'xe host-list params=all' },
    ],
  });
}

/** A host laid open. */
export function memberDetails(scene: Scene, pool: PoolPicture, member: Member): Details {
  const { uuid, name, host, listed, local } = member;
  const hooks = local?.value.hooks ?? [];
  return details(scene, [memberNode(uuid)], pool.pool?.kind !== 'fresh', {
    title: `host ${name}`,
    state: memberState(member),
    blocks: [
      facts([
        ['UUID', uuid],
        ['watched as', host ?? 'not among the hosts watched'],
        listed && ['address', listed.address],
        ['version', listed?.version ?? local?.value.version ?? 'not known'],
        listed && ['enabled', listed.enabled ? 'yes' : 'no'],
      ]),
      ...(hooks.length > 0
        ? [
            {
              kind: 'lines' as const,
              label: 'Start scripts, units and drivers',
              lines: hooks.map(({ kind, path, active }) =>
                clean(`${kind} ${path}${active ? '' : ' (not active)'}`),
              ),
            },
          ]
        : []),
    ],
    commands: [
      { says: 'what the pool knows of it', line: `xe host-list uuid=${uuid} params=all` },
      { says: 'its role', line: 'cat /etc/xensource/pool.conf' },
    ],
  });
}

/** A repository laid open. */
export function repositoryDetails(
  scene: Scene,
  pool: PoolPicture,
  repository: Repository,
): Details {
  const { sr, label, plugs, users, isDefault } = repository;
  const share = shareOf(repository);
  const attached = plugs.filter(({ pbd }) => pbd.attached).length;
  const nodes = [srNode(sr.uuid), ...plugs.map(({ pbd }) => pbdNode(pbd.uuid))];
  return details(scene, nodes, isStale(pool), {
    title: label,
    state: `${attached} of ${count(plugs.length, 'PBD')} attached`,
    blocks: [
      facts([
        ['UUID', sr.uuid],
        ['type', `${sr.type}${sr.contentType === '' ? '' : `, for ${sr.contentType}`}`],
        ['shared', sr.shared ? 'yes' : 'no'],
        ['default of its pool', isDefault ? 'yes' : 'no'],
        sr.size === undefined
          ? undefined
          : [
              'space used',
              `${bytes(sr.used ?? 0)} of ${bytes(sr.size)}${share === undefined ? '' : `, ${percent(share)}`}`,
            ],
      ]),
      plugTable(repository),
      ...(users && users.length > 0
        ? [
            {
              kind: 'table' as const,
              label: 'Virtual machines with disks on it',
              columns: [
                { title: 'machine', min: 16, grow: 1 },
                { title: 'state', min: 8 },
                { title: 'disks', min: 5, align: 'right' as const },
              ],
              rows: users.map(({ name, running, vdis }) => [
                { text: clean(name) },
                { text: running ? 'running' : 'halted' },
                { text: String(vdis.length), sort: vdis.length },
              ]),
            },
          ]
        : []),
    ],
    commands: [
      { says: 'the repository', line: `xe sr-list uuid=${sr.uuid} params=all` },
      { says: 'what connects it', line: `xe pbd-list sr-uuid=${sr.uuid} params=all` },
      { says: 'its disks', line: `xe vdi-list sr-uuid=${sr.uuid}` },
    ],
  });
}

function plugTable(repository: Repository): Block {
  const servers = repository.plugs.flatMap(({ server }) => (server ? [server] : []));
  const differ = !isOneServer(servers);
  return {
    kind: 'table',
    label: 'On each host',
    columns: [
      { title: 'host', min: 8, grow: 1 },
      { title: 'state', min: 13 },
      { title: 'beneath', min: 18, grow: 3, cut: 'middle' },
      ...(servers.length > 0 ? [{ title: 'server', min: 10, grow: 2 }] : []),
      { title: 'boot hook', min: 12, grow: 2, cut: 'middle' },
    ],
    rows: repository.plugs.map((plug) => {
      const { member, beneath, hook, server } = plug;
      const from = clean(server ? serverWords(server) : '');
      const state = plugState(repository, plug);
      return [
        { text: clean(member.name) },
        { text: state, tone: state === 'attached' ? 'good' : 'alert' },
        { text: clean(beneathWords(beneath)) },
        ...(servers.length > 0
          ? [{ text: from, ...(differ && { tone: 'warning' as const }) }]
          : []),
        { text: clean(hookWords(hook)), ...(hook.kind === 'lost' && { tone: 'alert' as const }) },
      ];
    }),
  };
}

/** What connects a host to a repository, laid open. */
export function plugDetails(
  scene: Scene,
  pool: PoolPicture,
  repository: Repository,
  plug: Plug,
): Details {
  const { sr, label } = repository;
  const { pbd, member, beneath, hook, server } = plug;
  const others = repository.plugs.flatMap((one) => (one.server ? [one.server] : []));
  const nodes = [
    pbdNode(pbd.uuid),
    ...(member.host === undefined ? [] : [hookNode(member.host, sr.uuid)]),
  ];
  return details(scene, nodes, isStale(pool), {
    title: `${label} on ${member.name}`,
    state: plugState(repository, plug),
    blocks: [
      facts([
        ['PBD', pbd.uuid],
        ...[...pbd.config].map(([key, value]): Fact => [key, value]),
        ['beneath', beneathWords(beneath)],
        server && [
          isOneServer(others) ? 'server' : 'server, not the same on every host',
          { text: serverWords(server), tone: isOneServer(others) ? 'plain' : 'warning' },
        ],
        sr.type === 'file' ? ['boot hook', hookWords(hook)] : undefined,
      ]),
    ],
    commands: [
      { says: 'the PBD', line: `xe pbd-list uuid=${pbd.uuid} params=all` },
      { says: 'what is mounted', line: `grep sr-mount/${sr.uuid} /proc/self/mountinfo` },
    ],
  });
}
