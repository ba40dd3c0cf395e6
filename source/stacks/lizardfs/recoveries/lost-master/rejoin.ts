import { count } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { PORTS } from '../../flavour/families.js';
import { MFSCLI } from '../../tools/admin.js';
import { mastersAmong } from '../../tools/who-is-master.js';
import { Steps } from '../../../../core/plan-steps.js';
import { fenceSteps } from './fence.js';
import type { KnownHost } from './evidence.js';
import type { Aside } from './judge.js';
import { planLogger } from './rejoin-moose.js';
import { processOf, serviceWay } from './service.js';

/** $1 the folder, $2 its copy: whole, or not there under that name. */
const KEEP = 'rm -rf -- "$2.part" && cp -R -p -- "$1" "$2.part" && mv -- "$2.part" "$2"';

/** How many changes a server has on its disk that the master does not have; 0: none that are known. */
export function ahead({ version }: Aside, { positions }: KnownHost): number {
  return Math.max(0, (positions.server?.version ?? 0) - version);
}

/** A server comes back as a shadow of the master that serves. */
export function planRejoin(judged: Aside, host: KnownHost): Drafted {
  const { master, masterAddress, version } = judged;
  const { tool } = master;
  if (tool === MFSCLI) return planLogger(judged, host);
  const start = serviceWay(host.flavour, 'master', 'start');
  const stop = serviceWay(host.flavour, 'master', 'stop');
  const no = (says: string): Drafted => ({ ok: false, faults: [{ key: '', says }] });
  if (host.personality === 'ha-cluster-managed') {
    return no(`lizardfs-uraft starts ${host.name} as a shadow by itself: start that`);
  }
  if (!start || !stop)
    return no(`nothing is known on ${host.name} that starts its metadata server`);
  if (tool === undefined)
    return no(`${master.name} has no lizardfs-admin: the end could not be seen`);
  const steps = new Steps();
  fenceSteps(steps, host, { address: masterAddress, tool });
  const more = ahead(judged, host);
  const copy = `${host.dataFolder}.holdfast-${host.positions.server?.version ?? 0}`;
  if (more > 0) {
    steps.add(host.name, 'command.run', {
      title: 'keep a copy of its metadata',
      on: copy,
      argv: ['sh', '-c', KEEP, 'sh', host.dataFolder, copy],
      effect: 'changes',
      shows: { argv: ['sh', '-c', 'test -d "$1" && echo kept; true', 'sh', copy], expect: 'kept' },
    });
  }
  const name = processOf(host.flavour, 'master');
  const look = 'ps -e -o stat= -o comm= | grep -q "^[^Z]* *$1\\$" && echo runs; true';
  steps.add(host.name, 'service.action', {
    action: 'start',
    service: start.service,
    argv: [...start.argv],
    shows: { argv: ['sh', '-c', look, 'sh', name], expect: 'runs' },
    undo: { says: 'stop it again', argv: [...stop.argv] },
  });
  const server = (one: KnownHost, address: string, personality: string) => ({
    host: one.name,
    address,
    port: PORTS.client,
    personality,
  });
  const servers = [
    server(master, masterAddress, 'master'),
    server(host, host.addresses[0] ?? '', 'shadow'),
  ];
  steps.add(master.name, 'lizardfs.wait-for-masters', { admin: tool, servers }, steps.ends);
  return {
    ok: true,
    draft: {
      title: `${host.name} comes back as a shadow of ${master.name}`,
      steps: steps.list,
      basis: [
        {
          host: master.name,
          says: 'the address at which the master answers',
          argv: [...mastersAmong(tool, [masterAddress, ...host.addresses])],
          expect: masterAddress,
        },
      ],
      confirmations: [],
      loses: [],
      putBack: `The server is stopped again. Its config stays as it is while ${master.name} is the master.`,
      warnings:
        more > 0
          ? [
              `${host.name} has ${count(more, 'change')} that ${master.name} (metadata version ${version}) never got: a shadow throws them away. They stay in ${copy}.`,
            ]
          : [],
    },
  };
}
