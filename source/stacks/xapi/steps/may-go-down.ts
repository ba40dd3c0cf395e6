import { reads, type Reader } from '../../../core/host.js';
import type { Verdict } from '../../../core/step.js';
import { listed } from '../../../core/text.js';
import { askList, listCommand } from '../probes/xe.js';
import { poolQuestions } from '../probes/pool.js';
import { FIELDS, parsePbds } from '../read/lists.js';
import { parseMinimal } from '../read/records.js';
import type { PlugParams } from './params.js';

/**
 * Whether a host of a pool may be rebooted: nothing runs on it, and all others are there with the
 * repository attached, so that there are never two away at once. `notYet`: it may.
 */
export async function mayGoDown(host: Reader, params: PlugParams): Promise<Verdict> {
  const guests = await guestsOn(host, params);
  if (guests === undefined) {
    return { kind: 'cannotTell', because: 'what runs on the host cannot be read' };
  }
  if (guests.length > 0) {
    const because = `${listed(guests)} run on it: move or shut them down first, or leave the reboot test out`;
    return { kind: 'refused', because };
  }
  const others = await othersAway(host, params);
  if (others === undefined) {
    return { kind: 'cannotTell', because: 'how the other hosts of the pool are cannot be read' };
  }
  if (others.length === 0) return { kind: 'notYet' };
  const because = `${listed(others)}: no second host is taken down before that is mended`;
  return { kind: 'refused', because };
}

async function guestsOn(host: Reader, params: PlugParams): Promise<readonly string[] | undefined> {
  const which = [`resident-on=${params.host}`, 'is-control-domain=false'];
  const argv = ['xe', 'vm-list', ...which, 'params=name-label', '--minimal'];
  const outcome = await host.run(reads(argv, 15_000));
  if (outcome.kind !== 'exited' || outcome.code !== 0) return undefined;
  return parseMinimal(outcome.stdout);
}

/** What is wrong with the other hosts, in words. */
async function othersAway(
  host: Reader,
  params: PlugParams,
): Promise<readonly string[] | undefined> {
  const plugs = {
    command: listCommand('pbd-list', FIELDS.pbds, `sr-uuid=${params.sr}`),
    parse: parsePbds,
  };
  const [members, pbds] = await Promise.all([
    askList(host, poolQuestions.hosts),
    askList(host, plugs),
  ]);
  if (members.kind !== 'value' || pbds.kind !== 'value') return undefined;
  return members.value.flatMap(({ uuid, name, live, enabled }) => {
    if (uuid === params.host) return [];
    if (live === false) return [`${name} is away`];
    if (!enabled) return [`${name} is disabled`];
    const plug = pbds.value.find((pbd) => pbd.host === uuid);
    return plug?.attached === true ? [] : [`${params.srName} is not attached on ${name}`];
  });
}
