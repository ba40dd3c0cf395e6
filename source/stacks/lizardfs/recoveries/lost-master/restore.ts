import type { Drafted } from '../../../../core/wizard.js';
import { unitOf } from '../../flavour/parse.js';
import { enable } from '../../wizards/boot.js';
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
import { setAsideSteps } from './fence.js';
import { follow, masterNames, type Target } from './followers.js';
import { knownHosts, type Candidate } from './judge.js';
import { processOf, serviceWay } from './service.js';
import { warnings } from './warnings.js';

/**
 * The plan for MooseFS, which has no shadows: the old master is fenced, and a master is made of what a
 * metalogger has. It is one chain like that of a shadow, so that no order of its steps has two.
 */
export function planRestore(input: MoveInput): Drafted {
  const { lost, candidate, evidence } = input;
  const { host, address } = candidate;
  const { tool } = host;
  const no = (says: string): Drafted => ({ ok: false, faults: [{ key: '', says }] });
  if (tool === undefined) {
    return no(`${host.name} has no mfscli: whether it became master could not be seen`);
  }
  const program = host.flavour.programs.get('mfsmaster');
  if (program === undefined) return no(`${host.name} has no mfsmaster`);
  if (!host.flavour.files.includes('/etc/mfs/mfsexports.cfg')) {
    return no(
      `${host.name} has no /etc/mfs/mfsexports.cfg: as master it would let nobody mount. Put the old master’s there first`,
    );
  }
  const hosts = knownHosts(evidence);
  const target: Target = { host, address, addresses: [address] };
  const names = masterNames(hosts);
  const following = hosts.map((one) =>
    follow(one === host ? withoutLogger(one) : one, target, names),
  );
  return {
    ok: true,
    draft: {
      title: `${host.name} becomes the master of MooseFS, of what its metalogger has`,
      steps: stepsOf(input, { tool, target, following }, program).list,
      basis: basisOf(evidence, hosts),
      confirmations: confirmations(lost, candidate),
      loses: lossesOf(lost, candidate),
      putBack:
        'Before the promotion: the metalogger, and the old master’s metadata. After it nothing is put back: what was written since is known to the new master alone.',
      warnings: [
        ...warnings(input, following),
        `The metalogger of ${host.name} is stopped: beside its own master it keeps nothing safe. Until another host has one, the metadata are on one disk alone.`,
      ],
    },
  };
}

/** Its metalogger is stopped, and follows nobody. */
function withoutLogger(host: Candidate['host']): Candidate['host'] {
  const configs = new Map([...host.configs].filter(([daemon]) => daemon !== 'metalogger'));
  return { ...host, configs };
}

function stepsOf({ evidence, lost, candidate }: MoveInput, means: Means, program: string): Steps {
  const { host, address, status } = candidate;
  const { tool, target, following } = means;
  const steps = new Steps();
  const rivals = rivalsOf(evidence, candidate);
  const back = { admin: tool, rivals: [address] };
  for (const foe of lost.foes) {
    setAsideSteps(steps, foe, { unless: { admin: foe.tool ?? tool, rivals: [address] }, back });
  }
  stopLogger(steps, candidate, steps.ends);
  const unit = unitOf(host.flavour, 'master');
  const how = { kind: 'restore', program, ...(unit && { unit: unit.name }) };
  const params = { admin: tool, rivals, address, atLeast: status.metadataVersion, how };
  steps.add(host.name, 'lizardfs.promote', params, steps.ends);
  const promoted = steps.list.at(-1)?.id ?? '';
  enable(steps, host.name, unit && !unit.enabled ? { unit: unit.name } : {});
  for (const one of following) tell(steps, one, promoted);
  waits(steps, means, candidate, target);
  return steps;
}

/** While it runs it would fetch what the new master has, and write over what it is made of. */
function stopLogger(steps: Steps, { host }: Candidate, after: readonly string[]): void {
  const stop = serviceWay(host.flavour, 'metalogger', 'stop');
  const start = serviceWay(host.flavour, 'metalogger', 'start');
  if (!stop || !start) return;
  const gone = 'ps -e -o stat= -o comm= | grep -q "^[^Z]* *$1\\$" || echo gone';
  steps.add(
    host.name,
    'service.action',
    {
      action: 'stop',
      service: stop.service,
      argv: [...stop.argv],
      shows: {
        argv: ['sh', '-c', gone, 'sh', processOf(host.flavour, 'metalogger')],
        expect: 'gone',
      },
      undo: { says: 'start it again', argv: [...start.argv] },
    },
    after,
  );
}
