import type { Json } from '../../../../core/json.js';
import type { Drafted } from '../../../../core/wizard.js';
import { parseKeyValue, printKeyValue, setValue, valueOf } from '../../../../files/key-value.js';
import { Steps } from '../../../../core/plan-steps.js';
import {
  basisOf,
  confirmations,
  lossesOf,
  rivalsOf,
  tell,
  waits,
  type Means,
  type MoveInput,
} from './chain.js';
import type { AdminTool, KnownHost } from './evidence.js';
import { fenceSteps } from './fence.js';
import { floatingSteps } from './floating.js';
import { follow, hiding, masterNames, type Target } from './followers.js';
import { knownHosts, type Candidate } from './judge.js';
import { planRestore } from './restore.js';
import { serviceWay } from './service.js';
import { warnings } from './warnings.js';

/**
 * The plan: first nobody else can start as master, then the shadow is promoted, and only then are the
 * others told. All that leads to the promotion is one chain, so that no order of the steps has two.
 */
export function planMove(input: MoveInput): Drafted {
  const { lost, candidate, evidence } = input;
  const { host, status } = candidate;
  const { tool } = host;
  if (candidate.from === 'metalogger') return planRestore(input);
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
      steps: stepsOf(input, { tool, target, following }, way).list,
      basis: basisOf(evidence, hosts),
      confirmations: confirmations(lost, candidate),
      loses: lossesOf(lost, candidate),
      putBack:
        'Before the promotion: the fence around the old master, and its config. After it nothing is put back: what was written since is known to the new master alone.',
      warnings: warnings(input, following),
    },
  };
}

function stepsOf({ evidence, lost, candidate }: MoveInput, means: Means, way: Json): Steps {
  const { host, address, status } = candidate;
  const { tool, target, following } = means;
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
