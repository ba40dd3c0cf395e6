import type { Refusal } from '../../../fleet/drbd/roles.js';
import { connect, demote, disconnect, promote } from '../../../fleet/nine/changes.js';
import { attach, bringUp, createMetadata, detach, takeDown } from '../../../fleet/nine/disk.js';
import {
  endTo,
  nineOf,
  nodeOn,
  peersOf,
  type Node9,
  type Resource9,
} from '../../../fleet/nine/state.js';
import { failed, joined, printed, type Call, type Ran } from '../../program.js';
import { replication, statusJson } from './json.js';
import { dumpText, generationLine, showText, statusText } from './text.js';

/** A resource and its node on the machine that is asked. */
interface Local9 {
  readonly resource: Resource9;
  readonly node: Node9;
}

function localsOf({ fleet, machine }: Call): readonly Local9[] {
  return (nineOf(fleet)?.resources ?? []).flatMap((resource) => {
    const node = nodeOn(resource, machine.name);
    return node ? [{ resource, node }] : [];
  });
}

/** Simulates drbdsetup of drbd-utils 9.22 with a kernel of DRBD 9. */
export function drbdsetup9(call: Call): Ran {
  const [command = '', ...rest] = call.args;
  const words = rest.filter((word) => !word.startsWith('-'));
  const [name] = words;
  const all = localsOf(call).filter(({ node }) => node.up);
  const wanted = all.filter(({ resource }) => name === undefined || resource.name === name);
  if (name !== undefined && wanted.length === 0) return failed(10, `${name}: No such resource\n`);
  switch (command) {
    case 'status':
      return rest.includes('--json')
        ? printed(statusJson(wanted.map(({ resource, node }) => [resource, node])))
        : printed(wanted.map(({ resource, node }) => statusText(resource, node)).join(''));
    case 'show':
      return printed(
        wanted.map(({ resource, node }) => showText(call.fleet, resource, node)).join(''),
      );
    case 'get-gi': {
      const [local] = wanted;
      const peer =
        local && peersOf(local.resource, local.node).find(({ id }) => String(id) === words[1]);
      if (!local || !peer) return failed(10, `${name ?? ''}: unknown peer\n`);
      if (local.node.disk === 'Diskless') {
        return failed(1, 'Device has no disk\n');
      }
      return printed(generationLine(local.node, peer));
    }
    default:
      return failed(20, `drbdsetup: ${command}: not simulated for DRBD 9\n`);
  }
}

/** Simulates drbdadm of drbd-utils 9.22 with a kernel of DRBD 9. */
export function drbdadm9(call: Call): Ran {
  const [command = '', ...rest] = call.args;
  if (command === '--version' || command === '-V') {
    return printed(
      'DRBDADM_API_VERSION=2\nDRBD_KERNEL_VERSION_CODE=0x090209\nDRBD_KERNEL_VERSION=9.2.9\nDRBDADM_VERSION_CODE=0x091600\nDRBDADM_VERSION=9.22.0\n',
    );
  }
  const options = rest.filter((word) => word.startsWith('-'));
  const [name = 'all'] = rest.filter((word) => !word.startsWith('-'));
  const all = localsOf(call);
  if (command === 'sh-resources') {
    return printed(`${all.map(({ resource }) => resource.name).join(' ')}\n`);
  }
  const [, wantedName = '', peerName] = /^([^:/]+)(?::([^/]+))?(?:\/\d+)?$/.exec(name) ?? [];
  const wanted = all.filter(({ resource }) => name === 'all' || resource.name === wantedName);
  if (wanted.length === 0)
    return failed(1, `'${name}' not defined in your config (for this host).\n`);
  return joined(wanted.map((local) => one(call, local, command, { options, peerName })));
}

interface Asked {
  readonly options: readonly string[];
  readonly peerName: string | undefined;
}

function one(call: Call, local: Local9, command: string, { options, peerName }: Asked): Ran {
  const { fleet } = call;
  const { resource, node } = local;
  const peers = peersOf(resource, node).filter(
    ({ machine }) => peerName === undefined || machine === peerName,
  );
  if (peers.length === 0) return failed(1, `'${peerName ?? ''}' is no peer of ${resource.name}\n`);
  switch (command) {
    case 'status':
      return node.up
        ? printed(statusText(resource, node))
        : failed(10, `# No currently configured DRBD found.\n${resource.name}: No such resource\n`);
    case 'dump':
      return printed(dumpText(fleet, resource, node));
    case 'sh-minor':
      return printed(`${resource.minor}\n`);
    case 'sh-dev':
      return printed(`/dev/drbd${resource.minor}\n`);
    case 'role':
      return printed(`${node.role}\n`);
    case 'cstate':
      return printed(peers.map((peer) => `${endTo(node, peer).connection}\n`).join(''));
    case 'get-gi':
      return printed(peers.map((peer) => generationLine(node, peer)).join(''));
    case 'up':
      bringUp(fleet, resource, node);
      return printed('');
    case 'down':
      takeDown(fleet, resource, node);
      return printed('');
    case 'detach':
      detach(node);
      return printed('');
    case 'attach':
      attach(fleet, resource, node);
      return printed('');
    case 'create-md':
      createMetadata(fleet, resource, node);
      return printed('');
    case 'dstate':
      return printed(
        `${[node.disk, ...peersOf(resource, node).map((peer) => replication(resource, node, peer).peerDisk)].join('/')}\n`,
      );
    case 'primary':
      return refused(resource, promote(fleet, resource, node));
    case 'secondary':
      return refused(resource, demote(fleet, resource, node));
    case 'disconnect':
      for (const peer of peers) disconnect(fleet, resource, node, peer);
      return printed('');
    case 'connect': {
      const discards = options.includes('--discard-my-data');
      const refusals = peers.map((peer) => connect(fleet, resource, node, peer, discards));
      return refused(
        resource,
        refusals.find((refusal) => refusal !== undefined),
      );
    }
    default:
      return failed(1, `drbdadm: Unknown command '${command}'\n`);
  }
}

function refused({ name }: Resource9, refusal: Refusal | undefined): Ran {
  if (!refusal) return printed('');
  const what = refusal.exit === 10 ? 'Failure' : 'State change failed';
  return failed(refusal.exit, `${name}: ${what}: ${refusal.says}\n`);
}
