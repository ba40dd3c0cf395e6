import { count } from '../../../../core/text.js';
import type { Drafted } from '../../../../core/wizard.js';
import { PORTS } from '../../flavour/families.js';
import { mastersAmong } from '../../tools/who-is-master.js';
import { Steps } from '../../../../core/plan-steps.js';
import { masterHostOf, type KnownHost } from './evidence.js';
import { setAsideSteps } from './fence.js';
import { connectedTo } from './followers.js';
import type { Aside } from './judge.js';
import { serviceWay } from './service.js';

/**
 * A former master of MooseFS comes back as a metalogger. Its metadata stays in its folder, aside: it may
 * hold changes that the new master never got.
 */
export function planLogger(judged: Aside, host: KnownHost): Drafted {
  const { master, masterAddress } = judged;
  const { tool } = master;
  const no = (says: string): Drafted => ({ ok: false, faults: [{ key: '', says }] });
  if (tool === undefined) return no(`${master.name} has no mfscli: the end could not be seen`);
  const start = serviceWay(host.flavour, 'metalogger', 'start');
  const stop = serviceWay(host.flavour, 'metalogger', 'stop');
  const lost = strayed(host, masterAddress);
  if (start && lost !== undefined) return no(lost);
  const steps = new Steps();
  const more = Math.max(0, (host.positions.server?.version ?? 0) - judged.version);
  if (host.positions.serverFiles.length > 0) {
    setAsideSteps(steps, host, { back: { admin: tool, rivals: [masterAddress] } });
  }
  if (start && stop) {
    steps.add(host.name, 'service.action', {
      action: 'start',
      service: start.service,
      argv: [...start.argv],
      shows: connectedTo([masterAddress], PORTS.metalogger),
      undo: { says: 'stop it again', argv: [...stop.argv] },
    });
  }
  if (steps.list.length === 0) return no(`${host.name} has no mfsmetalogger: install it there`);
  return {
    ok: true,
    draft: {
      title: start
        ? `${host.name} comes back as a metalogger of ${master.name}`
        : `${host.name} is kept from being a second master`,
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
      putBack: `The metalogger is stopped again. The metadata stays aside while ${master.name} is the master.`,
      warnings: [
        ...(more > 0
          ? [
              `${host.name} has ${count(more, 'change')} that ${master.name} never got. They stay in ${host.dataFolder}, set aside.`,
            ]
          : []),
        ...(start
          ? []
          : [
              `${host.name} has no mfsmetalogger: no metalogger is started. Install it to have one.`,
            ]),
      ],
    },
  };
}

/** Where its metalogger would look, if not at the master. */
function strayed({ name, configs, names }: KnownHost, masterAddress: string): string | undefined {
  const sought = masterHostOf(configs.get('metalogger')?.text ?? '', 'mfs');
  const means = names.get(sought);
  if (means === undefined || means.includes(masterAddress)) return undefined;
  return `${name}: its metalogger looks for the master at ${sought}, which means ${means.join(' ') || 'nothing'} there: change that first, by lizardfs.name-and-firewall`;
}
