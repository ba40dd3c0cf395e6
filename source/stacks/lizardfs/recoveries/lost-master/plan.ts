import type { Json } from '../../../../core/json.js';
import type { Basis, Confirmation } from '../../../../core/plan.js';
import { count, grouped, listed } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { parseKeyValue, printKeyValue, setValue, valueOf } from '../../../../files/key-value.js';
import { PORTS } from '../../flavour/families.js';
import { runs } from '../../flavour/parse.js';
import { mastersAmong } from '../../tools/who-is-master.js';
import { Steps } from '../../../../core/plan-steps.js';
import type { AdminTool, Evidence, KnownHost } from './evidence.js';
import { follow, hiding, masterNames, type Following, type Target } from './followers.js';
import { behind, knownHosts, type Candidate, type Lost } from './judge.js';
import { floatingSteps } from './floating.js';
import { fencedConfig, fenceSteps } from './fence.js';
import { serviceWay } from './service.js';

/** What a plan that moves the master is made from. */
export interface MoveInput {
  readonly evidence: Evidence;
  readonly lost: Lost;
  readonly candidate: Candidate;
}

/**
 * The plan: first nobody else can start as master, then the shadow is promoted, and only then are the
 * others told. All that leads to the promotion is one chain, so that no order of the steps has two.
 */
export function planMove(input: MoveInput): Drafted {
  const { lost, candidate, evidence } = input;
  const { host, status } = candidate;
  const { tool } = host;
  const no = (says: string): Drafted => ({ ok: false, faults: [{ key: '', says }] });
  if (tool === undefined) {
    return no(`${host.name} has no lizardfs-admin: whether it became master could not be seen`);
  }
  if (status.metadataVersion === 0) {
    return no(
      `${host.name} has no metadata in its memory: it was started without a master, and its process ends when it is promoted`,
    );
  }
  if (status.status === 'connected') {
    return no(
      `${host.name} says that it is connected to a master, which was not found: look for it first`,
    );
  }
  const way = promotion(host, tool);
  if (way === undefined) return no(`${host.name}: nothing is known that has its config read again`);
  const hosts = knownHosts(evidence);
  const target = targetOf(candidate);
  const names = masterNames(hosts);
  const following = hosts.map((one) => follow(one, target, names));
  return {
    ok: true,
    draft: {
      title: `${host.name} becomes the master of LizardFS`,
      steps: stepsOf(input, { tool, way, target, following }).list,
      basis: basisOf(evidence, hosts),
      confirmations: confirmations(lost, candidate),
      loses: lossesOf(lost, candidate),
      putBack:
        'Before the promotion: the fence around the old master, and its config. After it nothing is put back: what was written since is known to the new master alone.',
      warnings: warnings(input, following),
    },
  };
}

interface Means {
  readonly tool: AdminTool;
  readonly way: Json;
  readonly target: Target;
  readonly following: readonly Following[];
}

function stepsOf({ evidence, lost, candidate }: MoveInput, means: Means): Steps {
  const { host, address, status } = candidate;
  const { tool, way, target, following } = means;
  const steps = new Steps();
  const rivals = rivalsOf(evidence, candidate);
  for (const foe of lost.foes) fenceSteps(steps, foe, { address, tool });
  const fenced = steps.ends;
  const edit = masterConfig(host);
  if (edit !== undefined) {
    const back = { admin: tool, shadows: [address] };
    const unless = { admin: tool, rivals };
    const title = 'its config says that it is the master';
    steps.add(host.name, 'lizardfs.move-edit', { title, edit, unless, back }, fenced);
  }
  const before = edit === undefined ? fenced : steps.ends;
  const params = { admin: tool, rivals, address, atLeast: status.metadataVersion, how: way };
  steps.add(host.name, 'lizardfs.promote', params, [...new Set([...fenced, ...before])]);
  const promoted = steps.list.at(-1)?.id ?? '';
  floatingSteps(steps, candidate, knownHosts(evidence), promoted);
  const told = steps.list.at(-1)?.id ?? promoted;
  for (const one of following) tell(steps, one, told);
  waits(steps, means, candidate, target);
  return steps;
}

/** A host is told where the master is now. */
function tell(steps: Steps, { host, edits, reloads }: Following, after: string): void {
  let needs = [after];
  const add = (kind: string, params: Json): void => {
    steps.add(host.name, kind, params, needs);
    needs = [steps.list.at(-1)?.id ?? after];
  };
  for (const edit of edits) {
    add('lizardfs.move-edit', { title: 'it looks for the master at its new place', edit });
  }
  for (const { service, argv, shows } of reloads) {
    add('service.action', { action: 'reload', service, argv: [...argv], shows });
  }
}

function waits(
  steps: Steps,
  { tool, following }: Means,
  { host, address }: Candidate,
  target: Target,
): void {
  const ends = steps.ends;
  const server = (name: string, at: string, personality: string) => ({
    host: name,
    address: at,
    port: PORTS.client,
    personality,
  });
  const shadows = following.flatMap(({ host: one }) =>
    one.personality === 'shadow' && one.name !== host.name && runs(one.flavour, 'master')
      ? [server(one.name, one.addresses[0] ?? '', 'shadow')]
      : [],
  );
  const servers = [server(host.name, address, 'master'), ...shadows];
  steps.add(host.name, 'lizardfs.wait-for-masters', { admin: tool, servers }, ends);
  const wanted = following
    .filter(({ host: one }) => runs(one.flavour, 'chunkserver'))
    .map(({ host: one }) => ({ host: one.name, addresses: [...one.addresses] }));
  if (wanted.length === 0) return;
  const place = { host: target.address, port: PORTS.client };
  steps.add(host.name, 'lizardfs.wait-for-chunkservers', { admin: tool, place, wanted });
}

/** How this shadow is promoted: uraft's kind by the tool, any other by its config. */
function promotion(host: KnownHost, tool: AdminTool): Json | undefined {
  const config = host.configs.get('master');
  const byTool = (command: string): Json | undefined =>
    config && { kind: 'tool', command, config: config.path };
  if (host.personality === 'ha-cluster-managed') return byTool('promote-shadow');
  if (tool !== 'lizardfs-probe' && config && hasPassword(config.text))
    return byTool('reload-config');
  const way = serviceWay(host.flavour, 'master', 'reload');
  return way && { kind: 'service', argv: [...way.argv] };
}

function hasPassword(text: string): boolean {
  const value = valueOf(parseKeyValue(text), 'ADMIN_PASSWORD');
  return value !== undefined && value !== '';
}

function masterConfig({ configs, personality }: KnownHost): Json | undefined {
  const config = configs.get('master');
  if (!config || personality === 'ha-cluster-managed') return undefined;
  const { path, text } = config;
  const after = printKeyValue(setValue(parseKeyValue(text), 'PERSONALITY', 'master'));
  return { path, before: text, after, ...hiding(text) };
}

/** Where followers find it: by the floating address if there is one. */
function targetOf({ host, address }: Candidate): Target {
  const floating = host.personality === 'ha-cluster-managed' ? host.uraft?.address : undefined;
  return {
    host,
    address: floating ?? address,
    addresses: [...new Set([...(floating === undefined ? [] : [floating]), address])],
  };
}

/** All addresses at which a metadata server was looked for, but its own. */
function rivalsOf({ told }: Evidence, { host }: Candidate): string[] {
  const all = [...new Set(told.map(({ address }) => address))];
  return all.filter((address) => !host.addresses.includes(address));
}

/** Every host that can ask must still find no master when the plan is carried out. */
function basisOf({ told }: Evidence, hosts: readonly KnownHost[]): readonly Basis[] {
  const addresses = [...new Set(told.map(({ address }) => address))];
  return hosts.flatMap(({ name, tool }) =>
    tool === undefined
      ? []
      : [
          {
            host: name,
            says: 'that no master answers',
            argv: [...mastersAmong(tool, addresses)],
            expect: '',
          },
        ],
  );
}

function confirmations(lost: Lost, candidate: Candidate): readonly Confirmation[] {
  const short = behind(lost, candidate);
  const { name } = candidate.host;
  return [
    ...lost.unseen.map((word) => ({
      word,
      accepts: `${word} could not be looked at: it is surely off, and will not start as a master. If it does, there are two, and what is written to the one does not exist in the other`,
    })),
    ...(short > 0
      ? [
          {
            word: String(short),
            accepts: `${count(short, 'change')} that ${lost.newest.host} has are lost: ${name} never got them`,
          },
        ]
      : []),
  ];
}

/** What is lost for good, from the versions that are known. */
export function lossesOf(lost: Lost, candidate: Candidate): readonly string[] {
  const short = behind(lost, candidate);
  if (short === 0) return [];
  const { newest } = lost;
  const since =
    newest.at === undefined
      ? ''
      : `, the last of them made at ${new Date(newest.at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `the newest ${grouped(short)} changes of the file system's tree, of which ${newest.host} knows (${newest.where})${since}: files made, written, renamed or deleted`,
  ];
}

function warnings(
  { lost, candidate, evidence }: MoveInput,
  following: readonly Following[],
): readonly string[] {
  const silent = evidence.hosts.flatMap((host) => (host.ok ? [] : [host]));
  const apart =
    lost.newest.host === candidate.host.name && lost.foes.every((foe) => !foe.positions.server);
  return [
    ...silent.map(
      ({ name, because }) =>
        `${name} could not be asked (${because}): its chunkserver and mounts are not told of the new master.`,
    ),
    ...(apart
      ? [
          'How far the old master had come is not known: it may have had changes that this shadow never got.',
        ]
      : []),
    ...lost.foes.flatMap((foe) =>
      fencedConfig(foe, candidate.address) === undefined && foe.personality !== 'ha-cluster-managed'
        ? [
            `${foe.name}: its config cannot be read; it is stopped, and not kept from starting as a master.`,
          ]
        : [],
    ),
    ...lost.foes.map(
      ({ name }) =>
        `${name} stays off. Bring it back as a shadow by this recovery, once ${candidate.host.name} serves.`,
    ),
    ...following.flatMap((one) => one.warnings),
    ...(lost.foes.length > 0
      ? []
      : [`The old master is not fenced: ${listed(lost.unseen)} was not reached.`]),
  ];
}
